import { deepEqual, equal } from 'node:assert/strict';
import type { Intent, ResumeLedger } from '../ledger/ledger.js';
import type { TestLedger } from './ledger-bench.js';
import {
  acceptedSettlement,
  intentOf,
  LEASE_MS,
  own,
  plain,
  refusedSettlement,
  START_MS,
  sameTargetAs,
} from './ledger-bench.js';

const begin = (ledger: ResumeLedger, intent: Intent) => ledger.begin(intent, 'second', START_MS, LEASE_MS);

/** What `begin` and `lookup` must do. */
export function testBeginning(test: TestLedger): void {
  test('what nothing stands in the way of is owned, with a lease of fence 1', async ({ ledger }) => {
    const intent = intentOf({ key: 'k' });
    const { status, record } = await ledger.begin(intent, 'first', START_MS, LEASE_MS);
    equal(status, 'owned');
    deepEqual(plain(record.intent), plain(intent));
    deepEqual(record.lease, { owner: 'first', fence: 1, expiresAtMs: START_MS + LEASE_MS });
    equal(record.fence, 1);
    equal(record.settlement, undefined);
  });

  test('a target is taken while an intent for it is unsettled', async ({ ledger }) => {
    const first = await own(ledger, intentOf());
    for (const key of [undefined, 'k']) {
      const { status, record } = await begin(ledger, sameTargetAs(first.intent, { key }));
      deepEqual([status, record.intent.id, record.lease], ['pending', first.intent.id, first.lease]);
    }
  });

  test('a target stays taken when the lease has expired or was given up', async ({ ledger }) => {
    const first = await own(ledger, intentOf());
    const late = await ledger.begin(sameTargetAs(first.intent), 'second', START_MS + 10 * LEASE_MS, LEASE_MS);
    deepEqual([late.status, late.record.intent.id], ['pending', first.intent.id]);
    await ledger.release(first.intent.id, 1, 'the answer was lost');
    const { status, record } = await begin(ledger, sameTargetAs(first.intent));
    deepEqual([status, record.unknownBecause], ['pending', 'the answer was lost']);
  });

  test('a target is free again once its intent is settled, however it ended', async ({ ledger }) => {
    const first = await own(ledger, intentOf());
    await ledger.settle(first.intent.id, 1, acceptedSettlement(first.intent));
    const second = await own(ledger, sameTargetAs(first.intent));
    await ledger.settle(second.intent.id, 1, refusedSettlement());
    equal((await begin(ledger, sameTargetAs(first.intent))).status, 'owned');
  });

  test('what was settled for a target after the call had looked is told instead of begun', async ({
    ledger,
    reopen,
  }) => {
    const other = await reopen();
    const { intent } = await own(ledger, intentOf({ key: 'k' }));
    await ledger.settle(intent.id, 1, acceptedSettlement(intent));
    const { settledAtMs } = acceptedSettlement(intent);
    for (const key of [undefined, 'another']) {
      const early = sameTargetAs(intent, { key, lookedUpAtMs: settledAtMs - 1 });
      const { status, record } = await begin(other, early);
      deepEqual([status, record.intent.id, record.settlement !== undefined], ['settled', intent.id, true]);
      equal(await other.find(early.id), undefined);
      equal((await begin(other, intentOf({ key }))).status, 'owned');
    }
    const elsewhere = intentOf({ lookedUpAtMs: settledAtMs - 1 });
    equal((await begin(other, elsewhere)).status, 'owned');
    equal((await begin(other, sameTargetAs(intent, { lookedUpAtMs: settledAtMs }))).status, 'owned');
  });

  test('of several that were settled since, the equal one is told', async ({ ledger, reopen }) => {
    const settledOne = async (intent: Intent, afterMs: number): Promise<Intent> => {
      await own(ledger, intent);
      const settlement = acceptedSettlement(intent);
      await ledger.settle(intent.id, 1, { ...settlement, settledAtMs: settlement.settledAtMs + afterMs });
      return intent;
    };
    const equal1 = await settledOne(intentOf(), 0);
    const equal2 = await settledOne(sameTargetAs(equal1), 1);
    const keyed = await settledOne(sameTargetAs(equal1, { key: 'k' }), 2);
    const different = await settledOne(sameTargetAs(equal1, { fingerprint: 'different' }), 3);
    const { settledAtMs } = acceptedSettlement(equal1);
    const other = await reopen();
    for (const [asked, told] of [
      [{ lookedUpAtMs: settledAtMs - 1 }, equal2],
      [{ lookedUpAtMs: settledAtMs + 1 }, different],
      [{ lookedUpAtMs: settledAtMs - 1, fingerprint: 'third' }, different],
      [{ lookedUpAtMs: settledAtMs - 1, key: 'another' }, different],
      [{ lookedUpAtMs: settledAtMs - 1, key: 'k' }, keyed],
    ] as const) {
      const { status, record } = await begin(other, sameTargetAs(equal1, asked));
      deepEqual([status, record.intent.id], ['settled', told.id]);
    }
  });

  test('what was settled before the call looked, or for another target, is no news', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    await ledger.settle(intent.id, 1, refusedSettlement());
    const later = sameTargetAs(intent, { lookedUpAtMs: refusedSettlement().settledAtMs + 1 });
    equal((await begin(ledger, later)).status, 'owned');
    await ledger.settle(later.id, 1, refusedSettlement());
    equal((await begin(ledger, sameTargetAs(intent))).status, 'owned');
  });

  test('targets differ by connection, workflow and execution, and by nothing else', async ({ ledger }) => {
    const first = await own(ledger, intentOf());
    const { target } = first.intent;
    for (const other of [
      { connection: 'any-us' },
      { target: { ...target, workflow: 'hourly-etl' } },
      { target: { ...target, execution: 'other' } },
    ]) {
      equal((await begin(ledger, sameTargetAs(first.intent, other))).status, 'owned');
    }
    for (const same of [{ target: { ...target, action: 'skip', nodes: ['x'] } as const }, { provider: 'another' }]) {
      equal((await begin(ledger, sameTargetAs(first.intent, same))).status, 'pending');
    }
  });

  test('names that could be taken for one another are kept apart', async ({ ledger }) => {
    const names = [
      'a',
      'a/',
      'a/b',
      'b',
      '',
      ' ',
      '../a',
      '..',
      '.',
      'A',
      'a\u0000b',
      'a:b',
      '1:a',
      '\ud800',
      '\ud801',
      'é',
      'e\u0301',
    ];
    const pairs = names.flatMap((workflow) => names.slice(0, 6).map((execution) => ({ workflow, execution })));
    for (const pair of pairs) {
      const intent = intentOf({ target: { ...intentOf().target, ...pair }, key: `${pair.workflow}|${pair.execution}` });
      equal((await begin(ledger, intent)).status, 'owned', JSON.stringify(pair));
    }
    for (const id of names.filter((name) => name !== '')) {
      const intent = intentOf({ id, key: `k ${id}` });
      equal((await begin(ledger, intent)).status, 'owned', JSON.stringify(id));
      equal((await ledger.find(id))?.intent.target.execution, intent.target.execution);
    }
  });

  test('a key is known from its first begin on, for any target and connection', async ({ ledger }) => {
    const first = await own(ledger, intentOf({ key: 'k' }));
    const again = await begin(ledger, intentOf({ key: 'k', connection: 'any-us' }));
    deepEqual([again.status, again.record.intent.id], ['pending', first.intent.id]);
    await ledger.settle(first.intent.id, 1, acceptedSettlement(first.intent));
    const settled = await begin(ledger, sameTargetAs(first.intent, { key: 'k' }));
    deepEqual([settled.status, plain(settled.record.settlement)], ['settled', acceptedSettlement(first.intent)]);
  });

  test('a key that is known for another fingerprint is answered with that record', async ({ ledger }) => {
    const first = await own(ledger, intentOf({ key: 'k' }));
    const { status, record } = await begin(ledger, intentOf({ key: 'k' }));
    deepEqual([status, record.intent.fingerprint], ['pending', first.intent.fingerprint]);
  });

  test('a known key comes before a taken target', async ({ ledger }) => {
    const keyed = await own(ledger, intentOf({ key: 'k' }));
    await ledger.settle(keyed.intent.id, 1, refusedSettlement());
    const other = await own(ledger, intentOf());
    const { status, record } = await begin(ledger, sameTargetAs(other.intent, { key: 'k' }));
    deepEqual([status, record.intent.id], ['settled', keyed.intent.id]);
  });

  test('a begin that finds something leaves nothing behind', async ({ ledger }) => {
    const first = await own(ledger, intentOf({ key: 'k' }));
    const byTarget = sameTargetAs(first.intent, { key: 'another' });
    const byKey = intentOf({ key: 'k' });
    await begin(ledger, byTarget);
    await begin(ledger, byKey);
    deepEqual([await ledger.find(byTarget.id), await ledger.find(byKey.id)], [undefined, undefined]);
    equal(
      await ledger.lookup({ key: 'another', target: { connection: 'x', workflow: 'x', execution: 'x' } }),
      undefined,
    );
    equal((await begin(ledger, sameTargetAs(byKey, { key: 'another' }))).status, 'owned');
  });

  test('of many that begin at once, one is owned and the others find it', async ({ ledger, reopen }) => {
    const other = await reopen();
    const { intent } = await own(ledger, intentOf({ key: 'done' }));
    await ledger.settle(intent.id, 1, refusedSettlement());
    for (const more of [{}, { key: 'k' }]) {
      const one = intentOf(more);
      const many = Array.from({ length: 16 }, (_, index) =>
        begin(index % 2 === 0 ? ledger : other, sameTargetAs(one, more)),
      );
      const answers = await Promise.all(many);
      equal(answers.filter(({ status }) => status === 'owned').length, 1);
      equal(answers.filter(({ status }) => status === 'pending').length, 15);
      equal(new Set(answers.map(({ record }) => record.intent.id)).size, 1);
    }
  });

  test('of many that begin one key for different targets at once, one is owned', async ({ ledger, reopen }) => {
    const other = await reopen();
    const intents = Array.from({ length: 12 }, () => intentOf({ key: 'k' }));
    const answers = await Promise.all(intents.map((intent, index) => begin(index % 2 === 0 ? ledger : other, intent)));
    equal(answers.filter(({ status }) => status === 'owned').length, 1);
    equal(new Set(answers.map(({ record }) => record.intent.id)).size, 1);
    const free = intents.filter(({ id }) => id !== answers[0]?.record.intent.id);
    for (const intent of free) equal((await begin(other, sameTargetAs(intent))).status, 'owned');
  });

  test('lookup finds a key first, settled or not, then an unsettled intent of the target', async ({ ledger }) => {
    const keyed = await own(ledger, intentOf({ key: 'k' }));
    const other = await own(ledger, intentOf());
    const at = ({ connection, target: { workflow, execution } }: Intent) => ({ connection, workflow, execution });
    const idOf = async (query: Parameters<ResumeLedger['lookup']>[0]) => (await ledger.lookup(query))?.intent.id;
    equal(await idOf({ key: 'k', target: at(other.intent) }), keyed.intent.id);
    equal(await idOf({ key: 'new', target: at(other.intent) }), other.intent.id);
    equal(await idOf({ target: at(keyed.intent) }), keyed.intent.id);
    equal(await idOf({ target: at(intentOf()) }), undefined);
    await ledger.settle(keyed.intent.id, 1, refusedSettlement());
    await ledger.settle(other.intent.id, 1, refusedSettlement());
    equal(await idOf({ key: 'k', target: at(other.intent) }), keyed.intent.id);
    equal(await idOf({ target: at(keyed.intent) }), undefined);
    equal(await idOf({ key: 'new', target: at(other.intent) }), undefined);
  });
}
