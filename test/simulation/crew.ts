import { Worker } from 'node:worker_threads';
import type { Comparison } from './baselines.js';
import { emptyComparison } from './baselines.js';
import type { Done, Job } from './jobs.js';
import type { Progress } from './progress.js';
import { add, emptyTally } from './tally.js';

/** Schedules that one job has at most. */
const MAX_COUNT = 2_000;

/** Workers that share the jobs out among themselves. */
export class Crew {
  readonly #workers: Worker[];
  readonly #progress: Progress | undefined;

  /** @param progress - is told of every piece that is done. */
  constructor(size: number, progress?: Progress) {
    this.#progress = progress;
    this.#workers = Array.from(
      { length: size },
      () => new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 64 } }),
    );
  }

  /** Runs one large job in pieces. */
  async run(job: Job): Promise<Done> {
    const pieces: Job[] = [];
    for (let begun = 0; begun < job.count; begun += MAX_COUNT) {
      const count = Math.min(MAX_COUNT, job.count - begun);
      pieces.push({ ...job, from: job.from + begun * job.step, count });
    }
    const tally = emptyTally();
    const comparison = emptyComparison();
    const work = async (worker: Worker): Promise<void> => {
      for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
        const done = await ask(worker, piece);
        add(tally, done.tally);
        this.#progress?.note(done.tally);
        addComparison(comparison, done.comparison);
      }
    };
    await Promise.all(this.#workers.map(work));
    return { tally, comparison };
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function addComparison(to: Comparison, from: Comparison): void {
  for (const name of Object.keys(to) as (keyof Comparison)[]) to[name] += from[name];
}

function ask(worker: Worker, job: Job): Promise<Done> {
  return new Promise((resolve, reject) => {
    const onMessage = (done: Done): void => {
      worker.off('error', reject);
      resolve(done);
    };
    worker.once('message', onMessage);
    worker.once('error', reject);
    worker.postMessage(job);
  });
}
