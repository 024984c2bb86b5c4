import { cpus } from 'node:os';
import { measureCalls, measureThroughput } from './calls.js';
import { measureCeiling } from './ceiling.js';
import { measureColdStart } from './cold-start.js';
import { measureDeadline } from './deadline.js';
import { measureGrowth } from './growth.js';
import type { Line } from './targets.js';
import { keeps, table } from './targets.js';

// Many short rounds and turns: what else the machine does then falls on both sides of a ratio.
const ROUNDS = Number(process.env['ROUNDS'] ?? 31);
const COUNT = Number(process.env['COUNT'] ?? 1_000);
const TURNS = 4;
/** Of what is measured in other ways than call by call. */
const FEWER_ROUNDS = 15;

const [cpu] = cpus();
console.log(`Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; a loopback server in its own process.`);
console.log(`CPU per call: ${ROUNDS} interleaved rounds of ${TURNS} turns, ${COUNT / TURNS} calls each, 32 at a time; distinct targets, default ledger.\n`);

const { lines: calls, trusted } = await measureCalls({ rounds: ROUNDS, count: COUNT, concurrency: 32, turns: TURNS });
const lines: Line[] = [
  ...calls,
  await measureDeadline(FEWER_ROUNDS),
  ...(await measureThroughput(Math.min(ROUNDS, 7))),
  ...(await measureColdStart(FEWER_ROUNDS)),
  ...(await measureGrowth(3)),
  await measureCeiling(5),
];
console.log(table(lines));
if (!trusted) {
  console.log('\nREFUSED: raw undici against itself is not within 0.95 to 1.05, so that none of this counts. Run it again.');
  process.exitCode = 2;
} else if (!lines.every(keeps)) {
  console.log('\nNot every limit is kept.');
  process.exitCode = 1;
}
