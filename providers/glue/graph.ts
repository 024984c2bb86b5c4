import { DriverFailure } from '../../src/driver-failure.js';
import type { Standing, StandingNode } from './attempts.js';
import { lastAttemptOf } from './attempts.js';
import { isHandled } from './handled.js';
import type { GlueOptions } from './options.js';
import { RunGraph } from './run-graph.js';
import type { WorkflowRun } from './wire.js';

/** What counts as a place where a run stopped. */
export type StopRules = Pick<GlueOptions, 'stoppedNodes' | 'handledFailures'>;

const MAX_LISTED = 10;

/**
 * Finds the nodes from which a run is to be resumed: those that failed, without those that start again anyway because
 * they are downstream of another. In the order of the graph.
 *
 * @throws {DriverFailure} FAILED_PRECONDITION (no effect) the run cannot be resumed, has nothing to resume, or says
 * something that must not be guessed at.
 * @see Glue developer guide, "Repairing and resuming a workflow run", "Notes and limitations"
 */
export function stoppedNodesOf(run: WorkflowRun, rules: StopRules): string[] {
  if (run.Status !== 'COMPLETED') throw refusal(whyNotResumable(run));
  const graph = new RunGraph(run);
  const nodes = standingNodesOf(graph);
  refuseWhere(
    nodes,
    'unclear',
    (list) => `cannot tell how the run stands: ${list}. Name the nodes to restart yourself`,
  );
  refuseWhere(nodes, 'unsettled', (list) => `the run is still settling: ${list}. Call again when it has`);
  const stopped = [...nodes.keys()].filter((place) => ['failed', 'stopped'].includes(nodes[place]?.standing ?? ''));
  const failed = stopped.filter((place) => isToRestart(nodes, place, rules));
  if (failed.length === 0) throw refusal(whyNothing(stopped.length));
  return graph.frontier(failed).flatMap((place) => nodes[place]?.node.UniqueId ?? []);
}

function standingNodesOf(graph: RunGraph): StandingNode[] {
  return graph.nodes.map((node, place) => ({ node, ...lastAttemptOf(node), next: graph.behind(place) }));
}

function whyNothing(left: number): string {
  const found = left === 0 ? 'no node of the run failed' : 'what failed is left by stoppedNodes or handledFailures';
  return `there is nothing to resume: ${found}. Nodes that are named are run again whatever became of them`;
}

function isToRestart(nodes: readonly StandingNode[], place: number, rules: StopRules): boolean {
  const { stoppedNodes = 'restart', handledFailures = 'restart' } = rules;
  if (nodes[place]?.standing === 'stopped' && stoppedNodes === 'leave') return false;
  return handledFailures === 'restart' || !isHandled(nodes, place);
}

function whyNotResumable({ Status, ErrorMessage }: WorkflowRun): string {
  const status = Status ?? '(none)';
  const because = ErrorMessage === null || ErrorMessage === undefined ? '' : ` (${ErrorMessage})`;
  switch (status) {
    case 'RUNNING':
    case 'STOPPING':
      return `the run is ${status}, and Glue resumes only what is COMPLETED: wait until it has ended`;
    case 'STOPPED':
    case 'ERROR':
      return `the run is ${status}${because}, and Glue resumes only what is COMPLETED: start a new run instead`;
    default:
      return `the run is in the state ${status}${because}, and Glue resumes only what is COMPLETED`;
  }
}

function refuseWhere(nodes: readonly StandingNode[], standing: Standing, why: (list: string) => string): void {
  const found = nodes.filter((candidate) => candidate.standing === standing);
  if (found.length === 0) return;
  const listed = found
    .slice(0, MAX_LISTED)
    .map(({ node, state }) => `${node.Name ?? 'node'} (${node.UniqueId}) is ${state}`);
  const more = found.length > MAX_LISTED ? [`${found.length - MAX_LISTED} more`] : [];
  throw refusal(why([...listed, ...more].join(', ')));
}

function refusal(why: string): DriverFailure {
  return new DriverFailure(why, { code: 'FAILED_PRECONDITION', effect: 'none' });
}
