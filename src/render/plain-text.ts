/**
 * Control characters, marks that do not show or turn the direction of writing, line and paragraph separators, and
 * halves of surrogate pairs: none of them may reach a terminal or a page.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What takes two columns on a terminal: East Asian wide characters and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /^\p{M}$/u;

/** A text of somebody else's with all that does not show written out, such as `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same on one line: white space runs are single blanks, as an error text with lines should read. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim());
}

/** How many columns a text takes on a terminal, as far as that can be told. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

function columnsOfOne(character: string): number {
  if (character <= '\u02ff') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** A text cut to so many columns, an ellipsis included. */
export function shorten(text: string, columns: number): string {
  if (text.length * 2 <= columns || columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += columnsOfOne(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept}…`;
}
