import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptOf, failureOf } from './driver-attempt.js';
import { ObsBench, TARGET } from './obs-bench.js';

let bench: ObsBench;
beforeEach(async () => {
  bench = await ObsBench.start();
});
afterEach(() => bench.close());

const NOTHING = { nodes: [], starts: [], mayRun: [], expected: [], resumedAs: [], warnings: [] };

describe('a plan of a restore', () => {
  it('starts at the failed state, and runs what has not succeeded; it reads once and changes nothing', async () => {
    bench.define();
    expect(await bench.plan()).toEqual({
      inspection: await bench.inspect(),
      performed: 'resume',
      nodes: [],
      starts: ['b'],
      mayRun: ['b', 'c'],
      expected: ['b', 'c'],
      resumedAs: [],
      refusals: [],
      warnings: [],
      baseline: { state: 'FAILED', restoredAt: null },
    });
    expect(bench.emulator.journal.entries.map(({ operation }) => operation)).toEqual(['get', 'get']);
  });

  it.each([
    ['RUNNING', 'running', 'the instance is RUNNING, and only a failed one can be restored: wait until it has ended'],
    ['Success', 'succeeded', 'the instance has ended in SUCCESS, and only a failed one can be restored'],
  ])('of an instance that is %s is refused in the words of the resume itself', async (word, state, why) => {
    bench.answerInstance(word, { a: { status: 'SUCCESS' }, b: { status: 'FAILED' } });
    const plan = await bench.plan();
    expect(plan).toMatchObject({ ...NOTHING, refusals: [expect.stringContaining(why)] });
    expect(plan.inspection.state).toBe(state === 'succeeded' ? 'failed' : state);
    expect(plan).not.toHaveProperty('baseline');
    bench.answerInstance(word);
    const refused = await failureOf(bench.driver.doDiscover(TARGET, attemptOf()));
    expect(plan.refusals).toEqual([refused.message]);
  });

  it.each(['TIMEOUT', 'CANCEL', 'PAUSED'])(
    'of an instance that is %s is left to the service, with a warning',
    async (word) => {
      bench.define({ state: word });
      expect(await bench.plan()).toMatchObject({
        refusals: [],
        warnings: [`the instance is "${word}", a word that is not documented: whether it can be restored is not known`],
        starts: ['b'],
        baseline: { state: word, restoredAt: null },
      });
    },
  );

  it('says that it does not know where the service names no failed state', async () => {
    bench.answerInstance('FAILED', { a: { status: 'SUCCESS' }, b: { status: 'BROKEN' }, c: { status: 'NOTRUNNING' } });
    const warnings = ['the service names no state as failed: which one it would carry on at is not known'];
    expect(await bench.plan()).toMatchObject({ starts: [], mayRun: ['b', 'c'], refusals: [], warnings });
    bench.answerInstance('FAILED');
    const unseen = ['the service shows no states of this instance: what would run is not known'];
    expect(await bench.plan()).toMatchObject({ starts: [], mayRun: [], refusals: [], warnings: unseen });
  });

  it('is an upper bound of what a restore then runs, whatever becomes of it', async () => {
    for (const failsAt of ['b', 'c', undefined]) {
      bench.define({ runs: [{ failsAt }] });
      const plan = await bench.plan();
      const receipt = await bench.restore();
      bench.emulator.clock.advance(10_000);
      const { nodes } = await bench.inspect(receipt);
      const ran = nodes.filter(({ attempts, carriedOver }) => attempts.length > 0 && !carriedOver).map(({ id }) => id);
      expect(plan.mayRun).toEqual(expect.arrayContaining(ran));
      expect(ran).toEqual(expect.arrayContaining([...plan.starts]));
    }
  });

  it('is offered, and names the connection by its origin', () => {
    expect(bench.driver.capabilities.reads).toEqual(['inspect', 'plan', 'list']);
    expect(bench.driver.identity).toBe(bench.emulator.endpoint);
  });
});
