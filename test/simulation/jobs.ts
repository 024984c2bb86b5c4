import { z } from 'zod';
import type { Comparison, Policy } from './baselines.js';
import { emptyComparison, playBaseline } from './baselines.js';
import type { Order } from './plan.js';
import { playSchedule } from './schedule.js';
import type { Tally } from './tally.js';
import { add, emptyTally } from './tally.js';

/** A stretch of schedules of one kind, small enough to be shared out. */
export interface Job {
  /** What the seeds are filled into. */
  readonly order: Omit<Order, 'seed'>;
  readonly from: number;
  /** From one seed to the next; 2 keeps to one climate. */
  readonly step: number;
  readonly count: number;
  readonly policy?: Policy | undefined;
}

export interface Done {
  readonly tally: Tally;
  readonly comparison: Comparison;
}

/** Schedules that are under way at a time: each of their events has a turn of the event loop to itself. */
const AT_ONCE = 16;

/** Makes it fast: nobody looks at stacks here, and schemas are used too seldom to be compiled. */
export function makeFast(): void {
  Error.stackTraceLimit = 0;
  z.config({ jitless: true });
}

export async function runJob({ order, from, step, count, policy }: Job): Promise<Done> {
  const tally = emptyTally();
  const comparison = emptyComparison();
  const seedAt = (index: number): number => from + index * step;
  if (policy !== undefined) {
    for (let index = 0; index < count; index += 1) playBaseline({ ...order, seed: seedAt(index) }, policy, comparison);
    return { tally, comparison };
  }
  let next = 0;
  const play = async (): Promise<void> => {
    while (next < count) {
      const one = { ...order, seed: seedAt(next++) };
      add(tally, (await playSchedule(one)).tally);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
  return { tally, comparison };
}
