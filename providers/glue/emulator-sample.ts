import type { NodeOutcome, WorkflowDefinition } from './emulator-definition.js';

/** What every emulator of the service comes with: a run that ended COMPLETED although a job of it failed. */
export interface GlueSample {
  readonly workflow: string;
  /** The run's id. */
  readonly execution: string;
  /** The ids of the nodes that failed. */
  readonly nodes: readonly string[];
}

/** How long before the emulator's start the sample's run was started. */
export const SAMPLE_AGE_MS = 3_600_000;

/** `transform` fails: `load` and all behind it wait, and `report`, which `enrich` alone has started, will run again. */
export const SAMPLE_WORKFLOW: WorkflowDefinition = {
  name: 'nightly-etl',
  nodes: ['extract', 'transform', 'check', 'enrich', 'load', 'report', { crawler: 'catalogue' }, 'publish'],
  triggers: [
    { name: 'every-night', start: ['extract', 'check'] },
    { name: 'extracted', when: ['extract'], start: ['transform', 'enrich'] },
    { name: 'transformed-or-enriched', logical: 'ANY', when: ['transform', 'enrich'], start: ['report'] },
    { name: 'transformed-and-checked', logical: 'AND', when: ['transform', 'check'], start: ['load'] },
    { name: 'loaded', when: ['load'], start: ['catalogue'] },
    { name: 'catalogued', when: ['catalogue'], start: ['publish'] },
  ],
  properties: { environment: 'sample' },
};

const JOB: NodeOutcome = { startingMs: 500 };

/** The node that fails the first time, Glue's own retry included, and succeeds from the second on. */
export const SAMPLE_FAILURE = 'transform';

/** What becomes of the jobs: nodes that are not listed take the defaults. */
export const SAMPLE_OUTCOMES: Readonly<Record<string, readonly NodeOutcome[]>> = {
  extract: [JOB],
  check: [JOB],
  enrich: [JOB],
  [SAMPLE_FAILURE]: [{ ...JOB, state: 'FAILED', retries: 1, error: 'the input had a column too many' }, JOB],
  load: [JOB],
  report: [JOB],
  publish: [JOB],
};
