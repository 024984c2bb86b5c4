import type { AomExecution, AomNodeRun } from './wire.js';

/**
 * The words for a node, or an execution, that stopped or was ended. Only "success" is documented for a node; "fail",
 * "timeout", "pausing", "cancel" and "canceling" are for whole executions and tasks. The others are inferred.
 */
const FAILED = new Set(['fail', 'failed', 'error', 'timeout']);
const PAUSED = new Set(['pausing', 'paused', 'pause', 'suspended']);
const ABANDONED = new Set([
  ...['cancel', 'canceling', 'cancelling', 'canceled', 'cancelled'],
  ...['terminate', 'terminating', 'terminated', 'stopping', 'stopped'],
]);
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

/** Whether it goes on only if somebody has it go on. */
export function isHalted(state: string): boolean {
  return isFailed(state) || isPaused(state);
}

/**
 * Whether something that had halted has been set going since, by its words alone.
 *
 * A pause may fail by itself, by its time running out, and whatever stands may be cancelled: neither is a resume.
 */
export function hasMovedOn(before: string, now: string): boolean {
  const word = wordOf(now);
  if (word === '' || FAILED.has(word) || ABANDONED.has(word)) return false;
  return !PAUSED.has(word) || isFailed(before);
}

/** Of a node that ran more than once, its newest run counts; without times, the one that stands last. */
export function latestRuns({ nodes }: AomExecution): AomNodeRun[] {
  const newest = new Map<string, AomNodeRun>();
  for (const node of nodes) {
    const known = newest.get(node.id);
    if (known === undefined || !(known.beginMs > node.beginMs)) newest.set(node.id, node);
  }
  return [...newest.values()];
}

function wordOf(state: string): string {
  return state.trim().toLowerCase();
}
