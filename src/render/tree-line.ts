import type { PictureNode } from './picture.js';
import { columnsOf, oneLine, shorten } from './plain-text.js';
import { ROLE_STYLES } from './role.js';
import { STATE_STYLES } from './state-style.js';
import { counted, errorOf, stateCounts, tookOf } from './wording.js';

/** A piece of a line; undefined where it has the terminal's own colour. */
export interface Piece {
  readonly text: string;
  /** The parameter of an SGR escape sequence. */
  readonly ansi?: number | undefined;
}

/** Faint. */
export const DIM = 2;
export const BOLD = 1;

/** What is said of a node, on one line. */
export function nodePieces(entry: PictureNode, label: string, column: number, readAt: string): readonly Piece[] {
  const { node, role } = entry;
  const { glyph, word, ansi } = STATE_STYLES[node.state];
  const pieces: Piece[] = [
    { text: `${glyph} `, ansi },
    { text: label + ' '.repeat(Math.max(0, column - columnsOf(label))) },
    { text: `  ${stateWord(entry, word)}`, ansi },
  ];
  if (role !== undefined) {
    const style = ROLE_STYLES[role];
    pieces.push({ text: '  ' }, { text: `${style.glyph} ${style.word}`, ansi: style.ansi });
  }
  const details = [
    node.attempts.length > 1 ? counted(node.attempts.length, 'attempt') : undefined,
    tookOf(node, readAt),
    node.carriedOver && role === undefined ? 'carried over' : undefined,
  ].filter((detail) => detail !== undefined);
  if (details.length > 0) pieces.push({ text: ` · ${details.join(' · ')}`, ansi: DIM });
  const error = errorOf(node);
  if (error !== undefined) pieces.push({ text: ` · ${oneLine(error)}` });
  return pieces;
}

/** The provider's own word stands beside a state that says little. */
function stateWord({ node }: PictureNode, word: string): string {
  const said =
    node.state === 'unknown' && node.providerState !== '' ? `${word} (${oneLine(node.providerState)})` : word;
  return node.kind === 'gate' ? `${said} (gate)` : said;
}

/** `… 312 succeeded: a, b, c, …` */
export function morePieces(entries: readonly PictureNode[], labelOf: (entry: PictureNode) => string): readonly Piece[] {
  const roles = new Set(entries.map(({ role }) => role));
  const [role] = roles;
  const doing = roles.size === 1 && role !== undefined ? `, ${ROLE_STYLES[role].word}` : '';
  return [{ text: `… ${stateCounts(entries)}${doing}: ` }, { text: names(entries, labelOf), ansi: DIM }];
}

/** The first names of many. */
export function names<T>(entries: readonly T[], labelOf: (entry: T) => string, most = 12): string {
  const shown = entries.slice(0, most).map(labelOf).join(', ');
  return entries.length > most ? `${shown}, and ${(entries.length - most).toLocaleString('en-US')} more` : shown;
}

/** Cuts a line to a width and puts it together. */
export function joined(pieces: readonly Piece[], width: number, colour: boolean): string {
  let left = width;
  let line = '';
  for (const { text, ansi } of pieces) {
    if (left <= 0) break;
    const cut = shorten(text, left);
    left = cut === text ? left - columnsOf(cut) : 0;
    line += colour && ansi !== undefined ? `\u001b[${ansi}m${cut}\u001b[0m` : cut;
  }
  return line.trimEnd();
}
