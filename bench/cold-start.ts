import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spreadOf } from './rounds.js';
import { startServer } from './server-process.js';
import type { Line } from './targets.js';

const run = promisify(execFile);

/** From the start of a process to its first answer: OBS alone, against a script with undici and zod only. */
export async function measureColdStart(rounds: number): Promise<Line[]> {
  const server = await startServer();
  const times = { ours: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const which of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
        const started = process.hrtime.bigint();
        await run(process.execPath, [join(import.meta.dirname, `cold-${which}.js`), server.origin]);
        times[which].push(Number(process.hrtime.bigint() - started) / 1e6);
      }
    }
  } finally {
    server.stop();
  }
  const ratios = times.ours.map((ms, round) => ms / (times.bare[round] ?? Number.NaN));
  return [
    { what: 'cold start to the first answer / bare undici + zod', measured: spreadOf(ratios), unit: '×', limit: 1.25, hoped: 1.1 },
    { what: 'cold start: ours', measured: spreadOf(times.ours), unit: ' ms' },
    { what: 'cold start: bare', measured: spreadOf(times.bare), unit: ' ms' },
  ];
}
