import { consequencesOf } from './consequences.js';
import type { Picture, PictureNode, Subject } from './picture.js';
import { byStart, isSettled, pictureOf } from './picture.js';
import { columnsOf, oneLine, shorten } from './plain-text.js';
import { soundTreeOptions } from './sound-subject.js';
import { STATE_STYLES } from './state-style.js';
import { facts, headline, nodeSummary } from './summary.js';
import { forestOf } from './tree-forest.js';
import type { Piece } from './tree-line.js';
import { BOLD, DIM, joined, morePieces, names, nodePieces } from './tree-line.js';
import type { Row } from './tree-rows.js';
import { rowsOf } from './tree-rows.js';
import { wrapped } from './wrap.js';

/** How a tree is drawn. */
export interface TreeOptions {
  /** Whether escape sequences for colours are written. @default false */
  readonly colour?: boolean | undefined;
  /** How many columns a line may take. @default 100 */
  readonly width?: number | undefined;
}

/** Graphs up to this size are shown node by node. */
const SHOWN_WHOLE = 40;
/** In larger ones, what has its result and keeps it is counted, and only what comes after it is shown. */
const SHOWN_WITH_ORIGINS = 200;
const WIDEST_LABEL = 44;
const NARROWEST = 20;
const TONES = { refused: 31, careful: 33, starts: 36, plain: undefined } as const;

/**
 * Draws an execution or a plan for a terminal: a sentence that sums it up, what is known, then the nodes as a tree along
 * the edges, or in the order of their beginning where the provider shows no edges.
 *
 * A node has one place in the tree; other ways to it are named. Gates are left out unless they failed. Long runs of
 * nodes that need nobody are counted. Nothing that comes from the provider can send escape sequences.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) it is neither, or an option cannot be.
 */
export function renderTree(subject: Subject, options: TreeOptions = {}): string {
  const { colour = false, width = 100 } = soundTreeOptions(options);
  const picture = pictureOf(subject);
  const columns = Math.max(NARROWEST, width);
  const lines = [...headLines(picture, columns), [], ...nodeLines(picture, width)];
  return lines.map((pieces) => joined(pieces, columns, colour)).join('\n');
}

function headLines(picture: Picture, columns: number): (readonly Piece[])[] {
  const { snapshot, plan } = picture;
  const { glyph, ansi } = STATE_STYLES[snapshot.state];
  const sign = plan === undefined ? { text: `${glyph} `, ansi } : signOf(plan.refusals.length > 0);
  const lines: (readonly Piece[])[] = [
    [sign, { text: headline(picture), ansi: BOLD }],
    [{ text: `  ${nodeSummary(picture)}` }],
    ...facts(picture).map(([label, value]) => [{ text: `  ${label}: `, ansi: DIM }, { text: value }]),
  ];
  if (plan === undefined) return lines;
  lines.push([]);
  for (const { tone, glyph: mark, text, nodes, lines: sentences } of consequencesOf(plan)) {
    const listed = names(nodes, ({ name }) => oneLine(name));
    lines.push(...wrappedLines({ text: `${mark} ${text}`, ansi: TONES[tone] }, listed, columns));
    lines.push(...sentences.map((sentence) => [{ text: `    - ${oneLine(sentence)}` }]));
  }
  // Not indented, so that a whole one fits into 80 columns.
  lines.push([{ text: `fingerprint: ${oneLine(plan.fingerprint)}`, ansi: DIM }]);
  return lines;
}

/** What a plan does, and the nodes that it does it with: nobody should have to guess which ones were cut off. */
function wrappedLines(lead: Piece, listed: string, columns: number): (readonly Piece[])[] {
  const leads = wrapped(lead.text, columns, { taken: 0, indent: 2 }).split('\n');
  const last = leads.pop() ?? '';
  const [rest = '', ...more] = wrapped(listed, columns, { taken: columnsOf(last) + 1, indent: 4 }).split('\n');
  return [
    ...leads.map((text) => [{ ...lead, text }]),
    [{ ...lead, text: last }, { text: ` ${rest}` }],
    ...more.map((text) => [{ text }]),
  ];
}

function signOf(refused: boolean): Piece {
  return refused ? { text: '⊘ ', ansi: TONES.refused } : { text: '▶ ', ansi: TONES.starts };
}

function nodeLines(picture: Picture, width: number): (readonly Piece[])[] {
  const tasks = picture.nodes.filter(({ node }) => node.kind === 'task').length;
  const ordered = picture.hasEdges ? picture.nodes : byStart(picture.nodes);
  const passed = picture.hasEdges && tasks > SHOWN_WITH_ORIGINS ? ordered.filter(isSettled) : [];
  const rows = rowsOf(passed.length === 0 ? forestOf(ordered) : forestOf(without(ordered, passed)), {
    collapse: tasks > SHOWN_WHOLE,
    maxDepth: Math.max(4, Math.floor(width / 8)),
  });
  const labelOf = labels(picture.nodes);
  const shown = rows.filter(({ kind }) => kind === 'node');
  const columns = shown.map(({ indent, entries: [entry] }) => indent.length + (entry ? columnsOf(labelOf(entry)) : 0));
  const column = Math.min(
    WIDEST_LABEL,
    columns.reduce((most, next) => Math.max(most, next), 0),
  );
  const before = passed.filter(({ node }) => node.kind === 'task');
  return [
    ...(before.length === 0 ? [] : [morePieces(before, labelOf)]),
    ...rows.map((row) => [
      { text: row.indent, ansi: DIM },
      ...rowPieces(row, labelOf, column - row.indent.length, picture.snapshot.readAt),
    ]),
  ];
}

function without<T>(all: readonly T[], some: readonly T[]): readonly T[] {
  const left = new Set(some);
  return all.filter((one) => !left.has(one));
}

function rowPieces(
  { kind, entries }: Row,
  labelOf: (entry: PictureNode) => string,
  column: number,
  readAt: string,
): readonly Piece[] {
  const [entry] = entries;
  if (entry === undefined) return [];
  if (kind === 'more') return morePieces(entries, labelOf);
  if (kind === 'also') return [{ text: `↑ leads also to ${names(entries, labelOf)}`, ansi: DIM }];
  if (kind === 'below') return [{ text: '⤷ continued below', ansi: DIM }];
  if (kind === 'continued') return [{ text: `⤷ after ${labelOf(entry)}`, ansi: BOLD }];
  return nodePieces(entry, labelOf(entry), column, readAt);
}

/** Names as they are shown; one that repeats has its id beside it. */
function labels(nodes: readonly PictureNode[]): (entry: PictureNode) => string {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { node } of nodes) {
    if (node.kind === 'gate') continue;
    if (seen.has(node.name)) repeated.add(node.name);
    seen.add(node.name);
  }
  return ({ node }) => {
    const name = shorten(oneLine(node.name), WIDEST_LABEL);
    return repeated.has(node.name) ? `${name} [${shorten(oneLine(node.id), 18)}]` : name;
  };
}
