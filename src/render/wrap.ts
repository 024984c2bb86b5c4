import { columnsOf, oneLine } from './plain-text.js';

const NARROWEST = 20;

/**
 * Breaks a text of one line between words.
 *
 * @param taken - how many columns of the first line are taken already, and what the others are indented by.
 */
export function wrapped(text: string, columns: number, { taken, indent }: { taken: number; indent: number }): string {
  const most = Math.max(NARROWEST, columns);
  const lines: string[] = [];
  let line = '';
  let used = taken;
  for (const word of oneLine(text).split(' ')) {
    const width = columnsOf(word);
    if (used > indent && used + (line === '' ? 0 : 1) + width > most) {
      lines.push(line);
      line = '';
      used = indent;
    }
    used += width + (line === '' ? 0 : 1);
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
