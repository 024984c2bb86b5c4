import { describe, expect, it } from 'vitest';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { intentOf, LEASE_MS, listed, own, refusedSettlement, START_MS } from '../src/testing/ledger-bench.js';

async function settleOne(ledger: MemoryResumeLedger, key?: string): Promise<string> {
  const { intent } = await own(ledger, intentOf({ key }));
  await ledger.settle(intent.id, 1, refusedSettlement());
  return intent.id;
}

describe('a MemoryResumeLedger', () => {
  it('forgets a settled record without a key when there are a thousand newer ones', async () => {
    const ledger = new MemoryResumeLedger();
    const first = await settleOne(ledger);
    for (let index = 0; index < 999; index += 1) await settleOne(ledger);
    expect(await ledger.find(first)).toBeDefined();
    await settleOne(ledger);
    expect(await ledger.find(first)).toBeUndefined();
    expect(await listed(ledger)).toHaveLength(1_000);
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

  it('refuses an id that it knows already', async () => {
    const ledger = new MemoryResumeLedger();
    const { intent } = await own(ledger, intentOf());
    await expect(ledger.begin(intentOf({ id: intent.id }), 'next', START_MS, LEASE_MS)).rejects.toThrow(/used once/);
  });

  it.each([-1, Number.NaN])('refuses to keep %s records', (keepSettled) => {
    expect(() => new MemoryResumeLedger({ keepSettled })).toThrow(RangeError);
  });
});
