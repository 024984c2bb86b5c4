import { DriverFailure } from '../src/driver-failure.js';
import type { Inspection } from '../src/inspection.js';
import type { FollowOptions, Progress } from '../src/progress.js';
import type { Receipt } from '../src/types.js';
import { readingConnection, receipt } from './inspect-bench.js';

/** What one read meets: what there is, or how it fails. */
export type Sighting = Inspection | DriverFailure;

/** A connection whose reads meet one thing after the other, the last one for ever. */
export function followed(...sightings: Sighting[]) {
  const readAtMs: number[] = [];
  const asked: (Receipt | undefined)[] = [];
  const connection = readingConnection({
    async doInspect(_ref, _attempt, resumed) {
      const sighting = sightings[Math.min(readAtMs.length, sightings.length - 1)];
      readAtMs.push(connection.runtime.nowMs());
      asked.push(resumed);
      if (sighting instanceof DriverFailure) throw sighting;
      return sighting as Inspection;
    },
  });
  return { ...connection, readAtMs, asked };
}

/** All that is told of a resume until it is settled, in virtual time. */
export async function toldOf(
  { runtime, workflow }: ReturnType<typeof followed>,
  of: Partial<Receipt> = {},
  options: FollowOptions = {},
): Promise<Progress[]> {
  const all: Progress[] = [];
  const follow = async (): Promise<void> => {
    for await (const progress of workflow.follow(receipt(of), options)) all.push(progress);
  };
  await runtime.run(follow());
  return all;
}

/** In one line each. */
export function inWords(all: readonly Progress[]): string[] {
  return all.map((progress) => {
    if (progress.kind === 'node') return `${progress.node.id}: ${progress.was ?? '-'} > ${progress.node.state}`;
    if (progress.kind === 'read-failed') return `read failed: ${progress.error.code}`;
    return `${progress.snapshot.state}${progress.settled ? ', settled' : ''}`;
  });
}

export function failing(code: DriverFailure['details']['code'], retryAfterMs?: number): DriverFailure {
  return new DriverFailure(`the service said ${code}`, { code, effect: 'none', retryAfterMs });
}
