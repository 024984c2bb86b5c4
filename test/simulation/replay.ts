import type { Wanted } from './arguments.js';
import { makeFast } from './jobs.js';
import { playSchedule } from './schedule.js';
import { watchUnhandledRejections } from './world.js';

/** Plays single schedules once more and tells them; 1 where something went wrong. */
export async function replay(
  { providers, seed, lagMs, kill, single }: Omit<Wanted, 'runs'>,
  print: (line: string) => void,
): Promise<number> {
  makeFast();
  watchUnhandledRejections();
  let failed = 0;
  for (const provider of providers) {
    print(`${provider}, seed ${seed}`);
    const { findings } = await playSchedule({ provider, seed, lagMs, kill, single }, print);
    print(findings.length === 0 ? 'nothing went wrong' : `${findings.length} things went wrong`);
    failed += findings.length;
  }
  return failed === 0 ? 0 : 1;
}
