import type { TracingChannelSubscribers } from 'node:diagnostics_channel';
import { tracingChannel } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import { Secrets } from '../src/conceal.js';
import { CallScope } from '../src/deadline.js';
import type { Finding, Target, WorkflowDriver } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { Intent } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { TracedLedger } from '../src/ledger/traced-ledger.js';
import { LostAnswer } from '../src/lost-answer.js';
import { RetryGate } from '../src/retry.js';
import { Sender } from '../src/sending.js';
import { intentOf, LEASE_MS, listed, refusedSettlement, START_MS } from '../src/testing/ledger-bench.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const SECRET = 'SKEXAMPLEsecret0123456789';
const target: Target = { workflow: 'nightly', execution: 'run-1', action: 'resume', nodes: [] };

/** What is told on a channel by the end of each operation. */
function watched(name: string): Record<string, unknown>[] {
  const channel = tracingChannel<object>(`resumable-workflow:${name}`);
  const told: Record<string, unknown>[] = [];
  const ignored = (): void => {};
  const asyncEnd = (context: object): void => void told.push({ ...context });
  const listeners: TracingChannelSubscribers<object> = {
    start: ignored,
    end: ignored,
    asyncStart: ignored,
    asyncEnd,
    error: ignored,
  };
  channel.subscribe(listeners);
  onTestFinished(() => channel.unsubscribe(listeners));
  return told;
}

function calling(script: Partial<WorkflowDriver<'resume' | 'restart'>>) {
  const runtime = new VirtualRuntime();
  const secrets = new Secrets();
  secrets.add(SECRET);
  const call = new CallRecord(runtime, secrets, 'fake-eu');
  const scope = new CallScope(runtime, { timeoutMs: 30_000 });
  const driver = fakeDriver(script);
  const sender = new Sender(driver, new RetryGate(runtime.random));
  return { runtime, call, scope, driver, sender };
}
const refused = () => new DriverFailure(`no: ${SECRET}`, { code: 'NOT_FOUND', effect: 'none', httpStatus: 404 });

describe('each request of a call', () => {
  it('that resumes is told with its connection, and why it failed, without a secret', async () => {
    const told = watched('attempt');
    const answers = [
      (): void => {
        throw refused();
      },
      (): void => {
        throw new Error('a bug');
      },
      (): void => {},
    ];
    for (const answer of answers) {
      const { runtime, sender, call, scope } = calling({
        doResume: async (_target, { nodes }, attempt) => {
          attempt.dispatch();
          answer();
          return { execution: 'run-2', nodes, nodesBasis: 'reported' };
        },
      });
      const selection = { performed: 'resume', nodes: [] } as const;
      await runtime.run(sender.resume(target, selection, call, scope).catch(() => undefined));
    }
    expect(told).toMatchObject([
      {
        connection: 'fake-eu',
        purpose: 'resume',
        failure: { code: 'NOT_FOUND', effect: 'none', message: 'no: [concealed]', httpStatus: 404 },
      },
      { connection: 'fake-eu', purpose: 'resume', failure: { code: 'INTERNAL', effect: 'unknown' } },
      { connection: 'fake-eu', purpose: 'resume' },
    ]);
    expect(told[2]).not.toHaveProperty('failure');
  });

  it('that breaks before anything has left is told as without effect', async () => {
    const told = watched('attempt');
    const { runtime, sender, call, scope } = calling({ doResume: () => Promise.reject(new Error('a bug')) });
    const sent = sender.resume(target, { performed: 'resume', nodes: [] }, call, scope);
    await runtime.run(sent.catch(() => undefined));
    expect(told).toMatchObject([{ failure: { code: 'INTERNAL', effect: 'none' } }]);
  });

  it('that only reads is told with what it is for', async () => {
    const told = watched('attempt');
    const { runtime, sender, call, scope } = calling({ doDiscover: () => Promise.reject(new Error('a bug')) });
    await runtime.run(sender.discover(target, call, scope).catch(() => undefined));
    await runtime.run(sender.read(async () => 'seen', call, scope));
    expect(told).toMatchObject([
      { connection: 'fake-eu', purpose: 'discover', failure: { code: 'INTERNAL', effect: 'none' } },
      { connection: 'fake-eu', purpose: 'read' },
    ]);
  });
});

describe('looking for a lost answer', () => {
  it('is told with its intent and what was found, and each of its reads', async () => {
    const [lookedFor, reads] = [watched('read-back'), watched('attempt')];
    const found: Finding[] = [
      { found: 'nothing', seen: 'it is still failed' },
      { found: 'several', executions: ['run-2', 'run-3'] },
    ];
    const { runtime, driver, call, scope } = calling({
      doFindResumed: async () => found.shift() ?? { found: 'nothing', seen: '' },
    });
    const intent: Intent = intentOf({ target });
    const lost = { why: 'lost', details: { code: 'UNAVAILABLE', effect: 'unknown' } } as const;
    await runtime.run(new LostAnswer(driver, intent, lost).lookFor(5_000, call, scope));
    expect(lookedFor).toMatchObject([
      { provider: 'fake', connection: 'fake-eu', target, intent: intent.id, found: 'several' },
    ]);
    expect(reads).toMatchObject(Array(2).fill({ connection: 'fake-eu', purpose: 'read-back' }));
  });
});

describe('each step of a ledger', () => {
  it('is told with its connection and intent, and answers as the ledger does', async () => {
    const told = watched('ledger');
    const ledger = new TracedLedger(new MemoryResumeLedger(), 'fake-eu');
    const intent = intentOf({ id: 'one', key: 'k' });
    expect((await ledger.begin(intent, 'me', START_MS, LEASE_MS)).status).toBe('owned');
    const { connection } = intent;
    expect((await ledger.lookup({ key: 'k', target: { ...target, connection } }))?.intent.id).toBe('one');
    expect((await ledger.find('one'))?.fence).toBe(1);
    expect(await ledger.renew('one', 1, START_MS, LEASE_MS)).toBe(true);
    expect(await ledger.release('one', 1, 'lost')).toBe(true);
    expect((await ledger.claim('one', 'you', START_MS, LEASE_MS))?.fence).toBe(2);
    expect(await ledger.settle('one', 2, refusedSettlement())).toBe(true);
    expect((await listed(ledger)).map(({ intent: { id } }) => id)).toEqual(['one']);
    const steps = ['begin', 'lookup', 'find', 'renew', 'release', 'claim', 'settle'];
    expect(told).toMatchObject(steps.map((step) => ({ connection: 'fake-eu', step })));
    expect(told.map((one) => one['intent'])).toEqual(['one', undefined, 'one', 'one', 'one', 'one', 'one']);
  });

  it('costs nothing where nobody listens', async () => {
    const ledger = new TracedLedger(new MemoryResumeLedger(), 'fake-eu');
    expect(await ledger.renew('nothing', 1, START_MS, LEASE_MS)).toBe(false);
    expect(await ledger.find('nothing')).toBeUndefined();
  });
});
