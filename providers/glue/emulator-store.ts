import type { NodeReference, WorkflowDefinition } from './emulator-definition.js';
import { designOf, matches } from './emulator-design.js';
import { runIdOf } from './emulator-ids.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Run } from './emulator-run.js';
import type { GlueGraph, GlueNode } from './emulator-wire.js';

/** A workflow with everything that was ever run of it. */
export interface Workflow {
  readonly name: string;
  design: GlueGraph;
  maxConcurrentRuns: number | undefined;
  properties: Readonly<Record<string, string>>;
  readonly createdMs: number;
  modifiedMs: number;
  /** In the order of their creation, the key being the id. */
  readonly runs: Map<string, Run>;
}

/** The workflows and their runs. */
export class GlueStore {
  readonly #workflows = new Map<string, Workflow>();

  /** Defines a workflow, or defines it anew: its runs, and their graphs, stay as they are. */
  define(definition: WorkflowDefinition, nowMs: number): Workflow {
    const { name, maxConcurrentRuns, properties = {} } = definition;
    const design = designOf(definition);
    const existing = this.#workflows.get(name);
    const workflow: Workflow = existing ?? {
      name,
      design,
      maxConcurrentRuns,
      properties,
      createdMs: nowMs,
      modifiedMs: nowMs,
      runs: new Map(),
    };
    if (existing === undefined) this.#workflows.set(name, workflow);
    return Object.assign(workflow, { design, maxConcurrentRuns, properties, modifiedMs: nowMs });
  }

  workflow(name: string): Workflow | undefined {
    return this.#workflows.get(name);
  }
}

/** The id and the place that the workflow's next run gets. */
export function nextIdentity({ name, runs }: Workflow): { readonly id: string; readonly sequence: number } {
  return { id: runIdOf(name, runs.size), sequence: runs.size };
}

/** Whether MaxConcurrentRuns forbids one more run now. */
export function isFull({ maxConcurrentRuns, runs }: Workflow): boolean {
  if (maxConcurrentRuns === undefined) return false;
  let active = 0;
  for (const { status } of runs.values()) active += status === 'RUNNING' || status === 'STOPPING' ? 1 : 0;
  return active >= maxConcurrentRuns;
}

/** The runs that a listing shows by now, in the order that the knobs say. */
export function visibleRuns({ runs }: Workflow, { runsOrder }: GlueKnobs, nowMs: number): readonly Run[] {
  const visible = [...runs.values()].filter(({ visibleFromMs }) => visibleFromMs <= nowMs);
  return runsOrder === 'newest-first' ? visible.reverse() : visible;
}

/**
 * The jobs and crawlers that a reference means, in the workflow's graph and in those of its runs.
 *
 * @throws Error where it means none, or a job as well as a crawler.
 */
export function nodesMeant({ name, design, runs }: Workflow, reference: NodeReference): readonly GlueNode[] {
  const known = new Map<string, GlueNode>();
  const graphs = [design.Nodes ?? [], ...[...runs.values()].map(({ nodes }) => nodes.map(({ wire }) => wire))];
  for (const node of graphs.flat()) {
    if (node.UniqueId !== undefined && node.Type !== 'TRIGGER') known.set(node.UniqueId, node);
  }
  const meant = [...known.values()].filter(
    ({ UniqueId, Type, Name }) => UniqueId === reference || matches(reference, Type, Name),
  );
  const types = new Set(meant.map(({ Type }) => Type));
  if (types.size === 1) return meant;
  const problem = types.size === 0 ? 'is no job or crawler of' : 'is a job and a crawler of';
  throw new Error(`${JSON.stringify(reference)} ${problem} workflow ${name}`);
}
