import { visible } from './plain-text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text of somebody else's between tags or in a quoted attribute; what does not show is written out. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (found) => ENTITIES[found] ?? '');
}

/** Data in a script element: nothing in it can end the element, begin a comment or be a line end to a script. */
export function embedded(data: unknown): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (found) => {
    return `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
