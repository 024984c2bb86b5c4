import { describe, expect, it } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import type { ConnectionParts } from '../src/connection-parts.js';
import { ResumeError } from '../src/errors.js';
import type { Begun, ResumeLedger } from '../src/ledger/ledger.js';
import { LedgerSteps } from '../src/ledger/ledger-steps.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { RetryGate } from '../src/retry.js';
import { Sender } from '../src/sending.js';
import { settle, withdraw } from '../src/settling.js';
import {
  acceptedSettlement,
  intentOf,
  LEASE_MS,
  own,
  refusedSettlement,
  START_MS,
} from '../src/testing/ledger-bench.js';
import type { Outcome } from '../src/types.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const runtime = new VirtualRuntime();

function partsOn(ledger: ResumeLedger): ConnectionParts {
  const driver = fakeDriver();
  const sender = new Sender(driver, new RetryGate(() => 0));
  const { secrets } = new CallRecord(runtime);
  const steps = new LedgerSteps(ledger, 'fake-eu');
  return { name: 'fake-eu', driver, sender, ledger, steps, owner: 'me', runtime, secrets };
}

async function begun() {
  const ledger = new MemoryResumeLedger();
  const record = await own(ledger, intentOf({ key: 'k' }));
  const { verdict } = acceptedSettlement(record.intent);
  if (verdict.status !== 'accepted') throw new Error('it must be an accepted one');
  const error = new ResumeError('no', { code: 'NOT_FOUND', effect: 'none', attempts: 1 });
  const doubt = new ResumeError('lost', { code: 'UNAVAILABLE', effect: 'unknown', attempts: 1 });
  const accepted: Outcome = { status: 'accepted', receipt: verdict.receipt };
  const refused: Outcome = { status: 'refused', error };
  const unknown: Outcome = { status: 'unknown', error: doubt };
  return { ledger, record, parts: partsOn(ledger), accepted, refused, unknown };
}

describe('telling the ledger how an intent ended', () => {
  it('settles what was accepted or refused, and changes no verdict', async () => {
    for (const status of ['accepted', 'refused'] as const) {
      const { ledger, record, parts, [status]: outcome } = await begun();
      expect(await settle(parts, record, outcome)).toBe(outcome);
      expect((await ledger.find(record.intent.id))?.settlement).toMatchObject({
        verdict: { status },
        settledAtMs: runtime.nowMs(),
      });
    }
  });

  it('releases what stays unknown, with the reason for whoever asks next', async () => {
    const { ledger, record, parts, unknown } = await begun();
    expect(await settle(parts, record, unknown)).toBe(unknown);
    const { settlement, lease, unknownBecause } = (await ledger.find(record.intent.id)) ?? {};
    expect([settlement, lease, unknownBecause]).toEqual([undefined, undefined, 'lost']);
  });

  it('warns of an acceptance that somebody else has settled otherwise, naming the intent', async () => {
    const { ledger, record, parts, accepted } = await begun();
    await ledger.settle(record.intent.id, record.fence, refusedSettlement());
    const outcome = await settle(parts, record, accepted);
    if (outcome.status !== 'accepted' || accepted.status !== 'accepted') return expect.fail(outcome.status);
    expect(outcome.receipt.warnings).toEqual([
      ...accepted.receipt.warnings,
      `the ledger has another word on intent ${record.intent.id}`,
    ]);
  });

  it.each(['refused', 'unknown'] as const)(
    'with a key tells what stands there where somebody else has settled it, not that it is %s',
    async (status) => {
      const { ledger, record, parts, [status]: outcome, accepted } = await begun();
      if (accepted.status !== 'accepted') return expect.fail(accepted.status);
      await ledger.settle(record.intent.id, record.fence, acceptedSettlement(record.intent));
      expect(await settle(parts, record, outcome)).toEqual({
        status: 'accepted',
        receipt: { ...accepted.receipt, confirmedBy: 'ledger' },
      });
    },
  );

  it.each(['refused', 'unknown'] as const)(
    'without a key tells its own verdict, %s, whatever stands there',
    async (status) => {
      const { parts, ledger, [status]: outcome } = await begun();
      const record = await own(ledger, intentOf());
      await ledger.settle(record.intent.id, record.fence, acceptedSettlement(record.intent));
      expect(await settle(parts, record, outcome)).toBe(outcome);
    },
  );

  it.each(['accepted', 'refused'] as const)(
    'settles as %s what another one has taken over and given up',
    async (status) => {
      const { ledger, record, parts, [status]: outcome } = await begun();
      const { id } = record.intent;
      await ledger.claim(id, 'other', START_MS + LEASE_MS, LEASE_MS);
      await ledger.release(id, 2, 'no proof was found');
      expect(await settle(parts, record, outcome)).toBe(outcome);
      expect(await ledger.find(id)).toMatchObject({ fence: 3, settlement: { verdict: { status } } });
    },
  );

  it('says of a refusal with a key that it is unknown while another one is at it, naming the intent', async () => {
    const { ledger, record, parts, refused } = await begun();
    const { id, target } = record.intent;
    await ledger.claim(id, 'other', runtime.nowMs(), LEASE_MS);
    const outcome = await settle(parts, record, refused);
    if (outcome.status !== 'unknown') return expect.fail(outcome.status);
    const { code, effect, intent, attempts, message } = outcome.error;
    expect([code, effect, intent, attempts]).toEqual(['ABORTED', 'unknown', id, 1]);
    expect(message).toContain(`another process has taken intent ${id} over, and has not told yet`);
    expect(message).toContain(`${target.workflow} / ${target.execution}`);
  });

  it('keeps a refusal without a key, and an acceptance, while another one is at it', async () => {
    const { ledger, parts, refused, accepted } = await begun();
    for (const outcome of [refused, accepted]) {
      const record = await own(ledger, intentOf({ key: outcome === accepted ? 'accepted' : undefined }));
      await ledger.claim(record.intent.id, 'other', runtime.nowMs(), LEASE_MS);
      const { status } = await settle(parts, record, outcome);
      expect(status).toBe(outcome.status);
      expect((await ledger.find(record.intent.id))?.lease?.owner).toBe('other');
    }
  });

  it('takes nothing over to say that it stays unknown', async () => {
    const { ledger, record, parts, unknown } = await begun();
    await ledger.claim(record.intent.id, 'other', START_MS + LEASE_MS, LEASE_MS);
    await ledger.release(record.intent.id, 2, 'no proof was found');
    expect(await settle(parts, record, unknown)).toBe(unknown);
    expect(await ledger.find(record.intent.id)).toMatchObject({ fence: 2, unknownBecause: 'no proof was found' });
  });

  it('tells its own verdict where the one that stands is forgotten, or there is none yet', async () => {
    const { ledger, record, parts, unknown } = await begun();
    await ledger.release(record.intent.id, 1, 'lost');
    await ledger.claim(record.intent.id, 'other', START_MS, LEASE_MS);
    expect(await settle(parts, record, unknown)).toBe(unknown);
    ledger.find = async () => undefined;
    expect(await settle(parts, record, unknown)).toBe(unknown);
  });

  it.each(['refused', 'unknown'] as const)(
    'leaves a verdict alone that is %s where it cannot be told',
    async (status) => {
      const { ledger, record, parts, [status]: outcome } = await begun();
      ledger.settle = ledger.release = () => Promise.reject(new Error('disk full'));
      expect(await settle(parts, record, outcome)).toBe(outcome);
    },
  );

  it.each([
    [new Error('disk full'), 'the ledger could not be told: disk full'],
    // Nobody has to throw errors.
    ['a word' as unknown as Error, 'the ledger could not be told: a word'],
  ])('warns of an acceptance that could not be written down', async (thrown, warning) => {
    const { ledger, record, parts, accepted } = await begun();
    ledger.settle = () => Promise.reject(thrown);
    expect(await settle(parts, record, accepted)).toMatchObject({
      status: 'accepted',
      receipt: { warnings: ['asked for but not restarted by itself: load', warning] },
    });
  });
});

describe('withdrawing an intent for which nothing is going to be sent', () => {
  const late = (ledger: ResumeLedger, intent = intentOf()): { id: string; answer: Promise<Begun> } => ({
    id: intent.id,
    answer: ledger.begin(intent, 'me', runtime.nowMs(), LEASE_MS),
  });

  it('settles it as not sent, so that it stands in nobody’s way', async () => {
    const ledger = new MemoryResumeLedger();
    const { id, answer } = late(ledger);
    await withdraw(partsOn(ledger), answer, id);
    expect((await ledger.find(id))?.settlement).toEqual({
      verdict: {
        status: 'refused',
        error: { message: 'given up before anything was sent', code: 'CANCELLED', attempts: 0 },
      },
      settledAtMs: runtime.nowMs(),
    });
  });

  it('finds it where the answer was an error although it was written down', async () => {
    const ledger = new MemoryResumeLedger();
    const { id, answer } = late(ledger);
    await answer;
    await withdraw(partsOn(ledger), Promise.reject(new Error('the answer was lost')), id);
    expect((await ledger.find(id))?.settlement?.verdict.status).toBe('refused');
  });

  it('asks the ledger no more than it has answered', async () => {
    const ledger = new MemoryResumeLedger();
    const { id, answer } = late(ledger);
    const find = ledger.find.bind(ledger);
    let asked = 0;
    ledger.find = async () => {
      asked += 1;
      return undefined;
    };
    await withdraw(partsOn(ledger), answer, id);
    expect(asked).toBe(0);
    expect((await find(id))?.settlement).toBeDefined();
  });

  it('touches nobody else’s intent', async () => {
    const ledger = new MemoryResumeLedger();
    const other = await own(ledger, intentOf({ key: 'k' }));
    const { id, answer } = late(ledger, intentOf({ key: 'k' }));
    expect((await answer).status).toBe('pending');
    const settled: string[] = [];
    ledger.settle = async (which) => settled.push(which) < 0;
    await withdraw(partsOn(ledger), answer, id);
    expect(settled).toEqual([]);
    expect(await ledger.find(other.intent.id)).toEqual(other);
  });

  it('leaves a settlement alone that is there', async () => {
    const ledger = new MemoryResumeLedger();
    const { intent } = await own(ledger, intentOf({ key: 'k' }));
    await ledger.settle(intent.id, 1, refusedSettlement());
    let settled = 0;
    ledger.settle = async () => {
      settled += 1;
      return false;
    };
    await withdraw(partsOn(ledger), Promise.reject(new Error('the answer was lost')), intent.id);
    expect(settled).toBe(0);
    expect((await ledger.find(intent.id))?.settlement).toEqual(refusedSettlement());
  });

  it('asks nothing of the ledger for what was never written down', async () => {
    const ledger = new MemoryResumeLedger();
    let settled = 0;
    ledger.settle = async () => {
      settled += 1;
      return false;
    };
    await withdraw(partsOn(ledger), Promise.reject(new Error('disk full')), 'never');
    expect(settled).toBe(0);
  });

  it('bears a ledger that does not work at all', async () => {
    const ledger = new MemoryResumeLedger();
    ledger.find = () => Promise.reject(new Error('disk full'));
    ledger.settle = () => Promise.reject(new Error('disk full'));
    const { id, answer } = late(ledger);
    await expect(withdraw(partsOn(ledger), answer, id)).resolves.toBeUndefined();
    await expect(withdraw(partsOn(ledger), Promise.reject(new Error('disk full')), id)).resolves.toBeUndefined();
  });
});
