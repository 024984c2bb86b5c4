import { describe, expect, it } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import { fingerprintOf } from '../src/ledger/fingerprint.js';
import type { Intent, ResumeLedger } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { Outcome, ResumeOptions } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const target = { workflow: 'nightly', execution: 'run-1', action: 'restart', nodes: ['a'] } as const;
const keyed = { idempotencyKey: 'k' };

/** What another process does with the same ledger. */
interface OtherProcess {
  begin(intent?: Partial<Intent>): Promise<void>;
  settle(status: 'accepted' | 'refused'): Promise<void>;
}

/** A call whose reading does this, and then fails. */
function failingAfter(meanwhile: (other: OtherProcess) => Promise<void>, spoilt: Partial<ResumeLedger> = {}) {
  const runtime = new VirtualRuntime();
  const ledger = new MemoryResumeLedger();
  const other: OtherProcess = {
    async begin(different) {
      const fingerprint = fingerprintOf({ connection: 'fake-eu', target });
      const place = { provider: 'fake', connection: 'fake-eu', target, performed: 'restart', nodes: ['a'] } as const;
      const intent = { id: 'other', key: 'k', ...place, fingerprint, createdAtMs: runtime.nowMs(), ...different };
      await ledger.begin(intent, 'other', runtime.nowMs(), 60_000);
    },
    async settle(status) {
      const receipt = { execution: 'run-2', confirmedBy: 'answer' } as Extract<Outcome, { receipt: object }>['receipt'];
      const error = { message: 'not so', code: 'NOT_FOUND', attempts: 1 } as const;
      const verdict = status === 'accepted' ? ({ status, receipt } as const) : ({ status, error } as const);
      await ledger.settle('other', 1, { verdict, settledAtMs: runtime.nowMs() });
    },
  };
  const driver = fakeDriver({
    needsDiscovery: () => true,
    async doDiscover() {
      await meanwhile(other);
      throw new DriverFailure('the graph cannot be read', { code: 'PERMISSION_DENIED', effect: 'none' });
    },
  });
  const settings = { runtime, ledger: { ...stepsOf(ledger), ...spoilt } };
  const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, settings);
  const attempt = (options: ResumeOptions = keyed) => workflow.attempt(target, options);
  return { runtime, ledger, driver, attempt };
}

/** The same ledger, some steps of which can be spoilt. */
function stepsOf(ledger: ResumeLedger): ResumeLedger {
  return {
    begin: (...intent) => ledger.begin(...intent),
    lookup: (query) => ledger.lookup(query),
    find: (id) => ledger.find(id),
    claim: (...lease) => ledger.claim(...lease),
    renew: (...lease) => ledger.renew(...lease),
    release: (...word) => ledger.release(...word),
    settle: (...word) => ledger.settle(...word),
    list: () => ledger.list(),
  };
}

/** Answers the first time, and then never, or with an error. */
function onlyOnce(answer: () => Promise<undefined>): Partial<ResumeLedger> {
  let asked = 0;
  return { lookup: () => (++asked === 1 ? Promise.resolve(undefined) : answer()) };
}

describe('a call with a key that fails before its intent is written down', () => {
  it('says that nothing was resumed where nobody else has begun with the key', async () => {
    const { runtime, attempt } = failingAfter(async () => {});
    expect(await runtime.run(attempt())).toMatchObject({
      status: 'refused',
      error: { effect: 'none', code: 'PERMISSION_DENIED' },
    });
    expect(runtime.pending).toBe(0);
  });

  it('says that it is unknown where another process has begun with it since', async () => {
    const { runtime, attempt, driver } = failingAfter((other) => other.begin());
    const outcome = await runtime.run(attempt());
    expect(outcome).toMatchObject({
      status: 'unknown',
      error: { effect: 'unknown', code: 'PERMISSION_DENIED', intent: 'other' },
    });
    expect(driver.seen).toEqual([]);
    expect(runtime.pending).toBe(0);
  });

  it.each(['accepted', 'refused'] as const)('tells what another process came to with it: %s', async (status) => {
    const { runtime, attempt } = failingAfter(async (other) => {
      await other.begin();
      await other.settle(status);
    });
    const told = { accepted: { receipt: { confirmedBy: 'ledger' } }, refused: { error: { code: 'NOT_FOUND' } } };
    expect(await runtime.run(attempt())).toMatchObject({ status, ...told[status] });
  });

  it.each<[string, Partial<Intent>]>([
    ['another key', { key: 'another' }],
    ['the key for another request', { fingerprint: 'f' }],
  ])('is not put in doubt by %s', async (_what, different) => {
    const { runtime, attempt } = failingAfter((other) => other.begin(different));
    expect(await runtime.run(attempt())).toMatchObject({ status: 'refused', error: { effect: 'none' } });
  });

  it.each<[string, () => Promise<undefined>]>([
    ['fails', () => Promise.reject(new Error('no space left'))],
    ['does not answer', () => new Promise(() => {})],
  ])('says that it is unknown where the ledger %s when it is asked again', async (_what, answer) => {
    const { runtime, attempt } = failingAfter(async () => {}, onlyOnce(answer));
    const startedMs = runtime.nowMs();
    const outcome = await runtime.run(attempt());
    expect(outcome).toMatchObject({ status: 'unknown', error: { effect: 'unknown', code: 'PERMISSION_DENIED' } });
    expect(runtime.nowMs() - startedMs).toBeLessThan(20);
    expect(runtime.pending).toBe(0);
  });

  it('does not take an intent for another one’s that its own failed begin has left', async () => {
    const { runtime, ledger, attempt, driver } = failingAfter(async () => {}, {
      async begin(...intent) {
        await ledger.begin(...intent);
        throw new Error('no space left');
      },
    });
    driver.needsDiscovery = () => false;
    expect(await runtime.run(attempt())).toMatchObject({ status: 'refused', error: { code: 'UNAVAILABLE' } });
    expect(driver.seen).toEqual([]);
  });

  it('asks again where it is aborted meanwhile, and ends within 50 ms all the same', async () => {
    for (const spoilt of [{}, onlyOnce(() => new Promise(() => {}))]) {
      const controller = new AbortController();
      const { runtime, attempt } = failingAfter(async (other) => {
        await other.begin();
        controller.abort();
        await new Promise(() => {});
      }, spoilt);
      const startedMs = runtime.nowMs();
      const outcome = await runtime.run(attempt({ ...keyed, signal: controller.signal }));
      expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'CANCELLED' } });
      expect(runtime.nowMs() - startedMs).toBeLessThan(50);
    }
  });

  it('is cancelled without effect where nobody else has begun', async () => {
    const controller = new AbortController();
    const { runtime, attempt } = failingAfter(async () => {
      controller.abort();
      await new Promise(() => {});
    });
    const outcome = await runtime.run(attempt({ ...keyed, signal: controller.signal }));
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'CANCELLED', effect: 'none' } });
  });

  it('is told of an acceptance also where its time is up', async () => {
    const { runtime, attempt } = failingAfter(async (other) => {
      await other.begin();
      await other.settle('accepted');
      await new Promise(() => {});
    });
    const outcome = await runtime.run(attempt({ ...keyed, timeoutMs: 1_000, readBack: 'off' }));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'ledger', execution: 'run-2' } });
  });
});

describe('a call without a key that fails before its intent is written down', () => {
  it('does not ask again: it is a call of its own', async () => {
    const { runtime, attempt } = failingAfter(
      async () => {},
      onlyOnce(() => Promise.reject(new Error('no space left'))),
    );
    expect(await runtime.run(attempt({}))).toMatchObject({ status: 'refused', error: { effect: 'none' } });
  });
});
