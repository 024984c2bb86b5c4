import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spreadOf } from './rounds.js';
import { startServer } from './server-process.js';
import type { Line } from './targets.js';

const run = promisify(execFile);

interface Streamed {
  readonly peakMib: number;
  readonly seconds: number;
}

/** What grows with the work: time and peak memory of many resumes streamed through `resumeEach`. */
export async function measureGrowth(rounds: number): Promise<Line[]> {
  const server = await startServer();
  const seen = new Map<number, Streamed[]>([1_000, 10_000, 100_000].map((count) => [count, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [count, all] of seen) {
        const script = join(import.meta.dirname, 'stream.js');
        const { stdout } = await run(process.execPath, ['--expose-gc', script, server.origin, String(count)]);
        all.push(JSON.parse(stdout) as Streamed);
      }
    }
  } finally {
    server.stop();
  }
  const few = seen.get(1_000) ?? [];
  const many = seen.get(100_000) ?? [];
  const ratios = many.map(({ peakMib }, round) => peakMib / (few[round]?.peakMib ?? Number.NaN));
  return [
    { what: 'peak memory, 100,000 resumes / 1,000', measured: spreadOf(ratios), unit: '×', limit: 1.1, hoped: 1.03 },
    ...[...seen].flatMap(([count, all]): Line[] => [
      { what: `${count} resumes, 256 at a time`, measured: spreadOf(all.map(({ seconds }) => seconds)), unit: ' s' },
      { what: `${count} resumes, peak`, measured: spreadOf(all.map(({ peakMib }) => peakMib)), unit: ' MiB' },
    ]),
  ];
}
