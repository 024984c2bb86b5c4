import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFast } from './simulation/jobs.js';
import { playSchedule } from './simulation/schedule.js';

const RUNS = 250;
/** Every seed that ever showed a defect of the library, by provider. */
const PINNED = {
  glue: [6407, 7181, 327, 873, 7319, 13_923, 512, 552, 2650, 2524, 159, 69, 3725, 2663, 1117, 147, 1259],
  obs: [947, 3843, 3545, 8617, 11_819, 1346, 933, 2990],
  aom: [5255, 1165, 2225, 2475, 14_537],
} as const;

beforeAll(() => makeFast());

describe.each(['glue', 'obs', 'aom'] as const)('the %s model, with faults at every step', (provider) => {
  it.each(PINNED[provider])('seed %i, which once showed a defect, shows none', async (seed) => {
    expect((await playSchedule({ provider, seed })).findings).toEqual([]);
  });

  it(`${RUNS} random schedules show none`, { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20_000, max: 2 ** 31 - 1 }), async (seed) => {
        expect((await playSchedule({ provider, seed })).findings).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
