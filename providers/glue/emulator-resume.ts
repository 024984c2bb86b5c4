import { Reachability } from './emulator-closure.js';
import type { GlueContext } from './emulator-context.js';
import { Refusal } from './emulator-error.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Run, RunNode } from './emulator-run.js';
import { isAttempted, isRunnable } from './emulator-run.js';
import { admit } from './emulator-start.js';
import type { Workflow } from './emulator-store.js';

/** What a resume answers. */
export interface ResumedRun {
  readonly runId: string;
  /** The nodes that were really started: of the selected ones, those that no other one leads to. */
  readonly nodeIds: readonly string[];
}

/**
 * ResumeWorkflowRun, after its workflow and run have been found. Documented: the result and that the old run stays as
 * it is. Inferred: the order of the checks, and that the list of started nodes is in the order of the graph.
 */
export function resumeRun(
  context: GlueContext,
  workflow: Workflow,
  old: Run,
  selected: readonly string[],
  atMs: number,
): ResumedRun {
  const { knobs } = context;
  if (old.status !== 'COMPLETED') {
    throw new Refusal(knobs.notCompleted, `run ${old.id} is ${old.status}; only a COMPLETED run can be resumed`);
  }
  checkSelection(old, selected, knobs);
  const ids = old.nodes.flatMap(({ wire: { UniqueId } }) => (UniqueId === undefined ? [] : [UniqueId]));
  const graph = new Reachability(new Set(ids), old.edges);
  const wanted = new Set(selected);
  const inOrder = [...new Set(ids)].filter((id) => wanted.has(id));
  const frontier = graph.frontier(inOrder);
  const again = graph.closure(inOrder);
  const nodes = old.nodes.map((node) => copyOf(node, again.has(node.wire.UniqueId ?? ''), knobs));
  const first = new Set(frontier);
  const starts = nodes.filter(({ wire: { UniqueId = '' } }) => first.has(UniqueId)).map((node) => ({ node }));
  const properties = { copied: old.properties, defaults: workflow.properties, none: {} }[knobs.properties];
  const birth = { previousId: old.id, properties, nodes, edges: old.edges, atMs };
  return { runId: admit(context, workflow, birth, starts).id, nodeIds: frontier };
}

function checkSelection(run: Run, selected: readonly string[], knobs: GlueKnobs): void {
  if (selected.length === 0) throw new Refusal(knobs.unselectable, 'no node is selected');
  const byId = new Map(run.nodes.map((node) => [node.wire.UniqueId, node]));
  refuseAny(selected, (id) => !byId.has(id), knobs.unknownNode, `not in the graph of run ${run.id}`);
  const chosen = (test: (node: RunNode) => boolean) => (id: string) => {
    const node = byId.get(id);
    return node !== undefined && !test(node);
  };
  refuseAny(selected, chosen(isRunnable), knobs.unselectable, 'neither a job nor a crawler');
  const counts = (node: RunNode) =>
    isAttempted(node) && (node.standing === 'own' || knobs.copiedAttempts === 'selectable');
  refuseAny(selected, chosen(counts), knobs.unselectable, `not attempted by run ${run.id}`);
}

function refuseAny(ids: readonly string[], isBad: (id: string) => boolean, type: string, problem: string): void {
  const bad = ids.filter(isBad);
  if (bad.length > 0) throw new Refusal(type, `${problem}: ${bad.join(', ')}`);
}

/** A node of the old run's graph as the new run begins with it. */
function copyOf(node: RunNode, runsAgain: boolean, { pendingNodes }: GlueKnobs): RunNode {
  const copy: RunNode = { ...node, standing: isAttempted(node) ? 'copied' : 'pending', settled: false };
  if (!runsAgain || !isRunnable(node)) return copy;
  if (pendingNodes === 'original') return { ...copy, standing: 'pending' };
  const { JobDetails: _job, CrawlerDetails: _crawler, ...wire } = node.wire;
  return { ...copy, wire, verbatim: false, attempts: [], standing: 'pending' };
}
