import { visible } from '../render/plain-text.js';
import { STATE_STYLES } from '../render/state-style.js';
import { clockTime, elapsed } from '../render/wording.js';
import type { ListedExecution, NodeState } from '../snapshot.js';
import type { Terminal } from './terminal.js';

const STYLES: Readonly<Record<NodeState, Parameters<Terminal['style']>[0]>> = {
  failed: 'red',
  paused: 'yellow',
  running: 'cyan',
  stopped: 'magenta',
  unknown: 'yellow',
  waiting: 'dim',
  skipped: 'dim',
  succeeded: 'green',
};

/** The colour of a state. */
export function stateStyle(state: NodeState): Parameters<Terminal['style']>[0] {
  return STYLES[state];
}

/** A state's sign and word, in its colour. */
export function stateMark(terminal: Terminal, state: NodeState, width = 0): string {
  const { glyph, word } = STATE_STYLES[state];
  return terminal.style(STYLES[state], `${glyph} ${word.padEnd(width)}`);
}

/** How an execution stands, when it began and how long it took, in columns; its id can be of any length. */
export function executionLine(terminal: Terminal, listed: ListedExecution, branch = ''): string {
  const { state, startedAt, endedAt, execution } = listed;
  const started = (startedAt === undefined ? 'not told' : clockTime(startedAt)).padEnd(23);
  const took = (elapsed(startedAt, endedAt) ?? '').padStart(11);
  return `${stateMark(terminal, state, 9)}  ${visible(`${started} ${took}`)}  ${branch}${terminal.style('bold', execution)}`;
}
