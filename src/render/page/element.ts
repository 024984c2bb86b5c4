import type { PageDocument, PageElement } from './dom.js';

/** Makes an element with a text; texts are never read as HTML. */
export function element(document: PageDocument, tag: string, className: string, text: string): PageElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}
