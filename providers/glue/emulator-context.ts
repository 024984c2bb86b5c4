import type { Engine } from './emulator-engine.js';
import { Refusal } from './emulator-error.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Outcomes } from './emulator-outcomes.js';
import type { Run } from './emulator-run.js';
import type { GlueStore, Workflow } from './emulator-store.js';

/** What the operations work on. */
export interface GlueContext {
  readonly store: GlueStore;
  readonly engine: Engine;
  readonly outcomes: Outcomes;
  readonly knobs: GlueKnobs;
}

export function workflowOf({ store, knobs }: GlueContext, name: string): Workflow {
  const workflow = store.workflow(name);
  if (workflow === undefined) throw new Refusal(knobs.unknownEntity, `there is no workflow ${name}`);
  return workflow;
}

export function runOf(context: GlueContext, workflow: Workflow, id: string): Run {
  const run = workflow.runs.get(id);
  if (run === undefined) {
    throw new Refusal(context.knobs.unknownEntity, `workflow ${workflow.name} has no run ${id}`);
  }
  return run;
}
