import { deepEqual, equal } from 'node:assert/strict';
import type { TestLedger } from './ledger-bench.js';
import {
  acceptedSettlement,
  intentOf,
  LEASE_MS,
  listed,
  own,
  plain,
  refusedSettlement,
  START_MS,
  sameTargetAs,
} from './ledger-bench.js';

/** What `find` and `list` must do, and what outlives a restart. */
export function testRecords(test: TestLedger): void {
  test('find knows what was begun, and nothing else', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    deepEqual(plain((await ledger.find(intent.id))?.intent), plain(intent));
    equal(await ledger.find('nothing'), undefined);
    equal(await ledger.find(intent.target.execution), undefined);
  });

  test('a settlement is kept as it was given, and the lease is gone', async ({ ledger }) => {
    for (const settlementOf of [acceptedSettlement, refusedSettlement]) {
      const { intent } = await own(ledger, intentOf({ key: settlementOf.name }));
      await ledger.settle(intent.id, 1, settlementOf(intent));
      const record = await ledger.find(intent.id);
      deepEqual(plain(record), plain({ intent, fence: 1, settlement: settlementOf(intent) }));
    }
  });

  test('a settled record without a key is kept whole or forgotten', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    await ledger.settle(intent.id, 1, refusedSettlement());
    const record = plain(await ledger.find(intent.id));
    if (record !== undefined) deepEqual(record, plain({ intent, fence: 1, settlement: refusedSettlement() }));
  });

  test('list has every record once, unsettled ones first', async ({ ledger }) => {
    deepEqual(await listed(ledger), []);
    const intents = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => intentOf({ key }));
    for (const [index, intent] of intents.entries()) {
      await own(ledger, intent);
      if (index % 2 === 0) await ledger.settle(intent.id, 1, refusedSettlement());
      if (index === 3) await ledger.release(intent.id, 1, 'lost');
    }
    const records = await listed(ledger);
    deepEqual(records.map(({ intent }) => intent.key ?? '').sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
    deepEqual(
      records.map(({ settlement }) => settlement !== undefined),
      [false, false, false, true, true, true],
    );
    for (const record of records) deepEqual(plain(await ledger.find(record.intent.id)), plain(record));
  });

  test('a list can be left early, and records settled while it runs do it no harm', async ({ ledger }) => {
    const intents = Array.from({ length: 6 }, () => intentOf({ key: crypto.randomUUID() }));
    for (const intent of intents) await own(ledger, intent);
    for await (const _record of ledger.list()) break;
    const seen: string[] = [];
    for await (const { intent } of ledger.list()) {
      seen.push(intent.id);
      for (const { id } of intents) await ledger.settle(id, 1, refusedSettlement());
    }
    equal(new Set(seen).size, seen.length);
  });

  test('what a method has answered is there after a restart', async ({ ledger, reopen }) => {
    const owned = await own(ledger, intentOf({ key: 'owned' }));
    const renewed = await own(ledger, intentOf({ key: 'renewed' }));
    const released = await own(ledger, intentOf({ key: 'released' }));
    const claimed = await own(ledger, intentOf({ key: 'claimed' }));
    const settled = await own(ledger, intentOf({ key: 'settled' }));
    await ledger.renew(renewed.intent.id, 1, START_MS + 5_000, LEASE_MS);
    await ledger.release(released.intent.id, 1, 'lost');
    await ledger.claim(claimed.intent.id, 'second', START_MS + LEASE_MS, LEASE_MS);
    await ledger.settle(settled.intent.id, 1, acceptedSettlement(settled.intent));
    const again = await reopen();
    for (const { intent } of [owned, renewed, released, claimed, settled]) {
      const record = plain(await again.find(intent.id));
      deepEqual(record, plain(await ledger.find(intent.id)));
      const { connection, key, target } = intent;
      deepEqual(plain(await again.lookup({ key, target: { ...target, connection } })), record);
      const { status } = await again.begin(sameTargetAs(intent, { key }), 'third', START_MS, LEASE_MS);
      equal(status, key === 'settled' ? 'settled' : 'pending');
    }
    equal((await again.find(renewed.intent.id))?.lease?.expiresAtMs, START_MS + LEASE_MS + 5_000);
    deepEqual((await listed(again)).map(({ intent }) => intent.key ?? '').sort(), [
      'claimed',
      'owned',
      'released',
      'renewed',
      'settled',
    ]);
    equal(await again.settle(owned.intent.id, 1, refusedSettlement()), true);
    equal(await ledger.settle(owned.intent.id, 1, refusedSettlement()), false);
  });

  test('long and strange texts come back as they were', async ({ ledger, reopen }) => {
    const strange = '\u0000\u001b[31m "\\ \n\u2028\ud83d\ude00 日本 ../../etc/passwd %00 {} null';
    const target = { workflow: strange, execution: 'x'.repeat(20_000), action: 'skip', nodes: [strange, ''] } as const;
    const intent = intentOf({
      id: strange,
      key: `${strange}${'k'.repeat(20_000)}`,
      target,
      reason: strange,
      actor: strange,
    });
    await own(ledger, intent);
    await ledger.release(strange, 1, strange);
    const again = await reopen();
    const record = await again.find(strange);
    deepEqual(plain(record?.intent), plain(intent));
    equal(record?.unknownBecause, strange);
    equal(
      (await again.lookup({ key: intent.key, target: { connection: '', workflow: '', execution: '' } }))?.intent.id,
      strange,
    );
  });
}
