import type { ExecutionState, NodeState } from '../../src/snapshot.js';

/**
 * The three words for an instance. Any other is `unknown`.
 *
 * @see the official Python SDK, which takes these three and refuses others; the documents' samples show RUNNING only
 */
const INSTANCE_STATES: ReadonlyMap<string, ExecutionState> = new Map([
  ['RUNNING', 'running'],
  ['SUCCESS', 'succeeded'],
  ['FAILED', 'failed'],
]);

/**
 * The words for a state of an instance. NOTRUNNING and RUNNING are in the documents' samples; that SUCCESS and FAILED are
 * written as for whole instances is inferred. Any other is `unknown`.
 *
 * @see OBS API reference, "查询工作流实例"
 */
const NODE_STATES: ReadonlyMap<string, NodeState> = new Map([
  ['NOTRUNNING', 'waiting'],
  ['RUNNING', 'running'],
  ['SUCCESS', 'succeeded'],
  ['FAILED', 'failed'],
]);

export function instanceStateOf(word: string): ExecutionState {
  return INSTANCE_STATES.get(word.toUpperCase()) ?? 'unknown';
}

export function nodeStateOf(word: string): NodeState {
  return NODE_STATES.get(word.toUpperCase()) ?? 'unknown';
}
