import { describe, expect, it } from 'vitest';
import type { Intent } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import {
  intentOf,
  LEASE_MS,
  listed,
  own,
  refusedSettlement,
  START_MS,
  sameTargetAs,
} from '../src/testing/ledger-bench.js';

async function settleOne(ledger: MemoryResumeLedger, key?: string): Promise<string> {
  const { intent } = await own(ledger, intentOf({ key }));
  await ledger.settle(intent.id, 1, refusedSettlement());
  return intent.id;
}

describe('a MemoryResumeLedger', () => {
  it('forgets a settled record without a key when there are between one and two thousand newer ones', async () => {
    const ledger = new MemoryResumeLedger();
    const first = await settleOne(ledger);
    for (let index = 0; index < 998; index += 1) await settleOne(ledger);
    const last = await settleOne(ledger);
    for (let index = 0; index < 1_000; index += 1) await settleOne(ledger);
    expect([await ledger.find(first), await ledger.find(last)]).toEqual([expect.anything(), expect.anything()]);
    expect(await listed(ledger)).toHaveLength(2_000);
    await settleOne(ledger);
    expect([await ledger.find(first), await ledger.find(last)]).toEqual([undefined, undefined]);
    expect(await listed(ledger)).toHaveLength(1_001);
  });

  it('never drops what is unsettled and has no key, however much is settled meanwhile', async () => {
    const ledger = new MemoryResumeLedger();
    const { intent } = await own(ledger, intentOf());
    for (let index = 0; index < 2_500; index += 1) await settleOne(ledger);
    expect((await ledger.begin(sameTargetAs(intent), 'next', START_MS, LEASE_MS)).status).toBe('pending');
    expect(await ledger.settle(intent.id, 1, refusedSettlement())).toBe(true);
    for (let index = 0; index < 999; index += 1) await settleOne(ledger);
    const early = sameTargetAs(intent, { lookedUpAtMs: START_MS });
    expect((await ledger.begin(early, 'next', START_MS, LEASE_MS)).record.intent.id).toBe(intent.id);
  });

  it('lists what is settled while it lists', async () => {
    const ledger = new MemoryResumeLedger();
    const begun = [await own(ledger, intentOf()), await own(ledger, intentOf())];
    const ids: string[] = [];
    for await (const { intent } of ledger.list()) {
      for (const record of begun) await ledger.settle(record.intent.id, 1, refusedSettlement());
      ids.push(intent.id);
    }
    expect(ids).toEqual(begun.map(({ intent }) => intent.id));
  });

  it('keeps the newest settled records with a key, in the order of settlement, and forgets older ones with their keys', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 3 });
    const unsettled = await own(ledger, intentOf({ key: 'unsettled' }));
    const late = await own(ledger, intentOf({ key: 'late' }));
    for (let index = 0; index < 7; index += 1) await settleOne(ledger, `k${index}`);
    await ledger.settle(late.intent.id, 1, refusedSettlement());
    expect((await listed(ledger)).map(({ intent }) => intent.key ?? '').sort()).toEqual([
      'k5',
      'k6',
      'late',
      'unsettled',
    ]);
    const again = await ledger.begin(intentOf({ key: 'k4' }), 'next', START_MS, LEASE_MS);
    expect(again.status).toBe('owned');
    expect((await ledger.begin(intentOf({ key: 'k5' }), 'next', START_MS, LEASE_MS)).status).toBe('settled');
    expect(await ledger.find(unsettled.intent.id)).toBeDefined();
  });

  it('never drops what is unsettled, however many there are', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 1 });
    const begun = await Promise.all(
      Array.from({ length: 50 }, (_, index) => own(ledger, intentOf({ key: `k${index}` }))),
    );
    for (let index = 0; index < 5; index += 1) await settleOne(ledger, `settled ${index}`);
    for (const { intent } of begun) expect(await ledger.find(intent.id)).toBeDefined();
    expect(await listed(ledger)).toHaveLength(51);
  });

  it('may keep nothing that is settled', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 0 });
    await settleOne(ledger, 'k');
    expect(await listed(ledger)).toEqual([]);
    expect((await ledger.begin(intentOf({ key: 'k' }), 'next', START_MS, LEASE_MS)).status).toBe('owned');
  });

  it('keeps 10000 settled records with a key unless told otherwise', async () => {
    const ledger = new MemoryResumeLedger();
    for (let index = 0; index < 10_005; index += 1) await settleOne(ledger, `k${index}`);
    const kept = await listed(ledger);
    expect([kept.length, kept.map(({ intent }) => intent.key).includes('k4')]).toEqual([10_000, false]);
  });

  it('forgets the news of a target with its latest settled record only', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 1 });
    const first = await own(ledger, intentOf({ key: 'first' }));
    await ledger.settle(first.intent.id, 1, refusedSettlement());
    const second = await own(ledger, sameTargetAs(first.intent, { key: 'second' }));
    await ledger.settle(second.intent.id, 1, refusedSettlement());
    const early = sameTargetAs(first.intent, { lookedUpAtMs: START_MS });
    const { status, record } = await ledger.begin(early, 'next', START_MS, LEASE_MS);
    expect([status, record.intent.id]).toEqual(['settled', second.intent.id]);
    await settleOne(ledger, 'third');
    expect((await ledger.begin(early, 'next', START_MS, LEASE_MS)).status).toBe('owned');
  });

  it('tells of an equal request first, until that is forgotten', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 5_000 });
    const target = intentOf().target;
    const settled = async (more: Partial<Intent>) => {
      const { intent } = await own(ledger, intentOf({ target, ...more }));
      await ledger.settle(intent.id, 1, refusedSettlement());
      return intent.id;
    };
    const told = async (more: Partial<Intent>) => {
      const early = intentOf({ target, lookedUpAtMs: START_MS, ...more });
      return (await ledger.begin(early, 'next', START_MS, LEASE_MS)).record.intent.id;
    };
    const equal = await settled({ fingerprint: 'f' });
    const later = await settled({ fingerprint: 'g', key: 'later' });
    expect([await told({ fingerprint: 'f' }), await told({ fingerprint: 'f', key: 'k' })]).toEqual([equal, later]);
    expect(await told({ fingerprint: 'h' })).toBe(later);
    const again = await settled({ fingerprint: 'f' });
    const latest = await settled({ fingerprint: 'g', key: 'latest' });
    for (let index = 0; index < 1_998; index += 1) await settleOne(ledger);
    expect([await ledger.find(equal), await told({ fingerprint: 'f' })]).toEqual([undefined, again]);
    await settleOne(ledger);
    expect(await told({ fingerprint: 'f' })).toBe(latest);
  });

  it('forgets a key with its record, and no other key with a record that has none', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 1 });
    const kept = await settleOne(ledger, 'kept');
    for (let index = 0; index < 1_001; index += 1) await settleOne(ledger);
    const { target, connection } = intentOf();
    const lookup = async (key: string) => (await ledger.lookup({ key, target: { ...target, connection } }))?.intent.id;
    expect(await lookup('kept')).toBe(kept);
    const next = await settleOne(ledger, 'next');
    expect([await lookup('kept'), await lookup('next')]).toEqual([undefined, next]);
  });

  it('finds an intent without a key by its target only', async () => {
    const ledger = new MemoryResumeLedger();
    await own(ledger, intentOf());
    expect((await own(ledger, intentOf())).fence).toBe(1);
  });

  it('lists nothing that is forgotten while it lists', async () => {
    const ledger = new MemoryResumeLedger({ keepSettled: 1 });
    await own(ledger, intentOf({ key: 'unsettled' }));
    await settleOne(ledger, 'forgotten');
    const keys: (string | undefined)[] = [];
    for await (const { intent } of ledger.list()) {
      if (keys.length === 0) await settleOne(ledger, 'newer');
      keys.push(intent.key);
    }
    expect(keys).toEqual(['unsettled']);
  });

  it('refuses an id that it knows already', async () => {
    const ledger = new MemoryResumeLedger();
    const { intent } = await own(ledger, intentOf());
    await expect(ledger.begin(intentOf({ id: intent.id }), 'next', START_MS, LEASE_MS)).rejects.toThrow(/used once/);
  });

  it.each([-1, Number.NaN])('refuses to keep %s records', (keepSettled) => {
    expect(() => new MemoryResumeLedger({ keepSettled })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        problems: [{ field: 'keepSettled', message: 'must be a number from 0' }],
      }),
    );
  });
});
