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

export const SAMPLE_WORKFLOW: WorkflowDefinition = {
  name: 'nightly-etl',
  nodes: ['extract', 'transform', 'check', 'load', { crawler: 'catalogue' }],
  triggers: [
    { name: 'every-night', start: ['extract', 'check'] },
    { name: 'extracted', when: ['extract'], start: ['transform'] },
    { name: 'transformed-and-checked', logical: 'AND', when: ['transform', 'check'], start: ['load'] },
    { name: 'loaded', when: ['load'], start: ['catalogue'] },
  ],
  properties: { environment: 'sample' },
};

/** The node that fails the first time and succeeds from the second on. */
export const SAMPLE_FAILURE: { readonly node: string; readonly outcomes: readonly NodeOutcome[] } = {
  node: 'transform',
  outcomes: [{ state: 'FAILED', error: 'the input had a column too many' }, { state: 'SUCCEEDED' }],
};
