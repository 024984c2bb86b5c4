import type { Selection, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { Action } from '../../src/types.js';
import { isFailed, isPaused, latestRuns } from './states.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/** What a `resume` comes to: an operation on one node, or every reason why there is none. */
export interface Chosen {
  /** Undefined where it is refused. */
  readonly selection: Selection | undefined;
  readonly refusals: readonly string[];
}

/**
 * What a `resume` stands for: restart the one node that failed, or continue past the one that pauses.
 *
 * @throws {DriverFailure} FAILED_PRECONDITION (no effect) it is not one node, or a named node neither failed nor pauses.
 */
export function selectionOf(target: Target, execution: AomExecution): Selection {
  const { selection, refusals } = chosenFor(target, execution);
  if (selection !== undefined) return selection;
  throw new DriverFailure(refusals.join('; '), { code: 'FAILED_PRECONDITION', effect: 'none' });
}

/** Chooses as {@link selectionOf} does, and refuses in words. */
export function chosenFor({ nodes: [named] }: Target, execution: AomExecution): Chosen {
  const states = latestRuns(execution);
  const candidates = states.filter(({ id, status }) => {
    return (named === undefined || id === named) && operationFor(status) !== undefined;
  });
  const [candidate] = candidates;
  const performed = candidate === undefined ? undefined : operationFor(candidate.status);
  const refusals = [...whyNever(execution), ...whyNot(named, execution, states, candidates)];
  const isChosen = candidate !== undefined && performed !== undefined && refusals.length === 0;
  return { selection: isChosen ? { performed, nodes: [candidate.id] } : undefined, refusals };
}

/** Any word that is not known is shown to the caller and never guessed at. */
function operationFor(status: string): Action | undefined {
  if (isFailed(status)) return 'restart';
  return isPaused(status) ? 'continue' : undefined;
}

/** A node that failed inside an execution that succeeded was one whose errors are ignored. */
function whyNever({ status }: AomExecution): string[] {
  if (status?.trim().toLowerCase() !== 'success') return [];
  return [`the execution is ${JSON.stringify(status)}: it did not stop anywhere`];
}

function whyNot(
  named: string | undefined,
  { status }: AomExecution,
  states: readonly AomNodeRun[],
  candidates: readonly AomNodeRun[],
): string[] {
  if (candidates.length === 1) return [];
  const state = `the execution is ${JSON.stringify(status ?? 'in no known state')}`;
  const advice = 'name an action (restart, skip or continue) and a node';
  if (candidates.length > 1) {
    return [`${state} and stopped at ${candidates.length} nodes: ${listed(candidates)}; ${advice}`];
  }
  const what = named === undefined ? 'no node is known to have failed or to pause' : stateOfNamed(named, states);
  return [`${state} and ${what}; its nodes: ${listed(states)}; ${advice}`];
}

function stateOfNamed(named: string, states: readonly AomNodeRun[]): string {
  const found = states.find(({ id }) => id === named);
  if (found === undefined) return `node ${JSON.stringify(named)} has not run in it`;
  return `node ${JSON.stringify(named)} is ${JSON.stringify(found.status)}`;
}

function listed(nodes: readonly AomNodeRun[]): string {
  return nodes.length === 0 ? 'none' : nodes.map(({ id, status }) => `${id} (${status || 'no state'})`).join(', ');
}
