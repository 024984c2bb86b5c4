import { createObsWorkflow } from '../providers/obs/index.js';

/** Streams many resumes through one connection and prints what that took. Run by growth.ts. */
const [origin = '', count = '0'] = process.argv.slice(2);
const credentials = { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00' };
const obs = createObsWorkflow({ name: 'obs', endpoint: origin, credentials });

function* requests(from: number, until: number) {
  for (let number = from; number < until; number += 1) yield { workflow: 'graph_1', execution: `exec-${number}` };
}

let peak = 0;
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage().rss);
};

async function stream(from: number, until: number): Promise<void> {
  let done = 0;
  for await (const outcome of obs.resumeEach(requests(from, until), { concurrency: 256 })) {
    if (outcome.status !== 'accepted') throw outcome.error;
    done += 1;
    // Collected at times, so that what is kept counts and not how lazy the collector is.
    if (done % 500 === 0) {
      globalThis.gc?.();
      look();
    }
  }
}

// What a process needs to run at all, its code compiled, is in both figures.
await stream(-1_000, 0);
const started = process.hrtime.bigint();
await stream(0, Number(count));
look();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
await obs.close();
process.stdout.write(JSON.stringify({ peakMib: peak / 1024 ** 2, seconds }));
