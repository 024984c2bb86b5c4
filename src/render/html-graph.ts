import type { BoxLabel } from './box-label.js';
import { labelOf } from './box-label.js';
import type { BoxGraph } from './boxes.js';
import { html } from './html-text.js';
import type { Layout, Line, Point, Size } from './layout/geometry.js';
import { layoutOf } from './layout/layout.js';
import { shorten } from './plain-text.js';
import { outline } from './shapes.js';
import { thinned } from './thinning.js';

/** More edges than this between boxes cannot be told apart. */
const MOST_EDGES = 800;
const BOX_WIDTH = 212;
const LINE_HEIGHT = 17;
const GATE: Size = { width: 20, height: 20 };
const TITLE_COLUMNS = 27;
const MARGIN = 20;

/** The drawing, and how many edges are not in it. */
export interface Drawing {
  readonly svg: string;
  readonly edgesLeftOut: number;
}

/** Draws boxes and edges as SVG; every box can be focused and named, and carries its place as `data-box`. */
export async function drawing({ boxes, next }: BoxGraph, hasRoles: boolean): Promise<Drawing> {
  const labels = boxes.map(labelOf);
  const height = (hasRoles ? 3 : 2) * LINE_HEIGHT + 12;
  const sizes = labels.map(({ isGate }) => (isGate ? GATE : { width: BOX_WIDTH, height }));
  const drawn = thinned(next, MOST_EDGES);
  const layout = await layoutOf(sizes, drawn.next);
  const around = [-MARGIN, -MARGIN, Math.ceil(layout.width) + 2 * MARGIN, Math.ceil(layout.height) + 2 * MARGIN];
  const svg = [
    `<svg id="graph" role="group" aria-label="Graph of the nodes" viewBox="${around.join(' ')}">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
    '<path d="M0 0L8 4L0 8Z"/></marker><marker id="tip-way" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" ',
    'markerHeight="5" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>',
    `<g aria-hidden="true">${layout.lines.map((line) => edgeElement(line, labels)).join('')}</g>`,
    ...labels.map((label, place) => boxElement(label, place, sizes[place] ?? GATE, layout)),
    '</svg>',
  ].join('');
  return { svg, edgesLeftOut: drawn.implied + drawn.cut };
}

function boxElement(label: BoxLabel, place: number, size: Size, { centres }: Layout): string {
  const { x, y } = centres[place] ?? { x: 0, y: 0 };
  const words = [label.title, label.stateWords, label.roleWords ?? ''].filter((word) => word !== '');
  const spoken = html(words.join(', '));
  const kind = ['box', label.shape, `s-${label.state}`, label.role === undefined ? '' : `r-${label.role}`].join(' ');
  return [
    `<g class="${kind.trim()}" data-box="${place}" tabindex="0" role="button" aria-label="${spoken}" `,
    `transform="translate(${rounded(x)} ${rounded(y)})"><title>${spoken}</title>`,
    `<path class="outline" d="${outline(label.shape, size.width, size.height)}"/>`,
    label.isGate ? '' : texts(label, size),
    '</g>',
  ].join('');
}

function texts(label: BoxLabel, { height }: Size): string {
  const left = -BOX_WIDTH / 2 + 14;
  const lines: readonly (readonly [kind: string, text: string])[] = [
    ['name', label.title],
    ['state', label.stateWords],
    ...(label.roleWords === undefined ? [] : [['role', label.roleWords] as const]),
  ];
  const top = -(lines.length * LINE_HEIGHT) / 2 + 13;
  return lines
    .map(([kind, text], at) => {
      const y = rounded(Math.max(-height / 2 + 14, top) + at * LINE_HEIGHT);
      return `<text class="${kind}" x="${left}" y="${y}">${html(shorten(text, TITLE_COLUMNS))}</text>`;
    })
    .join('');
}

function edgeElement({ from, to, points }: Line, labels: readonly BoxLabel[]): string {
  const onTheWay = labels[from]?.isOnTheWay === true && labels[to]?.isOnTheWay === true;
  return `<path class="${onTheWay ? 'edge way' : 'edge'}" d="${curve(points)}"/>`;
}

/** A way that turns smoothly half-way between its corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const turns = rest.slice(0, -1).map((corner, at) => {
    const following = rest[at + 1] ?? corner;
    return `Q${pair(corner)} ${pair({ x: (corner.x + following.x) / 2, y: (corner.y + following.y) / 2 })}`;
  });
  return `M${pair(first)}${turns.join('')}L${pair(rest.at(-1) ?? first)}`;
}

function pair({ x, y }: Point): string {
  return `${rounded(x)} ${rounded(y)}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
