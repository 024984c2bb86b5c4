import type { NodeState } from '../snapshot.js';

/** The outline of a box, so that a state shows without its colour. */
export type Shape =
  | 'rounded'
  | 'octagon'
  | 'pill'
  | 'rectangle'
  | 'barred'
  | 'hexagon'
  | 'slanted'
  | 'notched'
  | 'diamond'
  | 'stack';

/** What a box is filled with, and the colour of its outline and of the state's word. */
interface Colours {
  readonly fill: string;
  readonly line: string;
}

/** How a state shows in every picture: sign, word, outline and colour, never the colour alone. */
export interface StateStyle {
  readonly glyph: string;
  readonly word: string;
  readonly shape: Shape;
  /** The parameter of an SGR escape sequence. */
  readonly ansi: number;
  readonly light: Colours;
  readonly dark: Colours;
}

/** Text on any `fill`, and on the page itself. */
export const INK = { light: '#1b1f24', dark: '#eef2f6' } as const;

/** By state. Every `line` on its `fill` has a contrast of 4.5 or more, and {@link INK} too. */
export const STATE_STYLES: Readonly<Record<NodeState, StateStyle>> = {
  failed: {
    glyph: '✖',
    word: 'failed',
    shape: 'octagon',
    ansi: 31,
    light: { fill: '#ffe3e0', line: '#b3261e' },
    dark: { fill: '#4b1517', line: '#ff9d96' },
  },
  paused: {
    glyph: '‖',
    word: 'paused',
    shape: 'barred',
    ansi: 33,
    light: { fill: '#fff3cd', line: '#7a5000' },
    dark: { fill: '#3d2e05', line: '#e3b341' },
  },
  running: {
    glyph: '●',
    word: 'running',
    shape: 'pill',
    ansi: 36,
    light: { fill: '#dbeafe', line: '#1d4ed8' },
    dark: { fill: '#12294f', line: '#8fbcff' },
  },
  stopped: {
    glyph: '■',
    word: 'stopped',
    shape: 'hexagon',
    ansi: 35,
    light: { fill: '#ede7f6', line: '#6b3fa0' },
    dark: { fill: '#2f1f47', line: '#c9aff7' },
  },
  unknown: {
    glyph: '?',
    word: 'unknown',
    shape: 'notched',
    ansi: 33,
    light: { fill: '#ffffff', line: '#57606a' },
    dark: { fill: '#161b22', line: '#a6b0bb' },
  },
  waiting: {
    glyph: '○',
    word: 'waiting',
    shape: 'rectangle',
    ansi: 90,
    light: { fill: '#f3f4f6', line: '#57606a' },
    dark: { fill: '#22272e', line: '#a6b0bb' },
  },
  skipped: {
    glyph: '↷',
    word: 'skipped',
    shape: 'slanted',
    ansi: 90,
    light: { fill: '#f5f0e8', line: '#6f5b3e' },
    dark: { fill: '#322a1e', line: '#cdb48c' },
  },
  succeeded: {
    glyph: '✔',
    word: 'succeeded',
    shape: 'rounded',
    ansi: 32,
    light: { fill: '#e6f4ea', line: '#176f31' },
    dark: { fill: '#12351f', line: '#5bcf7b' },
  },
};

/** The states, those that need somebody first. */
export const STATES = Object.keys(STATE_STYLES) as readonly NodeState[];
