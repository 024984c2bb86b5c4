import type { AomExecutionDefinition } from './emulator-definition.js';

/** Short enough to be looked at: what is left of the sample runs in less than half a second. */
const durationMs = 90;

/** What every AOM emulator comes with: an execution that has failed in the middle, and succeeds once it is restarted. */
export const SAMPLE: AomExecutionDefinition = {
  workflow: 'wf-0001',
  execution: 'ex-0001',
  nodes: [
    { id: 'find-pods', status: 'success', durationMs },
    { id: 'drain-traffic', status: 'success', durationMs },
    { id: 'run-script', status: 'fail', durationMs, error: 'exit status 1: the disk of one host is full' },
    { id: 'delete-workload-pod', durationMs },
    { id: 'check-health', durationMs },
    { id: 'restore-traffic', durationMs },
  ],
  stoodForMs: 3_600_000,
};
