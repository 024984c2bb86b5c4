import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { Begun, ResumeLedger } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { Outcome } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import type { FakeDriver } from './fake-driver.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

// What drivers and ledgers in plain JavaScript do that their types forbid: a verdict comes all the same, and the
// execution is free again.

const target = { workflow: 'nightly', execution: 'run-1' };
const off = { readBack: 'off' } as const;
const unprintable: unknown = Object.create(null);

/** A connection whose first request fails as told. */
function failingOnce(fail: (attempt: Attempt) => unknown, ledger?: ResumeLedger) {
  const runtime = new VirtualRuntime();
  let sent = 0;
  const driver: FakeDriver = fakeDriver();
  Object.assign(driver, {
    doResume: (_target: unknown, { nodes }: { nodes: readonly string[] }, attempt: Attempt) => {
      sent += 1;
      if (sent === 1) return fail(attempt);
      attempt.dispatch();
      return Promise.resolve({ execution: target.execution, nodes, nodesBasis: 'reported' });
    },
  });
  return {
    runtime,
    driver,
    workflow: createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger }),
    sent: () => sent,
  };
}

const thrower = (thrown: unknown) => (): never => {
  throw thrown;
};
const wordless = Object.assign(new Error('replaced'), { message: { code: 7 } });
const numbered = new DriverFailure('no', {
  code: 'NOT_FOUND',
  effect: 'none',
  ...({ providerCode: 404, requestId: 7 } as unknown as { providerCode: string; requestId: string }),
});

describe('a driver that throws what it must not', () => {
  it.each([
    ['what cannot be put into words', unprintable, 'something was thrown that cannot be put into words'],
    ['an error whose message is an object', wordless, '[object Object]'],
    ['a failure with a number for its code', numbered, 'no'],
  ])('%s: a verdict, and the next call goes through', async (_what, thrown, words) => {
    for (const fail of [thrower(thrown), async () => thrower(thrown)()]) {
      const { workflow, runtime, driver, sent } = failingOnce(fail);
      const first = await workflow.attempt(target, off);
      expect(first).toMatchObject({ status: 'refused', error: { name: 'ResumeError', effect: 'none' } });
      expect((first as { error: Error }).error.message).toContain(words);
      expect(await workflow.attempt(target, off)).toMatchObject({ status: 'accepted' });
      expect(sent()).toBe(2);
      expect(runtime.pending).toBe(0);
      await workflow.close();
      expect(driver.closed).toBe(1);
    }
  });

  it('tells numbers as text', async () => {
    const { workflow } = failingOnce((attempt) => {
      attempt.conceal('a secret');
      throw numbered;
    });
    const first = await workflow.attempt(target, off);
    expect(first).toMatchObject({ error: { code: 'NOT_FOUND', providerCode: '404', requestId: '7' } });
  });
});

/** A ledger with one step of its own. */
function ledgerWith(step: Partial<Record<keyof ResumeLedger, unknown>>): ResumeLedger {
  return Object.assign(new MemoryResumeLedger(), step);
}

describe('a ledger that answers what it must not', () => {
  it('rejects the settlement with what cannot be put into words: the verdict stands', async () => {
    const ledger = ledgerWith({ settle: async () => thrower(unprintable)() });
    const { workflow, runtime } = failingOnce((attempt) => {
      attempt.dispatch();
      return Promise.resolve({ ...target, nodes: [], nodesBasis: 'reported' });
    }, ledger);
    const outcome = await workflow.attempt(target, off);
    const warnings = outcome.status === 'accepted' ? outcome.receipt.warnings : [];
    expect(warnings.join()).toContain('the ledger could not be told: something was thrown');
    expect(runtime.pending).toBe(0);
  });

  it.each([
    ['no record', { status: 'owned' }],
    ['an empty record', { status: 'owned', record: {} }],
  ])('says that an intent is ours with %s: nothing is sent', async (_what, answer) => {
    const ledger = ledgerWith({ begin: async () => answer as unknown as Begun });
    const { workflow, runtime, sent } = failingOnce(thrower(new Error('sent')), ledger);
    const outcome: Outcome = await workflow.attempt(target, off);
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'UNAVAILABLE', effect: 'none' } });
    expect((outcome as { error: Error }).error.message).toContain('the ledger does not work, so nothing was sent');
    expect([sent(), runtime.pending]).toEqual([0, 0]);
  });

  it('has settled something in what is the future since a clock was set back: it is told once', async () => {
    const runtime = new VirtualRuntime();
    const ledger = new MemoryResumeLedger();
    const driver = fakeDriver();
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger });
    const restart = { ...target, action: 'restart', nodes: ['n'] } as const;
    expect(await workflow.attempt(restart, off)).toMatchObject({ status: 'accepted' });
    runtime.jumpTo(runtime.nowMs() - 3_600_000);
    expect(await workflow.attempt(target, off)).toMatchObject({ status: 'accepted' });
    expect(driver.seen).toHaveLength(2);
  });
});

describe('what a driver does while its flight starts', () => {
  it('calls for the same again: one request, and each waits for as long as it may', async () => {
    const runtime = new VirtualRuntime();
    let sent = 0;
    const inner: Promise<Outcome>[] = [];
    const driver = fakeDriver();
    Object.assign(driver, {
      doResume: async (_target: unknown, _selection: unknown, attempt: Attempt) => {
        attempt.dispatch();
        sent += 1;
        inner.push(workflow.attempt(target, { ...off, timeoutMs: 3_000 }));
        await attempt.race(runtime.sleep(600));
        return { execution: target.execution, nodes: [], nodesBasis: 'reported' };
      },
    });
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime });
    const outer = await runtime.run(workflow.attempt(target, { ...off, timeoutMs: 200 }));
    expect(outer).toMatchObject({ status: 'unknown', error: { code: 'DEADLINE_EXCEEDED' } });
    expect(await runtime.run(Promise.all(inner))).toMatchObject([{ status: 'accepted' }]);
    expect([sent, runtime.pending]).toEqual([1, 0]);
  });

  it('begins to watch the ledger: the call goes on', async () => {
    const channel = 'tracing:resumable-workflow:ledger:start';
    const watch = (): void => {};
    const driver = fakeDriver({
      needsDiscovery: () => {
        subscribe(channel, watch);
        return false;
      },
    });
    try {
      const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime: new VirtualRuntime() });
      expect(await workflow.attempt(target)).toMatchObject({ status: 'accepted' });
      expect(await workflow.attempt(target)).toMatchObject({ status: 'accepted' });
    } finally {
      unsubscribe(channel, watch);
      unsubscribe(channel, watch);
    }
  });
});
