import type { Inspection } from '../../src/inspection.js';
import type { ExecutionState, NodeAttempt, NodeEdge, NodeSnapshot } from '../../src/snapshot.js';
import type { Receipt } from '../../src/types.js';
import type { NodeAttempt as GlueAttempt } from './attempts.js';
import { msOf } from './children.js';
import { executionStateOf, nodeStateOf } from './execution-state.js';
import type { RunGraph } from './run-graph.js';
import type { StandingNode, StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';
import { startedIn } from './started.js';
import { listed } from './wording.js';

/**
 * What a run that was read looks like in everybody's words.
 *
 * @param resumed - the resume that made the run, where it is followed.
 */
export function inspectionOf(standing: StandingRun, resumed?: Receipt): Inspection {
  const { run, graph, nodes } = standing;
  const mayHoldCopies = run.PreviousRunId !== undefined || resumed !== undefined;
  const startedMs = run.StartedOn === undefined ? undefined : msOf(run.StartedOn);
  const { state, error = run.ErrorMessage } = judged(standing, startedMs, resumed);
  return {
    state,
    providerState: run.Status ?? '',
    startedAt: isoOf(run.StartedOn),
    endedAt: isoOf(run.CompletedOn),
    error,
    nodes: nodes.map((node) => snapshotOf(node, mayHoldCopies ? startedMs : undefined)),
    edges: edgesOf(graph),
    previousExecution: run.PreviousRunId,
    ...(resumed === undefined ? {} : { shows: isNew(standing, resumed) ? 'resume' : 'unclear' }),
  };
}

function edgesOf({ nodes, edges }: RunGraph): NodeEdge[] {
  const ids = nodes.map(({ UniqueId }) => UniqueId);
  return edges.map(([from, to]) => ({ from: ids[from] ?? '', to: ids[to] ?? '' }));
}

/** Epoch seconds as ISO 8601. */
export function isoOf(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const date = new Date(msOf(seconds));
  // Beyond what dates can be.
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/**
 * How it stands. A run that was resumed is no success before what it was made for has run: what it copied may all have
 * succeeded.
 */
function judged(
  standing: StandingRun,
  startedMs: number | undefined,
  resumed: Receipt | undefined,
): { readonly state: ExecutionState; readonly error?: string } {
  const state = executionStateOf(standing);
  if (state !== 'succeeded' || resumed === undefined) return { state };
  const missing = notRestarted(standing, startedMs, resumed.nodes);
  if (missing.length === 0) return { state };
  const named = listed(missing, (id) => id);
  return {
    state: 'unknown',
    error: `the run is COMPLETED, but does not show that it has run what it was to: ${named}`,
  };
}

/** Those of a resume's nodes that are not seen to have run: of nodes that lead to each other only the most upstream must. */
function notRestarted({ graph, nodes }: StandingRun, startedMs: number | undefined, ids: readonly string[]): string[] {
  const unknown = ids.filter((id) => graph.placeOf(id) === undefined);
  const silent = graph.frontier(ids.flatMap((id) => graph.placeOf(id) ?? [])).flatMap((place) => {
    const { attempts = [], node } = nodes[place] ?? {};
    return node === undefined || startedIn(startsOf(attempts), startedMs) === 'yes' ? [] : [node.UniqueId];
  });
  return [...unknown, ...silent];
}

function isNew({ run }: StandingRun, { execution }: Receipt): boolean {
  return run.WorkflowRunId === undefined || run.WorkflowRunId === execution;
}

function snapshotOf(standing: StandingNode, copiesBeforeMs: number | undefined): NodeSnapshot {
  const { node, attempts, standing: how } = standing;
  const copied =
    copiesBeforeMs !== undefined && attempts.length > 0 && startedIn(startsOf(attempts), copiesBeforeMs) === 'no';
  return {
    id: node.UniqueId,
    name: node.Name ?? node.UniqueId,
    kind: isGate(standing) ? 'gate' : 'task',
    providerType: node.Type,
    state: nodeStateOf(how),
    providerState: attempts.at(-1)?.state ?? '',
    attempts: attempts.map(attemptOf),
    carriedOver: copied,
  };
}

function attemptOf({ standing, state, startedOn, completedOn, error }: GlueAttempt): NodeAttempt {
  return {
    state: nodeStateOf(standing),
    providerState: state ?? '',
    startedAt: isoOf(startedOn),
    endedAt: isoOf(completedOn),
    error,
  };
}

function startsOf(attempts: readonly GlueAttempt[]): (number | undefined)[] {
  return attempts.map(({ startedOn }) => startedOn);
}
