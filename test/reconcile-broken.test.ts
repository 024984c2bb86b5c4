import { describe, expect, it } from 'vitest';
import type { Attempt, Finding } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { Outcome } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';
import { VirtualRuntime } from './virtual-runtime.js';

const target = { workflow: 'nightly', execution: 'run-1' };
const nothing = { found: 'nothing', seen: 'no run' } as const;
const resumed: Finding = {
  found: 'resumed',
  acceptance: { execution: 'run-2', nodes: ['a'], nodesBasis: 'observed' },
};
const never = (): Promise<never> => new Promise(() => {});
/** For reconcile, besides the time that it looks for: what the steps of the ledger may take. */
const LEDGER_MS = 30_000;

type Step = 'lookup' | 'claim' | 'release' | 'settle';

/** A connection that has lost an answer, over a ledger whose steps can be made to hang or to throw. */
async function inDoubt(finding: Finding) {
  const runtime = new VirtualRuntime();
  const ledger = new MemoryResumeLedger();
  const driver = fakeDriver({
    async doResume(_target, _selection, attempt: Attempt) {
      attempt.dispatch();
      throw new DriverFailure('the answer was lost', { code: 'UNAVAILABLE', effect: 'unknown' });
    },
    doFindResumed: async () => finding,
  });
  const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger });
  await runtime.run(rejected(workflow.resume({ ...target, nodes: ['a'] }, { readBack: 'off' })));
  const startedMs = runtime.nowMs();
  const breakStep = (step: Step, broken: () => Promise<never> = never): void => {
    ledger[step] = broken;
  };
  return { runtime, workflow, breakStep, elapsedMs: () => runtime.nowMs() - startedMs };
}

describe('reconcile over a ledger that does not answer', () => {
  it('tells what it has found where it cannot be written down', async () => {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(resumed);
    breakStep('settle');
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000 }));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { execution: 'run-2', confirmedBy: 'read-back' } });
    if (outcome.status === 'accepted') {
      expect(outcome.receipt.warnings).toEqual([
        expect.stringMatching(/^it is not known whether the ledger was told: no answer/),
      ]);
    }
    expect(elapsedMs()).toBe(1_000 + LEDGER_MS);
  });

  it('tells that it has found nothing', async () => {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(nothing);
    breakStep('release');
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000 }));
    expect(outcome).toMatchObject({ status: 'unknown', error: { effect: 'unknown', message: /no run/ } });
    expect(elapsedMs()).toBe(1_000 + LEDGER_MS);
  });

  it.each(['lookup', 'claim'] as const)('ends where %s hangs', async (step) => {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(resumed);
    breakStep(step);
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000 }));
    expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'DEADLINE_EXCEEDED', effect: 'unknown' } });
    expect(elapsedMs()).toBe(1_000 + LEDGER_MS);
  });

  it.each([
    ['lookup', resumed, 'unknown'],
    ['claim', resumed, 'unknown'],
    ['release', nothing, 'unknown'],
    ['settle', resumed, 'accepted'],
  ] as const)('ends with its signal while %s hangs', async (step, finding, status) => {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(finding);
    breakStep(step);
    const stop = new AbortController();
    runtime.startTimer(2_000, () => stop.abort());
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000, signal: stop.signal }));
    expect(outcome.status).toBe(status);
    expect(elapsedMs()).toBe(2_000);
  });

  it('ends with its connection, too', async () => {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(resumed);
    breakStep('settle');
    runtime.startTimer(2_000, () => void workflow.close());
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000 }));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { execution: 'run-2' } });
    expect(elapsedMs()).toBe(2_000);
  });

  it('says why where the ledger throws', async () => {
    const { runtime, workflow, breakStep } = await inDoubt(resumed);
    breakStep('settle', () => Promise.reject(new Error('the disk is full')));
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 1_000 }));
    expect(outcome).toMatchObject({
      status: 'accepted',
      receipt: { warnings: ['the ledger could not be told: the disk is full'] },
    });
  });
});

describe('reconcile', () => {
  it('holds the intent for as long as it looks', async () => {
    const { runtime, workflow } = await inDoubt(nothing);
    const first = workflow.reconcile(target, { readBackMs: 120_000 });
    const second = new Promise<Outcome>((resolve) => {
      runtime.startTimer(110_000, () => resolve(workflow.reconcile(target, { readBackMs: 1_000 })));
    });
    expect(await runtime.run(second)).toMatchObject({
      status: 'unknown',
      error: { message: expect.stringMatching(/somebody still works on intent/) },
    });
    expect(await runtime.run(first)).toMatchObject({
      status: 'unknown',
      error: {
        code: 'ABORTED',
        message: expect.stringMatching(/intent \S+ was not settled by whoever made it.*no run/),
      },
    });
  });
});

describe('close', () => {
  /** Closes a second after a call whose answer was lost, and which tells the ledger so. */
  async function closing(release: (runtime: VirtualRuntime) => Promise<never>) {
    const { runtime, workflow, breakStep, elapsedMs } = await inDoubt(nothing);
    breakStep('release', () => release(runtime));
    const call = rejected(workflow.resume({ ...target, execution: 'run-9' }, { readBack: 'off' }));
    await runtime.run(new Promise((resolve) => runtime.startTimer(1_000, () => resolve(workflow.close()))));
    return { runtime, call, elapsedMs };
  }

  it('does not wait for ever for a ledger that cannot be told the last word', async () => {
    const { runtime, call, elapsedMs } = await closing(never);
    expect(elapsedMs()).toBe(11_000);
    expect(await runtime.run(call)).toMatchObject({ effect: 'unknown' });
  });

  it('waits for one that is only slow', async () => {
    const { runtime, call, elapsedMs } = await closing(async (slow) => {
      await slow.sleep(3_000);
      throw new Error('too slow');
    });
    expect(elapsedMs()).toBe(3_000);
    expect(await runtime.run(call)).toMatchObject({ effect: 'unknown' });
  });
});
