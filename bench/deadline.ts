import { CallScope } from '../src/deadline.js';
import { REAL_RUNTIME } from '../src/runtime.js';
import { spreadOf } from './rounds.js';
import type { Line } from './targets.js';

const COUNT = 100_000;

/** What a deadline adds to a call: the life of a scope with one, less that of a scope without. */
export async function measureDeadline(rounds: number): Promise<Line> {
  const added: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const without = await costOf({});
    const withOne = await costOf({ timeoutMs: 30_000 });
    // The first round compiles.
    if (round > 0) added.push(withOne - without);
  }
  return { what: 'a deadline on every call', measured: spreadOf(added), unit: ' µs', limit: 1, hoped: 0.5 };
}

/** Microseconds of CPU for one scope, 32 alive at a time. */
async function costOf(limits: { timeoutMs?: number }): Promise<number> {
  const alive: CallScope[] = [];
  const cpu = process.cpuUsage();
  for (let made = 0; made < COUNT; made += 1) {
    alive.push(new CallScope(REAL_RUNTIME, limits));
    if (alive.length < 32) continue;
    for (const scope of alive) scope.dispose();
    alive.length = 0;
    // Calls end in later turns than they begin.
    if (made % 1_024 < 32) await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / COUNT;
}
