import type { ExecutionState, NodeState } from '../../src/snapshot.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/**
 * The words for a node, or an execution, that stopped or was ended. Only "success" is documented for a node; "fail",
 * "timeout", "pausing", "cancel" and "canceling" are for whole executions and tasks. The others are inferred.
 */
const FAILED = new Set(['fail', 'failed', 'error', 'timeout']);
const PAUSED = new Set(['pausing', 'paused', 'pause', 'suspended']);
const STOPPED = new Set(['cancel', 'canceled', 'cancelled', 'terminate', 'terminated', 'stopped']);
const STOPPING = new Set(['canceling', 'cancelling', 'terminating', 'stopping']);
/** "running" is documented for executions, "executing" for tasks. */
const RUNNING = new Set(['running', 'executing']);
/** Inferred. */
const SKIPPED = new Set(['skip', 'skipping', 'skipped']);

export function isFailed(state: string): boolean {
  return FAILED.has(wordOf(state));
}

export function isPaused(state: string): boolean {
  return PAUSED.has(wordOf(state));
}

export function isSkipped(state: string): boolean {
  return SKIPPED.has(wordOf(state));
}

/**
 * The state that a word stands for, of an execution or of a run of a node. Any word that is not known is `unknown`, the
 * words for a task that waits (waitExecute, waitApproval) included: no document says how those of its execution read.
 *
 * @see the example of an execution's status: "success,fail,running,timeout,cancel"; of a node's only "success" is shown
 */
export function stateOf(state: string): ExecutionState {
  const word = wordOf(state);
  if (word === 'success') return 'succeeded';
  if (FAILED.has(word)) return 'failed';
  if (PAUSED.has(word)) return 'paused';
  if (STOPPED.has(word)) return 'stopped';
  // What is being cancelled has not ended yet.
  return RUNNING.has(word) || STOPPING.has(word) ? 'running' : 'unknown';
}

/** The state that the word of a node's run stands for. */
export function nodeStateOf(word: string): NodeState {
  return isSkipped(word) ? 'skipped' : stateOf(word);
}

/**
 * The state of an execution: its own word's, except where its nodes must be heard.
 *
 * A node that failed is never passed over as success, not even where its errors are said to be ignored. A node that
 * pauses while none runs has an execution that is running, or is in a word that is not known, wait for somebody: a
 * `resume` would continue that node. That an execution has failed is never inferred from its nodes: the documents'
 * example is the other way round, a `fail` whose one node is `success`.
 */
export function executionStateOf(word: string, nodes: readonly { readonly state: NodeState }[]): ExecutionState {
  const own = stateOf(word);
  const has = (state: NodeState): boolean => nodes.some((node) => node.state === state);
  if (own === 'succeeded' && has('failed')) return 'failed';
  const mayWait = RUNNING.has(wordOf(word)) || own === 'unknown';
  return mayWait && has('paused') && !has('running') ? 'paused' : own;
}

/** Whether it goes on only if somebody has it go on. */
export function isHalted(state: string): boolean {
  return isFailed(state) || isPaused(state);
}

/**
 * Whether something that had halted has been set going since, by its words alone: only words that are known to say so.
 *
 * A pause may fail by itself, by its time running out, and whatever stands may be cancelled: neither is a resume.
 */
export function hasMovedOn(before: string, now: string): boolean {
  const word = wordOf(now);
  if (RUNNING.has(word) || word === 'success' || SKIPPED.has(word)) return true;
  return PAUSED.has(word) && isFailed(before);
}

/** Whether its words leave it open that it was set going since: not those of an end, and not what they were before. */
export function mayHaveMovedOn(before: string, now: string): boolean {
  const word = wordOf(now);
  if (word === '' || word === wordOf(before) || (PAUSED.has(word) && isPaused(before))) return false;
  return !FAILED.has(word) && !STOPPED.has(word) && !STOPPING.has(word);
}

export function isRunning(state: string): boolean {
  return RUNNING.has(wordOf(state));
}

/** Of a node that ran more than once, its newest run counts; without times, the one that stands last. */
export function latestRuns({ nodes }: AomExecution): AomNodeRun[] {
  const newest = new Map<string, AomNodeRun>();
  for (const node of nodes) {
    if (countsAfter(newest.get(node.id), node)) newest.set(node.id, node);
  }
  return [...newest.values()];
}

/** The run of one node that counts. */
export function latestRunOf({ nodes }: AomExecution, id: string): AomNodeRun | undefined {
  let newest: AomNodeRun | undefined;
  for (const node of nodes) {
    if (node.id === id && countsAfter(newest, node)) newest = node;
  }
  return newest;
}

function countsAfter(known: AomNodeRun | undefined, run: AomNodeRun): boolean {
  return known === undefined || !(known.beginMs > run.beginMs);
}

function wordOf(state: string): string {
  return state.trim().toLowerCase();
}
