import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { FileResumeLedger } from '../src/index.js';
import type { Outcome, ResumeOptions } from '../src/types.js';

const CHILD = join(import.meta.dirname, 'fixtures/resume-child.mjs');
const root = join(import.meta.dirname, '..');
const target = { workflow: 'graph_1', execution: 'exec-001' };
let emulator: ObsEmulator;
let folder: string;

beforeEach(async () => {
  emulator = await new ObsEmulator().start();
  folder = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
});
afterEach(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

function startChild(options: ResumeOptions, calls: number) {
  const { endpoint, credentials } = emulator;
  const order = JSON.stringify({ folder, endpoint, credentials, target, options, calls });
  const child = spawn(process.execPath, [CHILD, order], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const outcomes = new Promise<Outcome[]>((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(printed) as Outcome[]) : reject(new Error(`exit ${code}`)),
    );
  });
  return { child, outcomes };
}

/** What all calls of one resume must agree on, whoever of them sent it. */
function verdictOf(outcome: Outcome): unknown {
  if (outcome.status !== 'accepted') return outcome;
  const { confirmedBy: _who, ...receipt } = outcome.receipt;
  return receipt;
}

describe('64 equal calls in four processes over one file ledger', () => {
  it.each([
    ['without a key, at the same time', {}],
    ['with one idempotency key', { idempotencyKey: 'nightly' }],
  ])('%s: one mutation, 64 equal verdicts', { timeout: 20_000 }, async (_what, options) => {
    // Long enough for all of them to have asked before the first one is answered.
    emulator.faults.add({ kind: 'delay', when: 'before', delayMs: 4_000 });
    const outcomes = (await Promise.all([1, 2, 3, 4].map(() => startChild(options, 16).outcomes))).flat();
    expect(outcomes).toHaveLength(64);
    expect(emulator.journal.mutating).toHaveLength(1);
    for (const outcome of outcomes) expect(verdictOf(outcome)).toEqual(verdictOf(outcomes[0] as Outcome));
    expect(outcomes[0]).toMatchObject({ status: 'accepted' });
  });
});

describe('a process that is killed while its request is on its way', () => {
  it('leaves an intent that the next one reads back: the right verdict, nothing sent twice', {
    timeout: 20_000,
  }, async () => {
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const options = { idempotencyKey: 'nightly' };
    const { child, outcomes } = startChild(options, 1);
    outcomes.catch(() => {});
    for (let tries = 0; tries < 500 && emulator.journal.mutating.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const { endpoint, credentials } = emulator;
    const workflow = createObsWorkflow({
      name: 'obs-north',
      endpoint,
      credentials,
      ledger: new FileResumeLedger(folder),
    });
    const outcome = await workflow.attempt(target, options);
    await workflow.close();
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'read-back', execution: 'exec-001' } });
    expect(emulator.journal.mutating).toHaveLength(1);
  });
});
