import type { PageElement } from './dom.js';

/** Presses together what is wider than its box: how wide letters are is up to the reader's fonts. */
export function fitTexts(texts: Iterable<PageElement>): void {
  const wide = [...texts].flatMap((text) => {
    // As much room is left on the right as on the left.
    const room = -2 * Number(text.getAttribute('x'));
    return (text.getComputedTextLength?.() ?? 0) > room ? [{ text, room }] : [];
  });
  for (const { text, room } of wide) {
    text.setAttribute('textLength', String(room));
    text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  }
}
