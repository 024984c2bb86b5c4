import { DriverFailure } from '../../src/driver-failure.js';
import type { Action, Selection, Target } from '../../src/types.js';
import type { AomExecution } from './wire.js';

/**
 * The words for a node that stopped. Only "success" is documented for a node, so both lists are inferred, from the words
 * for whole executions and tasks; any other word is shown to the caller and never guessed at.
 */
const FAILED = new Set(['fail', 'failed', 'error', 'timeout']);
const PAUSED = new Set(['pausing', 'paused', 'pause', 'suspended']);

interface NodeState {
  readonly id: string;
  readonly status: string;
}

/**
 * What a `resume` stands for: restart the one node that failed, or continue past the one that pauses.
 *
 * @throws {DriverFailure} FAILED_PRECONDITION (no effect) it is not one node, or a named node neither failed nor pauses.
 */
export function selectionOf({ nodes: [named] }: Target, execution: AomExecution): Selection {
  const states = latest(execution);
  const candidates = states.filter(({ id, status }) => {
    return (named === undefined || id === named) && operationFor(status) !== undefined;
  });
  const [candidate] = candidates;
  const performed = candidate === undefined ? undefined : operationFor(candidate.status);
  // A node that failed inside an execution that succeeded was one whose errors are ignored.
  const finished = execution.status?.toLowerCase() === 'success';
  if (candidate === undefined || performed === undefined || candidates.length > 1 || finished) {
    throw new DriverFailure(whyNot(named, execution, states, candidates), {
      code: 'FAILED_PRECONDITION',
      effect: 'none',
    });
  }
  return { performed, nodes: [candidate.id] };
}

function operationFor(status: string): Action | undefined {
  const word = status.trim().toLowerCase();
  if (FAILED.has(word)) return 'restart';
  return PAUSED.has(word) ? 'continue' : undefined;
}

/** Of a node that ran more than once, its newest attempt counts; without times, the one that stands last. */
function latest({ nodes }: AomExecution): NodeState[] {
  const newest = new Map<string, AomExecution['nodes'][number]>();
  for (const node of nodes) {
    const known = newest.get(node.id);
    if (known === undefined || !(known.beginMs > node.beginMs)) newest.set(node.id, node);
  }
  return [...newest.values()];
}

function whyNot(
  named: string | undefined,
  { status }: AomExecution,
  states: readonly NodeState[],
  candidates: readonly NodeState[],
): string {
  const state = `the execution is ${JSON.stringify(status ?? 'in no known state')}`;
  const advice = 'name an action (restart, skip or continue) and a node';
  if (candidates.length > 1) {
    return `${state} and stopped at ${candidates.length} nodes: ${listed(candidates)}; ${advice}`;
  }
  const what = named === undefined ? 'no node is known to have failed or to pause' : stateOfNamed(named, states);
  return `${state} and ${what}; its nodes: ${listed(states)}; ${advice}`;
}

function stateOfNamed(named: string, states: readonly NodeState[]): string {
  const found = states.find(({ id }) => id === named);
  if (found === undefined) return `node ${JSON.stringify(named)} has not run in it`;
  return `node ${JSON.stringify(named)} is ${JSON.stringify(found.status)}`;
}

function listed(nodes: readonly NodeState[]): string {
  return nodes.length === 0 ? 'none' : nodes.map(({ id, status }) => `${id} (${status || 'no state'})`).join(', ');
}
