import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { ResumeOptions } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';
import { VirtualRuntime } from './virtual-runtime.js';

const REFUSED = { status: 'refused', error: { message: 'given up', code: 'CANCELLED', attempts: 0 } } as const;
const target = { workflow: 'nightly', execution: 'run-1' };

describe('calls that come after one that everybody has left', () => {
  /** A call that everybody has left, and whose ledger takes its time to be told so; and an equal one that waits for it. */
  async function waiting(options: ResumeOptions) {
    const runtime = new VirtualRuntime();
    let sent = 0;
    /** Takes its time to be told that the first one is in doubt. */
    class SlowLedger extends MemoryResumeLedger {
      override async release(id: string, fence: number): Promise<boolean> {
        await runtime.sleep(500);
        return await this.settle(id, fence, { verdict: REFUSED, settledAtMs: runtime.nowMs() });
      }
    }
    const doResume = (_target: unknown, _selection: unknown, attempt: Attempt): Promise<never> => {
      attempt.dispatch();
      sent += 1;
      return attempt.race(new Promise(() => {}));
    };
    const doFindResumed = async () => ({ found: 'nothing', seen: 'no run' }) as const;
    const driver = fakeDriver({ doResume, doFindResumed });
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger: new SlowLedger() });
    const stop = new AbortController();
    const first = rejected(workflow.resume(target, { signal: stop.signal, readBack: 'off' }));
    runtime.startTimer(10, () => stop.abort());
    await runtime.run(first);
    const startedMs = runtime.nowMs();
    const second = rejected(workflow.resume(target, options));
    return { runtime, workflow, second, sent: () => sent, elapsedMs: () => runtime.nowMs() - startedMs };
  }

  it('keep their own time', async () => {
    const { runtime, second, elapsedMs } = await waiting({ timeoutMs: 100, readBackMs: 2_000 });
    expect(await runtime.run(second)).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'unknown' });
    expect(elapsedMs()).toBe(2_120);
  });

  /** A call that was accepted or refused, and that its caller has left while its ledger is slow to be told so. */
  async function leftWhileSettling({ refuses = false } = {}) {
    const runtime = new VirtualRuntime();
    let sent = 0;
    class SlowLedger extends MemoryResumeLedger {
      override async settle(...step: Parameters<MemoryResumeLedger['settle']>): Promise<boolean> {
        await runtime.sleep(500);
        return await super.settle(...step);
      }
    }
    const driver = fakeDriver({
      async doResume({ execution }, { nodes }, attempt: Attempt) {
        attempt.dispatch();
        sent += 1;
        if (refuses) throw new DriverFailure('no', { code: 'FAILED_PRECONDITION', effect: 'none' });
        return { execution: `${execution}-${sent}`, nodes, nodesBasis: 'expected' };
      },
    });
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger: new SlowLedger() });
    const stop = new AbortController();
    const first = rejected(workflow.resume(target, { signal: stop.signal }));
    runtime.startTimer(10, () => stop.abort());
    // What it did is known, where it was refused.
    expect(await runtime.run(first)).toMatchObject({ code: 'CANCELLED', effect: refuses ? 'none' : 'unknown' });
    return { runtime, workflow, sent: () => sent };
  }

  it('are told that it was accepted where they are equal', async () => {
    const { runtime, workflow, sent } = await leftWhileSettling();
    const outcome = await runtime.run(workflow.attempt(target));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { execution: 'run-1-1', confirmedBy: 'answer' } });
    expect(sent()).toBe(1);
    expect(runtime.pending).toBe(0);
  });

  it('are sent after it where it was refused', async () => {
    const { runtime, workflow, sent } = await leftWhileSettling({ refuses: true });
    expect(await runtime.run(workflow.attempt(target))).toMatchObject({ status: 'refused', error: { attempts: 1 } });
    expect(sent()).toBe(2);
  });

  it('are sent after it where they differ', async () => {
    const { runtime, workflow, sent } = await leftWhileSettling();
    const outcome = await runtime.run(workflow.attempt({ ...target, nodes: ['b'] }));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { execution: 'run-1-2' } });
    expect(sent()).toBe(2);
    expect(runtime.pending).toBe(0);
  });

  it('do not know what became of it where their time is up before', async () => {
    const { runtime, workflow, sent } = await leftWhileSettling();
    const outcome = await runtime.run(workflow.attempt(target, { timeoutMs: 100, readBack: 'off' }));
    expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'DEADLINE_EXCEEDED', attempts: 0 } });
    expect(sent()).toBe(1);
  });

  it('send nothing after close()', async () => {
    const { runtime, workflow, second, sent, elapsedMs } = await waiting({});
    runtime.startTimer(100, () => void workflow.close());
    expect(await runtime.run(second)).toMatchObject({ code: 'CANCELLED', effect: 'unknown' });
    expect(elapsedMs()).toBe(100);
    await runtime.run(runtime.sleep(60_000));
    expect(sent()).toBe(1);
  });
});
