import { deepEqual, equal } from 'node:assert/strict';
import type { TestLedger } from './ledger-bench.js';
import { acceptedSettlement, intentOf, LEASE_MS, own, plain, refusedSettlement, START_MS } from './ledger-bench.js';

const AFTER_MS = START_MS + LEASE_MS;

/** What `claim`, `renew`, `release` and `settle` must do. */
export function testLeases(test: TestLedger): void {
  test('a lease is good up to the millisecond in which it expires, for its own owner too', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    for (const owner of ['second', 'first']) {
      equal(await ledger.claim(intent.id, owner, AFTER_MS - 1, LEASE_MS), undefined);
    }
    const claimed = await ledger.claim(intent.id, 'second', AFTER_MS, LEASE_MS);
    deepEqual(claimed?.lease, { owner: 'second', fence: 2, expiresAtMs: AFTER_MS + LEASE_MS });
    deepEqual([claimed?.fence, plain(claimed?.intent)], [2, plain(intent)]);
  });

  test('a lease that was given up can be claimed at once, and who claims is told why', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    equal(await ledger.release(intent.id, 1, 'the answer was lost'), true);
    const claimed = await ledger.claim(intent.id, 'second', START_MS, LEASE_MS);
    deepEqual([claimed?.lease?.fence, claimed?.unknownBecause], [2, 'the answer was lost']);
  });

  test('the fence grows with each claim', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    for (let round = 1; round <= 5; round += 1) {
      const claimed = await ledger.claim(intent.id, `owner ${round}`, START_MS + round * LEASE_MS, LEASE_MS);
      deepEqual(
        [claimed?.fence, claimed?.lease?.fence, claimed?.lease?.owner],
        [round + 1, round + 1, `owner ${round}`],
      );
    }
  });

  test('what is settled or not known cannot be claimed, renewed, released or settled', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf({ key: 'k' }));
    equal(await ledger.settle(intent.id, 1, acceptedSettlement(intent)), true);
    for (const id of [intent.id, 'nothing']) {
      equal(await ledger.claim(id, 'second', AFTER_MS, LEASE_MS), undefined);
      equal(await ledger.renew(id, 1, START_MS, LEASE_MS), false);
      equal(await ledger.release(id, 1, 'x'), false);
      equal(await ledger.settle(id, 1, refusedSettlement()), false);
    }
    deepEqual(plain((await ledger.find(intent.id))?.settlement), acceptedSettlement(intent));
  });

  test('renew prolongs a lease, and any number of times', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    for (let round = 1; round <= 12; round += 1) {
      equal(await ledger.renew(intent.id, 1, START_MS + round * 1_000, LEASE_MS), true);
    }
    equal(await ledger.claim(intent.id, 'second', AFTER_MS + 11_999, LEASE_MS), undefined);
    deepEqual((await ledger.find(intent.id))?.lease, { owner: 'first', fence: 1, expiresAtMs: AFTER_MS + 12_000 });
    equal((await ledger.claim(intent.id, 'second', AFTER_MS + 12_000, LEASE_MS))?.fence, 2);
  });

  test('an expired lease that nobody has taken over can be renewed and settled', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf({ key: 'k' }));
    equal(await ledger.renew(intent.id, 1, AFTER_MS + 5_000, LEASE_MS), true);
    equal(await ledger.claim(intent.id, 'second', AFTER_MS + 6_000, LEASE_MS), undefined);
    equal(await ledger.settle(intent.id, 1, acceptedSettlement(intent)), true);
  });

  test('an owner that wakes up after another one has claimed changes nothing any more', async ({ ledger, reopen }) => {
    const { intent } = await own(ledger, intentOf());
    const other = await reopen();
    await other.claim(intent.id, 'second', AFTER_MS, LEASE_MS);
    const before = plain(await other.find(intent.id));
    equal(await ledger.renew(intent.id, 1, AFTER_MS, LEASE_MS), false);
    equal(await ledger.release(intent.id, 1, 'x'), false);
    equal(await ledger.settle(intent.id, 1, refusedSettlement()), false);
    deepEqual(plain(await other.find(intent.id)), before);
    equal(await other.settle(intent.id, 2, acceptedSettlement(intent)), true);
  });

  test('a fence that was never given out is refused', async ({ ledger }) => {
    const { intent } = await own(ledger, intentOf());
    for (const fence of [0, 2, -1, 1.5, Number.NaN]) {
      equal(await ledger.renew(intent.id, fence, START_MS, LEASE_MS), false);
      equal(await ledger.release(intent.id, fence, 'x'), false);
      equal(await ledger.settle(intent.id, fence, refusedSettlement()), false);
    }
    equal((await ledger.find(intent.id))?.lease?.fence, 1);
  });

  test('a lease that was given up cannot be renewed, but what it was about can still be settled', async ({
    ledger,
  }) => {
    const { intent } = await own(ledger, intentOf());
    await ledger.release(intent.id, 1, 'the answer was lost');
    equal(await ledger.renew(intent.id, 1, START_MS, LEASE_MS), false);
    const { lease, unknownBecause, fence } = (await ledger.find(intent.id)) ?? {};
    deepEqual([lease, unknownBecause, fence], [undefined, 'the answer was lost', 1]);
    equal(await ledger.release(intent.id, 1, 'still lost'), true);
    equal((await ledger.find(intent.id))?.unknownBecause, 'still lost');
    equal(await ledger.settle(intent.id, 1, refusedSettlement()), true);
  });

  test('of many that claim at once, one gets it', async ({ ledger, reopen }) => {
    const other = await reopen();
    const { intent } = await own(ledger, intentOf());
    const claims = Array.from({ length: 12 }, (_, index) =>
      (index % 2 === 0 ? ledger : other).claim(intent.id, `owner ${index}`, AFTER_MS, LEASE_MS),
    );
    const won = (await Promise.all(claims)).filter((record) => record !== undefined);
    deepEqual(
      won.map(({ fence }) => fence),
      [2],
    );
    deepEqual((await other.find(intent.id))?.lease, won[0]?.lease);
  });

  test('of many that settle at once, one does', async ({ ledger, reopen }) => {
    const other = await reopen();
    const { intent } = await own(ledger, intentOf({ key: 'k' }));
    const settlements = Array.from({ length: 12 }, (_, index) => ({
      ...refusedSettlement(),
      settledAtMs: START_MS + index,
    }));
    const answers = await Promise.all(
      settlements.map((settlement, index) => (index % 2 === 0 ? ledger : other).settle(intent.id, 1, settlement)),
    );
    equal(answers.filter(Boolean).length, 1);
    deepEqual(plain((await other.find(intent.id))?.settlement), settlements[answers.indexOf(true)]);
  });

  test('where a settlement races a claim, exactly one of them counts', async ({ ledger, reopen }) => {
    const other = await reopen();
    for (let round = 0; round < 8; round += 1) {
      const { intent } = await own(ledger, intentOf({ key: `k${round}` }));
      const settle = () => ledger.settle(intent.id, 1, acceptedSettlement(intent));
      const claim = () => other.claim(intent.id, 'second', AFTER_MS, LEASE_MS);
      const [settled, claimed] =
        round % 2 === 0 ? await Promise.all([settle(), claim()]) : (await Promise.all([claim(), settle()])).reverse();
      const record = await other.find(intent.id);
      equal(settled === true, claimed === undefined);
      equal(record?.settlement !== undefined, settled === true);
      equal(record?.fence, settled === true ? 1 : 2);
    }
  });
}
