import type { ExecutionState, NodeState } from '../../src/snapshot.js';
import type { Standing } from './attempts.js';
import type { StandingNode, StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';

const NODE_STATES: Readonly<Record<Standing, NodeState>> = {
  'not-run': 'waiting',
  ok: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  unsettled: 'running',
  unclear: 'unknown',
};

/** A node's or an attempt's state in everybody's words. */
export function nodeStateOf(standing: Standing): NodeState {
  return NODE_STATES[standing];
}

/**
 * A run's state by its status alone. A run is COMPLETED whatever became of its nodes, which therefore decide.
 *
 * @see Glue developer guide, "Repairing and resuming a workflow run"; the meaning of the other words is in the API
 * reference, WorkflowRun.Status
 */
export function stateByStatus(status: string | undefined): ExecutionState | 'by-nodes' {
  switch (status ?? '') {
    case 'RUNNING':
    case 'STOPPING':
      return 'running';
    case 'STOPPED':
      return 'stopped';
    case 'ERROR':
      return 'failed';
    case 'COMPLETED':
      return 'by-nodes';
    default:
      return 'unknown';
  }
}

/** How a run stands: where it is COMPLETED, by its nodes' newest attempts. Without a graph that cannot be told. */
export function executionStateOf({ run, nodes }: StandingRun): ExecutionState {
  const state = stateByStatus(run.Status);
  return state === 'by-nodes' ? stateByNodes(nodes) : state;
}

function stateByNodes(nodes: readonly StandingNode[]): ExecutionState {
  const standings = new Set(nodes.filter((node) => !isGate(node)).map(({ standing }) => standing));
  if (standings.has('failed')) return 'failed';
  if (standings.has('unclear')) return 'unknown';
  // Not documented; Glue's own retry of a job may be starting.
  if (standings.has('unsettled')) return 'running';
  if (standings.has('stopped')) return 'stopped';
  return standings.size === 0 ? 'unknown' : 'succeeded';
}
