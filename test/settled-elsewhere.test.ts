import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { fingerprintOf } from '../src/ledger/fingerprint.js';
import type { Begun, Intent, LedgerRecord } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { Receipt, ResumeOptions } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const target = { workflow: 'nightly', execution: 'run-1', action: 'restart', nodes: ['a'] } as const;
const LONG_AFTER_MS = 3_600_000;
const keyed = { idempotencyKey: 'k' };

/** One call, the steps of which other processes get in between. */
class Beside {
  readonly runtime = new VirtualRuntime();
  readonly controller = new AbortController();
  /** At each step: nothing, unless a test says so. */
  onDiscover = async (): Promise<void> => {};
  onSend = async (_attempt: Attempt): Promise<void> => {};
  onAnswer = async (): Promise<void> => {};
  onBegun = async (begun: Begun): Promise<Begun> => begun;
  sent = 0;
  readonly #ledger = new MemoryResumeLedger();

  async attempt(options: ResumeOptions = {}) {
    const ledger = new MemoryResumeLedger();
    for (const step of ['lookup', 'find', 'claim', 'renew', 'release', 'settle', 'list'] as const) {
      Object.assign(ledger, { [step]: this.#ledger[step].bind(this.#ledger) });
    }
    ledger.begin = async (...intent) => this.onBegun(await this.#ledger.begin(...intent));
    const driver = fakeDriver({
      needsDiscovery: () => true,
      doDiscover: async () => {
        await this.onDiscover();
        return { performed: 'restart', nodes: ['a'] };
      },
      doResume: async (_target, _selection, attempt) => {
        await this.onSend(attempt);
        attempt.dispatch();
        this.sent += 1;
        await this.onAnswer();
        return { execution: 'run-2', nodes: ['a'], nodesBasis: 'reported' };
      },
    });
    const { runtime } = this;
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger });
    return await runtime.run(workflow.attempt(target, { signal: this.controller.signal, ...options }));
  }

  /** Another process makes a resume and is accepted, a while after what was before. */
  async otherResumes(execution: string, different: Partial<Intent> = {}): Promise<void> {
    await this.runtime.sleep(3);
    const nowMs = this.runtime.nowMs();
    const fingerprint = fingerprintOf({ connection: 'fake-eu', target });
    const asked = { provider: 'fake', connection: 'fake-eu', target, performed: 'restart', nodes: ['a'] } as const;
    const intent = { id: execution, ...asked, fingerprint, createdAtMs: nowMs, ...different };
    await this.#ledger.begin(intent, 'other', nowMs, 60_000);
    await this.#settle({ intent, fence: 1 }, execution);
  }

  /** The process sleeps through its lease, and another one takes its intent over. */
  async takenOver(): Promise<LedgerRecord> {
    this.runtime.jumpTo(this.runtime.nowMs() + LONG_AFTER_MS);
    const claimed = await this.#ledger.claim((await this.unsettled()) ?? '', 'other', this.runtime.nowMs(), 60_000);
    if (claimed === undefined) throw new Error('there is nothing to take over');
    return claimed;
  }

  /** It adopts what it has found. */
  async adopted(execution: string): Promise<void> {
    await this.#settle(await this.takenOver(), execution);
  }

  /** It has found nothing. */
  async givenUp(): Promise<void> {
    const { intent, fence } = await this.takenOver();
    await this.#ledger.release(intent.id, fence, 'no proof was found');
  }

  /** The intent that stands in the way of the target. */
  async unsettled(): Promise<string | undefined> {
    const { workflow, execution } = target;
    return (await this.#ledger.lookup({ target: { connection: 'fake-eu', workflow, execution } }))?.intent.id;
  }

  async #settle({ intent, fence }: Pick<LedgerRecord, 'intent' | 'fence'>, execution: string): Promise<void> {
    const receipt = { execution } as Receipt;
    const verdict = { status: 'accepted', receipt } as const;
    await this.#ledger.settle(intent.id, fence, { verdict, settledAtMs: this.runtime.nowMs() });
  }
}

const byLedger = (execution: string) => ({ status: 'accepted', receipt: { confirmedBy: 'ledger', execution } });

describe('a call that another process’s equal one overtakes', () => {
  it('is told its verdict, although a different one was settled after it', async () => {
    const beside = new Beside();
    beside.onDiscover = async () => {
      await beside.otherResumes('equal');
      await beside.otherResumes('different', { fingerprint: 'different' });
    };
    expect(await beside.attempt()).toMatchObject(byLedger('equal'));
    expect(beside.sent).toBe(0);
  });

  it('is told its verdict where it was settled while the ledger told of a different one', async () => {
    const beside = new Beside();
    let reads = 0;
    beside.onDiscover = async () => {
      reads += 1;
      if (reads === 1) await beside.otherResumes('different', { fingerprint: 'different' });
    };
    beside.onBegun = async (begun) => {
      if (reads === 1) await beside.otherResumes('equal');
      await beside.runtime.sleep(3);
      return begun;
    };
    expect(await beside.attempt()).toMatchObject(byLedger('equal'));
    expect(reads).toBe(2);
    expect(beside.sent).toBe(0);
  });

  it('reads again and sends where only different ones were settled', async () => {
    const beside = new Beside();
    let reads = 0;
    beside.onDiscover = async () => {
      reads += 1;
      if (reads < 3) await beside.otherResumes(`different-${reads}`, { fingerprint: `different-${reads}` });
    };
    expect(await beside.attempt()).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'answer' } });
    expect(reads).toBe(3);
    expect(beside.sent).toBe(1);
  });
});

describe('a call whose intent is taken over while its process sleeps', () => {
  const refuse = async (): Promise<never> => {
    throw new DriverFailure('there is no such run', { code: 'NOT_FOUND', effect: 'none' });
  };

  it('is told what whoever asks with its key is told', async () => {
    const beside = new Beside();
    beside.onSend = async () => {
      await beside.adopted('adopted');
      await refuse();
    };
    expect(await beside.attempt(keyed)).toMatchObject(byLedger('adopted'));
    expect(beside.sent).toBe(0);
  });

  it('is told its own verdict without a key', async () => {
    const beside = new Beside();
    beside.onSend = async () => {
      await beside.adopted('adopted');
      await refuse();
    };
    expect(await beside.attempt()).toMatchObject({ status: 'refused', error: { code: 'NOT_FOUND' } });
  });

  it.each([[keyed], [{}]])(
    'settles it by its own verdict where the other one has found nothing: %o',
    async (options) => {
      const beside = new Beside();
      beside.onSend = async () => {
        await beside.givenUp();
        await refuse();
      };
      expect(await beside.attempt(options)).toMatchObject({ status: 'refused', error: { code: 'NOT_FOUND' } });
      expect(await beside.unsettled()).toBeUndefined();
    },
  );

  it('is told that it is unknown as long as the other one looks, with a key', async () => {
    const beside = new Beside();
    beside.onSend = async () => {
      await beside.takenOver();
      await refuse();
    };
    const outcome = await beside.attempt(keyed);
    const intent = await beside.unsettled();
    expect(intent).toBeDefined();
    expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'ABORTED', effect: 'unknown', intent } });
  });

  it('keeps its own answer, with a note where the ledger cannot be told', async () => {
    const another = [expect.stringContaining('the ledger has another word')];
    for (const [elsewhere, warnings, isSettled] of [
      [(beside: Beside) => beside.adopted('adopted'), another, true],
      [async (beside: Beside) => void (await beside.takenOver()), another, false],
      [(beside: Beside) => beside.givenUp(), [], true],
    ] as const) {
      const beside = new Beside();
      beside.onAnswer = () => elsewhere(beside);
      const outcome = await beside.attempt(keyed);
      const receipt = { confirmedBy: 'answer', execution: 'run-2', warnings };
      expect(outcome).toMatchObject({ status: 'accepted', receipt });
      expect((await beside.unsettled()) === undefined).toBe(isSettled);
    }
  });

  it('is told so also where it is aborted as it wakes', async () => {
    const beside = new Beside();
    beside.onSend = async () => {
      await beside.adopted('adopted');
      beside.controller.abort();
      await new Promise(() => {});
    };
    expect(await beside.attempt(keyed)).toMatchObject(byLedger('adopted'));
  });

  it('is told so also where the ledger had not told it that it began', async () => {
    const beside = new Beside();
    beside.onBegun = async () => {
      await beside.adopted('adopted');
      throw new Error('no space left on device');
    };
    expect(await beside.attempt(keyed)).toMatchObject(byLedger('adopted'));
    expect(beside.sent).toBe(0);
  });
});

describe('a call on a closed connection', () => {
  it('does not say that nothing was resumed while another one of the execution is under way', async () => {
    const runtime = new VirtualRuntime();
    const driver = fakeDriver({
      async doResume(_target, _selection, attempt) {
        attempt.dispatch();
        return await new Promise(() => {});
      },
    });
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime });
    const first = workflow.attempt(target);
    await runtime.run(runtime.sleep(1));
    const closed = workflow.close();
    const meanwhile = workflow.attempt(target);
    const elsewhere = workflow.attempt({ ...target, execution: 'run-9' });
    await closed;
    expect((await first).status).toBe('unknown');
    expect(await meanwhile).toMatchObject({ status: 'unknown', error: { code: 'CANCELLED', effect: 'unknown' } });
    expect(await elsewhere).toMatchObject({ status: 'refused', error: { code: 'CANCELLED', effect: 'none' } });
    expect(await workflow.attempt(target)).toMatchObject({ status: 'refused', error: { effect: 'none' } });
  });
});
