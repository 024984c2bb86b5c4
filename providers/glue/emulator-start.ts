import type { GlueContext } from './emulator-context.js';
import { Refusal } from './emulator-error.js';
import { rulesOf, startsOf } from './emulator-rules.js';
import type { Run, RunNode } from './emulator-run.js';
import { isAttempted } from './emulator-run.js';
import type { Workflow } from './emulator-store.js';
import { isFull, nextIdentity } from './emulator-store.js';
import type { GlueEdge, GlueGraph } from './emulator-wire.js';

/** A run as it is, for a test that needs one that no workflow would produce. */
export interface GivenRun {
  /** Kept word for word: cycles, equal names, missing members and edges that lead nowhere. Absent: a run without graph. */
  readonly graph?: GlueGraph | undefined;
  /** @default 'COMPLETED' */
  readonly status?: string | undefined;
  readonly previousRunId?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** Epoch milliseconds. @default now */
  readonly startedMs?: number | undefined;
}

/** What the creation of a run needs to know. */
export interface Birth {
  readonly previousId: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly nodes: readonly RunNode[];
  readonly edges: readonly GlueEdge[];
  readonly atMs: number;
}

/** StartWorkflowRun: snapshots the design and starts what the start triggers name. */
export function startRun(
  context: GlueContext,
  workflow: Workflow,
  properties: Readonly<Record<string, string>>,
  atMs: number,
): Run {
  const { knobs } = context;
  const edges = workflow.design.Edges ?? [];
  const nodes = (workflow.design.Nodes ?? []).map((wire): RunNode => {
    return { wire, verbatim: false, attempts: [], standing: 'pending', settled: false };
  });
  const last = [...workflow.runs.keys()].at(-1);
  const previousId = knobs.startPreviousRunId === 'last-run' ? last : undefined;
  const birth = { previousId, properties: { ...workflow.properties, ...properties }, nodes, edges, atMs };
  return admit(context, workflow, birth, startsOf(nodes, edges));
}

/** Creates a run and begins it, unless MaxConcurrentRuns is reached. */
export function admit(
  context: GlueContext,
  workflow: Workflow,
  birth: Birth,
  starts: readonly { readonly node: RunNode; readonly trigger?: string | undefined }[],
): Run {
  const { engine, knobs } = context;
  // Word for word what Glue documents as the ErrorMessage of a run.
  const refusal = `Concurrent runs exceeded for workflow: ${workflow.name}.`;
  const full = isFull(workflow);
  if (full && knobs.concurrency === 'refused') throw new Refusal('ConcurrentRunsExceededException', refusal);
  const run: Run = {
    ...nextIdentity(workflow),
    workflow: workflow.name,
    previousId: birth.previousId,
    startedMs: birth.atMs,
    visibleFromMs: birth.atMs + knobs.visibilityDelayMs,
    nodes: birth.nodes,
    edges: birth.edges,
    rules: rulesOf(birth.nodes, birth.edges),
    hasGraph: true,
    properties: birth.properties,
    status: full ? 'ERROR' : 'RUNNING',
    completedMs: full ? birth.atMs : undefined,
    error: full ? refusal : undefined,
    nextMs: Number.POSITIVE_INFINITY,
  };
  workflow.runs.set(run.id, run);
  if (!full) engine.begin(run, starts);
  return run;
}

/** Adds a run that stays as it is given. */
export function addRun(workflow: Workflow, given: GivenRun, nowMs: number): Run {
  const { graph, status = 'COMPLETED', previousRunId, properties = {}, startedMs = nowMs } = given;
  const run: Run = {
    ...nextIdentity(workflow),
    workflow: workflow.name,
    previousId: previousRunId,
    startedMs,
    visibleFromMs: startedMs,
    nodes: (graph?.Nodes ?? []).map(givenNode),
    edges: graph?.Edges ?? [],
    rules: [],
    hasGraph: graph !== undefined,
    properties,
    status,
    completedMs: status === 'RUNNING' || status === 'STOPPING' ? undefined : nowMs,
    nextMs: Number.POSITIVE_INFINITY,
  };
  workflow.runs.set(run.id, run);
  return run;
}

function givenNode(wire: NonNullable<GlueGraph['Nodes']>[number]): RunNode {
  const node: RunNode = { wire, verbatim: true, attempts: [], standing: 'pending', settled: true };
  return isAttempted(node) ? { ...node, standing: 'own' } : node;
}
