import type { Inspection } from '../../src/inspection.js';
import type { ExecutionState, NodeAttempt, NodeEdge, NodeSnapshot } from '../../src/snapshot.js';
import type { Receipt } from '../../src/types.js';
import type { NodeAttempt as GlueAttempt } from './attempts.js';
import { msOf } from './children.js';
import { executionStateOf, nodeStateOf } from './execution-state.js';
import { owedBy } from './owed.js';
import type { RunGraph } from './run-graph.js';
import type { StandingNode, StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';
import { startedIn } from './started.js';
import { listed } from './wording.js';

const MINUTE_MS = 60_000;

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

function edgesOf({ nodes, sources, targets }: RunGraph): NodeEdge[] {
  const ids = nodes.map(({ UniqueId }) => UniqueId);
  return Array.from(sources, (from, edge) => ({ from: ids[from] ?? '', to: ids[targets[edge] ?? from] ?? '' }));
}

let latest = { minute: Number.NaN, text: '' };

/** Epoch seconds as ISO 8601. */
export function isoOf(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const ms = msOf(seconds);
  const minute = Math.floor(ms / MINUTE_MS);
  // A graph has ten thousands of times, most of them near the one before: writing each out anew would be half its cost.
  if (minute !== latest.minute) {
    const date = new Date(minute * MINUTE_MS);
    // Beyond what dates can be.
    if (Number.isNaN(date.getTime())) return undefined;
    latest = { minute, text: date.toISOString().slice(0, -'00.000Z'.length) };
  }
  const rest = ms - minute * MINUTE_MS;
  return `${latest.text}${String(100_000 + rest).slice(1, 3)}.${String(1_000 + (rest % 1_000)).slice(1)}Z`;
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
  const missing = owedBy(standing, startedMs, resumed.nodes);
  if (missing.length === 0) return { state };
  const named = listed(missing, (id) => id);
  return {
    state: 'unknown',
    error: `the run is COMPLETED, but does not show that it has run what it was to: ${named}`,
  };
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
