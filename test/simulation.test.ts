import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyComparison, playBaseline } from './simulation/baselines.js';
import { BOUNDARIES } from './simulation/boundaries.js';
import type { Wrong } from './simulation/history.js';
import type { Order } from './simulation/plan.js';
import { PROVIDERS } from './simulation/plan.js';
import { playSchedule, replayOf } from './simulation/schedule.js';
import { PINNED } from './simulation/seeds.js';
import { add, emptyTally } from './simulation/tally.js';
import { watchUnhandledRejections } from './simulation/world.js';
import type { Wrongness } from './simulation/wrong.js';
import { forgetful, hasty, trusting } from './simulation/wrong.js';

/** Schedules of each provider. `npm run simulate -- --runs 1000000` plays the rest. */
const RUNS = 1_000;
const KILLS = 20;
const LOST_ANSWERS = 400;

/** What went wrong in a schedule, with the command that replays it. */
async function failuresOf(order: Order): Promise<string[]> {
  return (await playSchedule(order)).tally.failures;
}

/** What goes wrong first, in 200 storms at the most, with something that is wrong on purpose. */
async function firstWrong(provider: Order['provider'], wrongness: Wrongness): Promise<Wrong[]> {
  for (let seed = 1; seed < 400; seed += 2) {
    const { findings } = await playSchedule({ provider, seed }, undefined, wrongness);
    if (findings.length > 0) return findings.map(({ wrong }) => wrong);
  }
  return [];
}

beforeAll(() => {
  watchUnhandledRejections();
});

describe('the portable type, simulated', () => {
  it.each(PINNED.map((one) => [replayOf(one), one] as const))('stays right: %s', async (_command, order) => {
    expect(await failuresOf(order)).toEqual([]);
  });

  it.each(PROVIDERS)('does nothing wrong on %s, whatever goes wrong', { timeout: 60_000 }, async (provider) => {
    const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        expect(await failuresOf({ provider, seed })).toEqual([]);
      }),
      // A neighbouring seed is no simpler: nothing is gained by shrinking.
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  it.each(BOUNDARIES)('survives being killed (%s)', { timeout: 60_000 }, async (kill) => {
    const tally = emptyTally();
    for (let seed = 1; (tally.killedAt[kill]?.killed ?? 0) < KILLS && seed < 2_000; seed += 2) {
      for (const provider of PROVIDERS) add(tally, (await playSchedule({ provider, seed, kill })).tally);
    }
    expect(tally.failures).toEqual([]);
    expect(tally.killedAt[kill]?.killed).toBeGreaterThanOrEqual(KILLS);
  });

  it.each(PROVIDERS)('finds what a lost answer of %s was about', { timeout: 60_000 }, async (provider) => {
    const tally = emptyTally();
    for (let seed = 0; seed < 2 * LOST_ANSWERS; seed += 2) {
      add(tally, (await playSchedule({ provider, seed, single: 'answer lost' })).tally);
    }
    const { eligible, within10s, within90s } = tally.readBack;
    expect(eligible).toBeGreaterThan(0.5 * LOST_ANSWERS);
    expect(within10s / eligible).toBeGreaterThan(0.85);
    expect(within90s / eligible).toBeGreaterThan(0.99);
  });
});

describe('the simulation', () => {
  it('plays a seed the same way twice', async () => {
    const told: string[][] = [[], []];
    for (const lines of told) await playSchedule({ provider: 'glue', seed: 45 }, (line) => lines.push(line));
    expect(told[0]?.length).toBeGreaterThan(20);
    expect(told[1]).toEqual(told[0]);
  });

  it('goes red on a ledger that forgets', async () => {
    expect(await firstWrong('glue', forgetful)).toContain('sent again although it may have happened');
  });

  it('goes red on an adapter that calls a lost answer harmless', async () => {
    expect(await firstWrong('glue', hasty)).toContain('sent again although it may have happened');
  });

  it('goes red on an adapter that takes any execution for resumed', async () => {
    expect(await firstWrong('obs', trusting)).toContain('accepted although nothing was resumed');
  });

  it('shows what the AWS SDK’s default policy does in the same model', () => {
    const comparison = emptyComparison();
    for (let seed = 1; seed < 1_000; seed += 2) playBaseline({ provider: 'glue', seed }, 'sdk', comparison);
    expect(comparison.duplicates).toBeGreaterThan(0);
    expect(comparison.failedButRan).toBeGreaterThan(0);
  });
});
