import type { Box } from './boxes.js';
import { boxesOf } from './boxes.js';
import { mermaidText, mermaidTitle } from './mermaid-text.js';
import type { PictureNode, Subject } from './picture.js';
import { isOnTheWay, pictureOf } from './picture.js';
import { ROLE_STYLES } from './role.js';
import type { Shape } from './state-style.js';
import { INK, STATE_STYLES, STATES } from './state-style.js';
import { headline, nodeSummary } from './summary.js';
import { thinned } from './thinning.js';
import { counted, stateCounts } from './wording.js';

/** More would be unreadable. */
const MOST_BOXES = 300;
/** Mermaid draws no diagram with more than 500 edges (its `maxEdges`). */
const MOST_EDGES = 480;
/** Nor one with more than 50,000 characters (its `maxTextSize`). */
const MOST_CHARACTERS = 48_000;
/** Tried one after the other until the text is short enough. */
const NAME_LENGTHS = [60, 24, 8, 1] as const;

/** What stands around the label, by shape. */
const BRACKETS: Readonly<Record<Shape, readonly [before: string, after: string]>> = {
  rounded: ['("', '")'],
  octagon: ['{{"', '"}}'],
  pill: ['(["', '"])'],
  rectangle: ['["', '"]'],
  barred: ['[["', '"]]'],
  hexagon: ['[/"', '"\\]'],
  slanted: ['[/"', '"/]'],
  notched: ['>"', '"]'],
  diamond: ['{"', '"}'],
  stack: ['[("', '")]'],
};

/**
 * Draws an execution or a plan as a Mermaid flowchart, for pull requests and tickets.
 *
 * States show by sign, word, shape and colour; gates are small diamonds. Graphs of more than 300 nodes are collapsed,
 * and the text stays within Mermaid's own bounds. No name can be anything but text.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) it is neither.
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function renderMermaid(subject: Subject): string {
  const picture = pictureOf(subject);
  const { boxes, next } = boxesOf(picture, MOST_BOXES);
  const drawn = thinned(next, MOST_EDGES);
  const left = drawn.implied + drawn.cut;
  const lines = (longest: number): string =>
    [
      '---',
      `title: ${mermaidTitle(`${headline(picture)} (${nodeSummary(picture)})`)}`,
      '---',
      'flowchart TD',
      ...boxes.map((box) => `  ${boxText(box, longest)}`),
      ...drawn.next.flatMap((successors, from) => successors.map((to) => `  ${edgeText(boxes, from, to)}`)),
      ...(left === 0 ? [] : [`  note["… ${counted(left, 'edge is', 'edges are')} not drawn"]:::unknown`]),
      ...STATES.map((state) => `  classDef ${state} ${coloursOf(state)}`),
      '',
    ].join('\n');
  const texts = NAME_LENGTHS.map(lines);
  return texts.find((text) => text.length <= MOST_CHARACTERS) ?? texts.at(-1) ?? '';
}

function boxText({ index, members }: Box, longest: number): string {
  const [first] = members;
  if (first === undefined) return '';
  if (members.length > 1)
    return `n${index}${shaped('stack', `… ${stateCounts(members)}${commonRole(members)}`, first)}`;
  const { node, role } = first;
  const { glyph, word, shape } = STATE_STYLES[node.state];
  const name = mermaidText(node.name, longest);
  if (node.kind === 'gate') {
    return `n${index}${shaped('diamond', node.state === 'failed' ? `${glyph} ${name}` : ' ', first)}`;
  }
  const attempts = node.attempts.length > 1 ? [counted(node.attempts.length, 'attempt')] : [];
  const doing = role === undefined ? [] : [`${ROLE_STYLES[role].glyph} ${ROLE_STYLES[role].word}`];
  const second = [`${glyph} ${word}`, ...doing, ...attempts].join(' · ');
  return `n${index}${shaped(shape, `${name}<br/>${second}`, first)}`;
}

function shaped(shape: Shape, label: string, { node }: PictureNode): string {
  const [before, after] = BRACKETS[shape];
  return `${before}${label}${after}:::${node.state}`;
}

function commonRole(members: readonly PictureNode[]): string {
  const [first] = members;
  const role = first?.role;
  return role !== undefined && members.every((entry) => entry.role === role) ? `, ${ROLE_STYLES[role].word}` : '';
}

/** The ways along which something may run are thick. */
function edgeText(boxes: readonly Box[], from: number, to: number): string {
  const thick = runs(boxes[from]) && runs(boxes[to]);
  return `n${from} ${thick ? '==>' : '-->'} n${to}`;
}

function runs(box: Box | undefined): boolean {
  return box?.members.some(isOnTheWay) ?? false;
}

function coloursOf(state: (typeof STATES)[number]): string {
  const { light } = STATE_STYLES[state];
  const line = state === 'unknown' || state === 'waiting' ? ',stroke-dasharray:4 3' : '';
  const width = state === 'failed' ? 3 : 1;
  return `fill:${light.fill},stroke:${light.line},color:${INK.light},stroke-width:${width}px${line}`;
}
