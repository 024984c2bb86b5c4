import { parentPort } from 'node:worker_threads';
import type { Job } from './jobs.js';
import { makeFast, runJob } from './jobs.js';
import { watchUnhandledRejections } from './world.js';

makeFast();
watchUnhandledRejections();
async function answer(job: Job): Promise<void> {
  parentPort?.postMessage(await runJob(job));
}

parentPort?.on('message', (job: Job) => {
  void answer(job);
});
