import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { Attempt, Target } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { fingerprintOf, identityTextOf } from '../src/ledger/fingerprint.js';
import { LatestFew } from '../src/ledger/latest-few.js';
import { LedgerSteps } from '../src/ledger/ledger-steps.js';
import type { SettledRecord } from '../src/ledger/recent.js';
import { targetTextOf } from '../src/ledger/target-text.js';
import { acceptedSettlement, intentOf, LEASE_MS, listed, START_MS } from '../src/testing/ledger-bench.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { inspection, node, projection } from './inspect-bench.js';
import { VirtualRuntime } from './virtual-runtime.js';

describe('what makes two calls of one connection the same', () => {
  it('is the same for the same executions, actions and sets of nodes only, as with the fingerprint', () => {
    const targets: Target[] = ['resume' as const, 'restart' as const].flatMap((action) =>
      [[], ['a'], ['b'], ['a', 'b'], ['b', 'a', 'b'], ['a1:b'], ['a', '1:b'], ['a,b'], ['']].flatMap((nodes) =>
        ['run-1', 'run-1\n', '1:run-1'].map((execution) => ({ workflow: 'w', execution, action, nodes })),
      ),
    );
    const textOf = (one: Target): string => identityTextOf(targetTextOf({ ...one, connection: 'c' }), one);
    for (const one of targets) {
      for (const other of targets) {
        const isSame =
          fingerprintOf({ connection: 'c', target: one }) === fingerprintOf({ connection: 'c', target: other });
        expect(textOf(one) === textOf(other), JSON.stringify([one, other])).toBe(isSame);
      }
    }
  });
});

function settledOf(place: number, on: string, fingerprint = 'f'): SettledRecord {
  const intent = intentOf({ fingerprint });
  return { record: { intent, fence: 1, settlement: acceptedSettlement(intent) }, target: on, place };
}

describe('a few of the latest', () => {
  it('are the newest ones, and the latest of a target is told', () => {
    const few = new LatestFew(3);
    const [first, second, third] = [settledOf(1, 'a'), settledOf(2, 'b', 'g'), settledOf(3, 'b')];
    for (const one of [first, second, third]) few.add(one);
    expect([...few.all()]).toEqual([first, second, third]);
    expect([few.latestOf('a'), few.latestOf('b'), few.latestOf('c')]).toEqual([first, third, undefined]);
    expect([few.equalOf('b', 'g'), few.equalOf('b', 'f'), few.equalOf('a', 'g')]).toEqual([second, third, undefined]);
    const fourth = settledOf(4, 'b', 'g');
    few.add(fourth);
    expect(few.latestOf('a')).toBeUndefined();
    // It has taken the first one’s room, before the others.
    expect([few.latestOf('b'), few.equalOf('b', 'g'), few.equalOf('b', 'f')]).toEqual([fourth, fourth, third]);
  });

  it('keep the latest of what somebody will ask for, however many come', () => {
    const few = new LatestFew(2);
    const [before, after] = [settledOf(1, 'a'), settledOf(3, 'a')];
    few.add(before);
    few.keepLatestOf('a');
    few.keepLatestOf('b');
    for (let place = 10; place < 20; place += 1) few.add(settledOf(place, `other ${place}`));
    expect([few.latestOf('a'), few.equalOf('a', 'f'), few.equalOf('a', 'g')]).toEqual([before, before, undefined]);
    expect([few.latestOf('b'), [...few.all()].length]).toEqual([undefined, 3]);
    few.add(after);
    for (let place = 20; place < 30; place += 1) few.add(settledOf(place, `other ${place}`));
    expect(few.latestOf('a')).toBe(after);
  });

  it('keep the thousand that were asked for last', () => {
    const few = new LatestFew(1);
    const on = (number: number): string => `target ${number}`;
    for (let number = 0; number < 1_000; number += 1) few.keepLatestOf(on(number));
    for (let number = 0; number < 1_000; number += 1) few.add(settledOf(number + 1, on(number)));
    few.keepLatestOf(on(0));
    expect(few.latestOf(on(1))?.place).toBe(2);
    few.keepLatestOf('one more');
    expect([few.latestOf(on(0))?.place, few.latestOf(on(1)), few.latestOf(on(2))?.place]).toEqual([1, undefined, 3]);
  });
});

describe('the steps of a ledger', () => {
  it('are at once where it is the connection’s own and nobody watches, and are in it', async () => {
    const steps = new LedgerSteps(undefined, 'any-eu');
    const intent = intentOf();
    const text = targetTextOf({ ...intent.target, connection: 'any-eu' });
    expect(steps.areAtOnce).toBe(true);
    expect(steps.lookup(undefined, intent.target, text)).toBeUndefined();
    expect(steps.begin(intent, 'me', START_MS, LEASE_MS, text)).toMatchObject({ status: 'owned' });
    expect(steps.lookup(undefined, intent.target, text)).toMatchObject({ intent: { id: intent.id } });
    expect(await listed(steps.ledger)).toMatchObject([{ intent: { id: intent.id } }]);
    expect(steps.settle(intent.id, 1, acceptedSettlement(intent))).toBe(true);
    expect(steps.newsSince(7, undefined)).toBeUndefined();
    expect(new LedgerSteps(steps.ledger, 'any-eu').newsSince(7, undefined)).toBe(7);
  });

  it.each([true, false])('settle and release what is meant, by the text of its target: %s', async (byText) => {
    const steps = new LedgerSteps(undefined, 'any-eu');
    const [one, other, third] = [intentOf(), intentOf(), intentOf()];
    const textOf = ({ target }: typeof one): string => targetTextOf({ ...target, connection: 'any-eu' });
    for (const intent of [one, other, third]) await steps.begin(intent, 'me', START_MS, LEASE_MS, textOf(intent));
    // By its id, whatever stands there by that text.
    expect(steps.settle(one.id, 1, acceptedSettlement(one), byText ? textOf(other) : undefined)).toBe(true);
    expect(await steps.ledger.find(other.id)).not.toHaveProperty('settlement');
    expect(steps.lookup(undefined, one.target, textOf(one))).toBeUndefined();
    expect(steps.release(other.id, 1, 'lost', byText ? textOf(other) : undefined)).toBe(true);
    expect(steps.lookup(undefined, other.target, textOf(other))).toMatchObject({ unknownBecause: 'lost' });
    expect(steps.settle(other.id, 1, acceptedSettlement(other), byText ? textOf(other) : undefined)).toBe(true);
    for (const gone of [one, other]) {
      expect(steps.settle(gone.id, 1, acceptedSettlement(gone), textOf(third))).toBe(false);
      expect(steps.release(gone.id, 1, 'lost', textOf(third))).toBe(false);
    }
    expect(await listed(steps.ledger)).toMatchObject([third, one, other].map(({ id }) => ({ intent: { id } })));
  });

  it('are promises where somebody watches', async () => {
    const steps = new LedgerSteps(undefined, 'any-eu');
    const intent = intentOf();
    const told: unknown[] = [];
    const watch = (step: unknown): void => {
      told.push(step);
    };
    subscribe('tracing:resumable-workflow:ledger:start', watch);
    try {
      expect(steps.areAtOnce).toBe(false);
      const text = targetTextOf({ ...intent.target, connection: 'any-eu' });
      const begun = steps.begin(intent, 'me', START_MS, LEASE_MS, text);
      expect(begun).toBeInstanceOf(Promise);
      expect(await begun).toMatchObject({ status: 'owned' });
      expect(await steps.lookup(undefined, intent.target, text)).toMatchObject({ intent: { id: intent.id } });
      expect(await steps.release(intent.id, 1, 'lost')).toBe(true);
      expect(await steps.settle(intent.id, 1, acceptedSettlement(intent))).toBe(true);
    } finally {
      unsubscribe('tracing:resumable-workflow:ledger:start', watch);
    }
    expect(told).toMatchObject(
      ['begin', 'lookup', 'release', 'settle'].map((step) => ({ connection: 'any-eu', step })),
    );
  });
});

/** A service that goes on showing the old state, on a connection with a ledger of its own. */
function lagging(lost = false) {
  const runtime = new VirtualRuntime();
  const seen = inspection('failed', [node('a', 'failed')]);
  const sent: string[] = [];
  const driver = fakeDriver({
    capabilities: { ...fakeDriver().capabilities, reads: ['inspect', 'plan'] },
    doPlan: async () => projection(seen),
    async doResume({ execution }, { nodes }, attempt: Attempt) {
      attempt.dispatch();
      sent.push(execution);
      await attempt.race(runtime.sleep(0));
      if (lost && sent.length === 1) throw new DriverFailure('lost', { code: 'UNAVAILABLE', effect: 'unknown' });
      return { execution, nodes, nodesBasis: 'reported' };
    },
    async doFindResumed({ execution }, { nodes }, _lost, attempt) {
      await attempt.race(runtime.sleep(1_000));
      return { found: 'resumed', acceptance: { execution, nodes, nodesBasis: 'observed' } };
    },
  });
  const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime });
  const others = async (count: number): Promise<void> => {
    const off = { readBack: 'off' } as const;
    for (let number = 0; number < count; number += 1) {
      await runtime.run(workflow.resume({ workflow: 'nightly', execution: `other-${number}` }, off));
    }
  };
  return { runtime, workflow, sent, others };
}

describe('a connection with a ledger of its own', () => {
  it('does not apply a plan whose execution was resumed since, however much was resumed meanwhile', async () => {
    const { runtime, workflow, sent, others } = lagging();
    const request = { workflow: 'nightly', execution: 'run-1' };
    const plan = await runtime.run(workflow.plan(request));
    await runtime.run(runtime.sleep(5));
    await runtime.run(workflow.resume(request));
    await others(200);
    const applied = await runtime.run(workflow.attempt(plan));
    expect(applied).toMatchObject({ status: 'refused', error: { code: 'FAILED_PRECONDITION', effect: 'none' } });
    expect(sent.filter((execution) => execution === 'run-1')).toHaveLength(1);
  });

  it('applies none of many plans a second time', async () => {
    const { runtime, workflow, sent } = lagging();
    const requests = Array.from({ length: 200 }, (_unused, number) => ({
      workflow: 'nightly',
      execution: `run-${number}`,
    }));
    const plans = await runtime.run(Promise.all(requests.map((request) => workflow.plan(request))));
    await runtime.run(runtime.sleep(5));
    for (const plan of plans) await runtime.run(workflow.resume(plan));
    for (const plan of plans) {
      expect(await runtime.run(workflow.attempt(plan))).toMatchObject({ status: 'refused', error: { effect: 'none' } });
    }
    expect(sent).toHaveLength(200);
  });

  it('tells whoever waits for a reconciliation its verdict, however much is resumed meanwhile', async () => {
    const { runtime, workflow, others } = lagging(true);
    const request = { workflow: 'nightly', execution: 'run-1' };
    const first = await runtime.run(workflow.attempt(request, { readBack: 'off' }));
    expect(first).toMatchObject({ status: 'unknown' });
    const reconciled = workflow.reconcile(request);
    await runtime.run(runtime.sleep(5));
    const waiting = workflow.attempt(request, { readBack: 'off' });
    expect(await runtime.run(reconciled)).toMatchObject({ status: 'accepted' });
    await others(150);
    expect(await runtime.run(waiting)).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'ledger' } });
  });
});
