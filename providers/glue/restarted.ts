import type { Finding } from '../../src/driver.js';
import type { Child } from './children.js';
import { RunGraph } from './run-graph.js';
import type { Started } from './started.js';
import { startedIn } from './started.js';
import type { GraphNode, WorkflowRun } from './wire.js';

/** How long a run's graph may lag behind its start before it counts against the run. Inferred. */
const YOUNG_MS = 60_000;
const SETTLED: ReadonlySet<string> = new Set(['COMPLETED', 'STOPPED', 'ERROR']);
const MAX_LISTED = 10;

/**
 * Compares what a new run has restarted with what was asked for.
 *
 * It is adopted only where everything that was to restart has, and nothing else but what is downstream of it. Documented:
 * its graph is complete, and nodes that it did not run are copied.
 *
 * @param asked - the nodes that were sent.
 * @param serverNowMs - no later than it is by the service's clock, epoch milliseconds.
 * @see Glue developer guide, "Repairing and resuming a workflow run"
 */
export function compared(child: Child, run: WorkflowRun, asked: readonly string[], serverNowMs: number): Finding {
  const graph = new RunGraph(run);
  const places = asked.flatMap((id) => graph.placeOf(id) ?? []);
  if (places.length < asked.length)
    return undecided(child, run, 'its graph does not show every node that was asked for');
  const expected = graph.frontier(places);
  const downstream = graph.closure(expected);
  const started = graph.nodes.map((node) => startedIn(startsOf(node), child.startedMs));
  const where = (wanted: Started) => [...started.keys()].filter((place) => started[place] === wanted);

  const strange = where('yes').filter((place) => !downstream.has(place));
  if (strange.length > 0)
    return different(child, run, `it restarted ${listed(graph, strange)}, which was not asked for`);
  const unclear = where('unclear').filter((place) => !downstream.has(place));
  if (unclear.length > 0) return undecided(child, run, `it does not say when ${listed(graph, unclear)} started`);
  const missing = expected.filter((place) => started[place] !== 'yes');
  if (missing.length === 0) {
    const nodes = expected.flatMap((place) => graph.nodes[place]?.UniqueId ?? []);
    return { found: 'resumed', acceptance: { execution: child.id, nodes, nodesBasis: 'observed' } };
  }
  if (where('yes').length === 0) return undecided(child, run, 'none of its nodes is seen to have started in it');
  const waitedEnough = SETTLED.has(run.Status ?? '') || serverNowMs - child.startedMs > YOUNG_MS;
  const why = `it did not restart ${listed(graph, missing)}`;
  return waitedEnough ? different(child, run, why) : undecided(child, run, `${why} so far`);
}

function startsOf({ Type, JobDetails, CrawlerDetails }: GraphNode): (number | undefined)[] {
  const attempts = (Type === 'CRAWLER' ? CrawlerDetails?.Crawls : JobDetails?.JobRuns) ?? [];
  return attempts.map(({ StartedOn }) => StartedOn);
}

/** Something speaks for a resume, and not enough. */
function undecided(child: Child, run: WorkflowRun, why: string): Finding {
  return { found: 'nothing', undecided: true, seen: `${described(child, run)}, but ${why}` };
}

function different(child: Child, run: WorkflowRun, why: string): Finding {
  return { found: 'different', seen: `${described(child, run)}, but ${why}` };
}

function described({ id, startedMs }: Child, { Status, ErrorMessage }: WorkflowRun): string {
  const message = ErrorMessage === undefined ? '' : `, ${ErrorMessage}`;
  return `run ${id} was made of it at ${new Date(startedMs).toISOString()} (${Status ?? 'no status'}${message})`;
}

function listed({ nodes }: RunGraph, places: readonly number[]): string {
  const ids = places.slice(0, MAX_LISTED).flatMap((place) => nodes[place]?.UniqueId ?? []);
  const more = places.length > MAX_LISTED ? [`${places.length - MAX_LISTED} more`] : [];
  return [...ids, ...more].join(', ');
}
