import type { ObsInstanceDefinition } from './emulator-instances.js';

/** Short enough to be looked at: what is left of the sample runs in less than half a second. */
const STEP_MS = 90;
const STOOD_FOR_MS = 3_600_000;

/** What every OBS emulator comes with: an instance that has failed in the middle, and succeeds once it is restored. */
export const SAMPLE: ObsInstanceDefinition = {
  workflow: 'graph_1',
  execution: 'exec-001',
  steps: [
    { name: 'fetch', durationMs: STEP_MS },
    { name: 'split', durationMs: STEP_MS },
    { name: 'transcode', durationMs: STEP_MS },
    { name: 'watermark', durationMs: STEP_MS },
    { name: 'publish', durationMs: STEP_MS },
    { name: 'end', type: 'END', durationMs: 10 },
  ],
  standsAt: 'transcode',
  error: 'the source has no video track',
  stoodForMs: STOOD_FOR_MS,
};
