export type { HtmlOptions } from './html.js';
export { renderHtml } from './html.js';
export { renderMermaid } from './mermaid.js';
export type { TreeOptions } from './tree.js';
export { renderTree } from './tree.js';
