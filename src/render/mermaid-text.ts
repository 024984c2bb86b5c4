import { oneLine, shorten } from './plain-text.js';

/** All but letters, digits, blanks, and lines inside a word. */
const MEANINGFUL = /[^\p{L}\p{N} _-]|(?<![\p{L}\p{N}])[-_]|[-_](?![\p{L}\p{N}])/gu;
/** The word that ends a block, wherever it stands in a label. */
const END = /\b(e)(?=nd\b)/gi;

/**
 * A text of somebody else's for a quoted label: everything that is not plain is written as a number, so that quotes,
 * brackets, backticks, Markdown, HTML, icons, links and directives are only what they look like.
 */
export function mermaidText(text: string, longest: number): string {
  return shorten(oneLine(text), longest).replace(MEANINGFUL, numbered).replace(END, numbered);
}

/** A text for the diagram's title, where numbers are not understood: what is not plain is left out. */
export function mermaidTitle(text: string): string {
  return JSON.stringify(oneLine(text).replace(/[^\p{L}\p{N} _.,:()·-]/gu, '?'));
}

function numbered(character: string): string {
  return `#${character.codePointAt(0) ?? 63};`;
}
