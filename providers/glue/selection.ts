import type { Standing } from './attempts.js';
import { HandledFailures } from './handled.js';
import type { GlueOptions } from './options.js';
import type { StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';
import { called, listed } from './wording.js';

/** What counts as a place where a run stopped. */
export type StopRules = Pick<GlueOptions, 'stoppedNodes' | 'handledFailures'>;

/** The nodes from which a run would be resumed, by their places, or every reason why it would not be. */
export interface Chosen {
  /** The most upstream ones, in the order of the graph; empty where it is refused. */
  readonly starts: readonly number[];
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finds the nodes from which a run is to be resumed: those that failed, without those that start again anyway because
 * they are downstream of another.
 *
 * @see Glue developer guide, "Repairing and resuming a workflow run", "Notes and limitations"
 */
export function stoppedNodesOf(standing: StandingRun, rules: StopRules): Chosen {
  const { run, graph, nodes } = standing;
  if (run.Status !== 'COMPLETED') return refused([whyNotResumable(standing)]);
  const refusals = [
    ...whyAmbiguous(standing),
    ...standingSo(
      standing,
      'unclear',
      (list) => `cannot tell how the run stands: ${list}. Name the nodes to restart yourself`,
    ),
    ...whyUnsettled(standing),
  ];
  const stopped = [...nodes.keys()].filter((place) => ['failed', 'stopped'].includes(nodes[place]?.standing ?? ''));
  const handled = new HandledFailures(standing);
  const failed = stopped.filter((place) => isToRestart(standing, place, rules, handled));
  // What is not clear or not settled may yet have failed.
  if (failed.length === 0 && refusals.length === 0) refusals.push(whyNothing(stopped.length));
  if (refusals.length > 0) return refused(refusals);
  const again = new Set(failed);
  const named = (places: readonly number[]) => listed(wordsOf(standing, places), (word) => word);
  const warn = (places: readonly number[], what: (list: string) => string) =>
    places.length === 0 ? [] : [what(named(places))];
  const warnings = [
    ...warn(
      failed.filter((place) => nodes[place]?.standing === 'stopped'),
      (list) => `what was stopped by hand starts again: ${list}`,
    ),
    ...warn(
      failed.filter((place) => handled.has(place)),
      (list) => `a trigger has dealt with these, and they start again all the same: ${list}`,
    ),
    ...warn(
      stopped.filter((place) => !again.has(place)),
      (list) => `left as they are, by stoppedNodes or handledFailures: ${list}`,
    ),
  ];
  return { starts: graph.frontier(failed), refusals, warnings };
}

/**
 * Checks nodes that are named: each must be a job or crawler that was attempted. How they ended does not matter.
 *
 * @see Glue developer guide, "Repairing and resuming a workflow run", "Notes and limitations"
 */
export function namedNodesOf(standing: StandingRun, ids: readonly string[]): Chosen {
  const { run, graph, nodes } = standing;
  const isCompleted = run.Status === 'COMPLETED';
  const refusals = [...whyAmbiguous(standing), ...(isCompleted ? whyUnsettled(standing) : [whyNotResumable(standing)])];
  const unknown = ids.filter((id) => graph.placeOf(id) === undefined);
  if (unknown.length > 0) refusals.push(`not in the run's graph: ${listed(unknown, (id) => id)}`);
  const places = [...new Set(ids)].flatMap((id) => graph.placeOf(id) ?? []);
  for (const [problem, isBad] of UNSELECTABLE) {
    const bad = places.flatMap((place) => nodes[place] ?? []).filter(isBad);
    if (bad.length > 0) refusals.push(`${problem}: ${listed(bad, called)}`);
  }
  if (refusals.length > 0) return refused(refusals);
  const starts = graph.frontier(places);
  const first = new Set(starts);
  const redundant = places.filter((place) => !first.has(place)).flatMap((place) => nodes[place] ?? []);
  return {
    starts,
    refusals,
    warnings: [
      ...(redundant.length === 0
        ? []
        : [
            `named, but downstream of others that are, and started only by their triggers: ${listed(redundant, called)}`,
          ]),
      ...standingSo(standing, 'unclear', (list) => `it cannot be told how these stand: ${list}`),
    ],
  };
}

const UNSELECTABLE: readonly (readonly [string, (node: StandingRun['nodes'][number]) => boolean])[] = [
  ['triggers cannot be started, only jobs and crawlers', isGate],
  [
    'neither a job nor a crawler',
    (standing) => !isGate(standing) && standing.node.Type !== 'JOB' && standing.node.Type !== 'CRAWLER',
  ],
  [
    'the run never attempted these, and what was not attempted cannot be restarted',
    (standing) => !isGate(standing) && standing.standing === 'not-run',
  ],
];

function refused(refusals: readonly string[]): Chosen {
  return { starts: [], refusals, warnings: [] };
}

function whyNothing(left: number): string {
  const found = left === 0 ? 'no node of the run failed' : 'what failed is left by stoppedNodes or handledFailures';
  return `there is nothing to resume: ${found}. Nodes that are named are run again whatever became of them`;
}

function isToRestart({ nodes }: StandingRun, place: number, rules: StopRules, handled: HandledFailures): boolean {
  const { stoppedNodes = 'restart', handledFailures = 'restart' } = rules;
  if (nodes[place]?.standing === 'stopped' && stoppedNodes === 'leave') return false;
  return handledFailures === 'restart' || !handled.has(place);
}

/** Ids are what edges and requests know nodes by. */
function whyAmbiguous({ graph }: StandingRun): string[] {
  return graph.hasTwins ? ['two nodes of the run’s graph have the same id'] : [];
}

function whyUnsettled(standing: StandingRun): string[] {
  return standingSo(standing, 'unsettled', (list) => `the run is still settling: ${list}. Call again when it has`);
}

function whyNotResumable({ run: { Status: status = '(none)', ErrorMessage } }: StandingRun): string {
  const because = ErrorMessage === undefined ? '' : ` (${ErrorMessage})`;
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

function standingSo(standing: StandingRun, how: Standing, why: (list: string) => string): string[] {
  const places = [...standing.nodes.keys()].filter((place) => standing.nodes[place]?.standing === how);
  return places.length === 0 ? [] : [why(listed(wordsOf(standing, places), (word) => word))];
}

/** `name (id) is FAILED`, for each. */
function wordsOf({ nodes }: StandingRun, places: readonly number[]): string[] {
  return places.flatMap((place) => nodes[place] ?? []).map((node) => `${called(node)} is ${node.state}`);
}
