export type { HtmlOptions } from './html.js';
export { renderHtml } from './html.js';
export { renderMermaid } from './mermaid.js';
export type { Subject } from './picture.js';
export type { TreeOptions } from './tree.js';
export { renderTree } from './tree.js';
