import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptOf, failureOf } from './driver-attempt.js';
import { ObsBench, standing } from './obs-bench.js';

let bench: ObsBench;
beforeEach(async () => {
  bench = await ObsBench.start();
});
afterEach(() => bench.close());

const isoAt = (ms: number): string => new Date(ms).toISOString();

describe('an instance that is inspected', () => {
  it('is one signed read, in the words of every provider', async () => {
    const { startMs } = bench;
    bench.define();
    expect(await bench.inspect()).toEqual({
      state: 'failed',
      providerState: 'FAILED',
      startedAt: isoAt(startMs - 2_000),
      nodes: [
        {
          id: 'a',
          name: 'a',
          kind: 'task',
          providerType: 'OPERATION',
          state: 'succeeded',
          providerState: 'SUCCESS',
          attempts: [{ state: 'succeeded', providerState: 'SUCCESS', startedAt: isoAt(startMs - 2_000) }],
          carriedOver: false,
        },
        {
          id: 'b',
          name: 'b',
          kind: 'task',
          providerType: 'OPERATION',
          state: 'failed',
          providerState: 'FAILED',
          attempts: [{ state: 'failed', providerState: 'FAILED', startedAt: isoAt(startMs - 1_000) }],
          carriedOver: false,
        },
        {
          id: 'c',
          name: 'c',
          kind: 'task',
          providerType: 'END',
          state: 'waiting',
          providerState: 'NOTRUNNING',
          attempts: [],
          carriedOver: false,
        },
      ],
    });
    expect(bench.emulator.journal.entries).toMatchObject([
      { operation: 'get', target: '/v2/workflowexecutions/exec-001?x-workflow-graph-name=graph_1', status: 200 },
    ]);
  });

  it.each([
    ['RUNNING', 'running'],
    ['running', 'running'],
    ['SUCCESS', 'succeeded'],
    ['FAILED', 'failed'],
    ['FAIL', 'unknown'],
    ['TIMEOUT', 'unknown'],
    ['CANCEL', 'unknown'],
    ['PAUSED', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', async (word, state) => {
    bench.answerInstance(word);
    expect(await bench.inspect()).toEqual({ state, providerState: word, nodes: [] });
  });

  it.each([
    ['NOTRUNNING', 'waiting', 0],
    ['RUNNING', 'running', 1],
    ['SUCCESS', 'succeeded', 1],
    ['FAILED', 'failed', 1],
    ['FAIL', 'unknown', 0],
    ['SKIPPED', 'unknown', 0],
    ['', 'unknown', 0],
    [undefined, 'unknown', 0],
    [7, 'unknown', 0],
  ])('a state of it in %j is %s, with %i attempts', async (status, state, attempts) => {
    bench.answerInstance('RUNNING', { n: { status, state_name: 'Named', type: 'DELAY' } });
    const { nodes } = await bench.inspect();
    const providerState = typeof status === 'string' ? status : '';
    expect(nodes).toMatchObject([{ id: 'n', name: 'Named', providerType: 'DELAY', state, providerState }]);
    expect(nodes[0]?.attempts).toHaveLength(attempts);
  });

  it('shows an attempt in a word that is not known where it says when it began', async () => {
    bench.answerInstance('RUNNING', { n: { status: 'HELD', started_at: '2026-01-01T00:00:00Z' } });
    const attempts = [{ state: 'unknown', providerState: 'HELD', startedAt: '2026-01-01T00:00:00Z' }];
    expect((await bench.inspect()).nodes).toMatchObject([{ id: 'n', name: 'n', state: 'unknown', attempts }]);
  });

  it('never is a success with a failed state in it', async () => {
    bench.answerInstance('SUCCESS', { a: { status: 'SUCCESS' }, b: { status: 'FAILED' } });
    expect(await bench.inspect()).toMatchObject({ state: 'failed', providerState: 'SUCCESS' });
    bench.answerInstance('RUNNING', { a: { status: 'FAILED' } });
    expect(await bench.inspect()).toMatchObject({ state: 'running' });
  });

  it('shows ends and errors where the answer has them, which is undocumented', async () => {
    const error_message = 'no video track';
    const times = { started_at: '2026-01-01T00:00:00.000Z', stopped_at: '2026-01-01T00:00:05.000Z' };
    bench.answerInstance(
      'FAILED',
      { n: { status: 'FAILED', error_message, ...times } },
      { error: 'it broke', ...times },
    );
    const shown = { startedAt: times.started_at, endedAt: times.stopped_at };
    expect(await bench.inspect()).toMatchObject({
      ...shown,
      error: 'it broke',
      nodes: [{ attempts: [{ ...shown, error: error_message }] }],
    });
  });

  it.each([null, [], 'a', { n: null }, { n: 'RUNNING' }])('whose states are %j has none', async (state_map) => {
    bench.answerInstance('FAILED', state_map as object);
    expect(await bench.inspect()).toEqual({ state: 'failed', providerState: 'FAILED', nodes: [] });
  });

  it('of an unknown name is not found', async () => {
    const unknown = bench.driver.doInspect({ workflow: 'graph_1', execution: 'exec-404' }, attemptOf());
    expect((await failureOf(unknown)).details).toMatchObject({ code: 'NOT_FOUND', providerCode: 'NoSuchKey' });
  });
});

describe('a restore that is followed', () => {
  it('shows while it runs, with what was carried over, up to its success', async () => {
    bench.define();
    const receipt = await bench.restore();
    const seen: string[] = [];
    for (let second = 0; second < 3; second += 1) {
      const inspection = await bench.inspect(receipt);
      seen.push(`${inspection.shows} ${inspection.state} ${standing(inspection)}`);
      bench.emulator.clock.advance(1_000);
    }
    expect(seen).toEqual([
      'resume running a:succeeded:old b:running c:waiting',
      'resume running a:succeeded:old b:succeeded c:running',
      'resume succeeded a:succeeded:old b:succeeded c:succeeded',
    ]);
  });

  it('is told from the old failure by times where it fails again', async () => {
    bench.define({ runs: [{ failsAt: 'b' }] });
    const receipt = await bench.restore();
    expect(await bench.inspect(receipt)).toMatchObject({ shows: 'resume', state: 'running' });
    bench.emulator.clock.advance(1_000);
    const failedAgain = await bench.inspect(receipt);
    expect(failedAgain).toMatchObject({ shows: 'resume', state: 'failed' });
    expect(standing(failedAgain)).toBe('a:succeeded:old b:failed c:waiting');
  });

  it.each([
    [false, 'unclear'],
    [true, 'before'],
  ])(
    'is not taken for shown as long as it is not, all of it carried over; with restore times: %s',
    async (showsRestoredAt, shows) => {
      await bench.close();
      bench = await ObsBench.start({ visibilityMs: 5_000, showsRestoredAt });
      bench.define({ runs: [{ failsAt: 'b' }] });
      await bench.restore();
      bench.emulator.clock.advance(10_000);
      const receipt = await bench.restore();
      bench.emulator.clock.advance(4_999);
      const before = await bench.inspect(receipt);
      expect(before).toMatchObject({ shows, state: 'failed' });
      expect(standing(before)).toBe('a:succeeded:old b:failed:old c:waiting');
      bench.emulator.clock.advance(1);
      expect(await bench.inspect(receipt)).toMatchObject({ shows: 'resume', state: 'succeeded' });
    },
  );

  const ACCEPTED = '2026-01-01T00:00:10.500Z';
  const [EARLIER, LATER] = ['2026-01-01T00:00:05.000Z', '2026-01-01T00:00:11.000Z'];
  const failed = (started_at?: string) => ({ n: { status: 'FAILED', started_at } });
  it.each([
    ['RUNNING', {}, {}, 'resume'],
    ['RUNNING', failed(EARLIER), {}, 'resume'],
    ['SUCCESS', {}, {}, 'resume'],
    ['FAILED', {}, {}, 'unclear'],
    ['FAILED', failed(), {}, 'unclear'],
    ['FAILED', failed('2026-01-01T00:00:10Z'), {}, 'unclear'],
    ['FAILED', failed(LATER), {}, 'resume'],
    ['FAILED', failed(ACCEPTED), {}, 'resume'],
    ['FAILED', failed(EARLIER), {}, 'unclear'],
    ['FAILED', { ...failed(EARLIER), m: { status: 'SUCCESS', started_at: LATER } }, {}, 'resume'],
    ['FAILED', { ...failed(EARLIER), m: { status: 'FAILED' } }, {}, 'unclear'],
    ['FAILED', { n: { status: 'FAIL', started_at: EARLIER } }, {}, 'unclear'],
    ['FAILED', failed(), { restored_at: ACCEPTED }, 'resume'],
    ['FAILED', failed(), { restored_at: EARLIER }, 'before'],
    ['TIMEOUT', {}, {}, 'unclear'],
    ['TIMEOUT', {}, { restored_at: LATER }, 'resume'],
    ['RESTORING', {}, {}, 'unclear'],
  ])('shown as %s with %j and %j is %s', async (word, states, more, shows) => {
    bench.answerInstance(word, states, more);
    expect((await bench.inspect(bench.receipt(ACCEPTED))).shows).toBe(shows);
  });

  it('whose time is not known carries nothing over, and leaves a failure unclear', async () => {
    bench.define();
    const inspection = await bench.inspect(bench.receipt(undefined));
    expect(inspection.shows).toBe('unclear');
    expect(standing(inspection)).toBe('a:succeeded b:failed c:waiting');
  });

  it.each(['first', 'none'] as const)(
    'that fails again where a state shows its %s start stays unclear, which is never wrong',
    async (stepTimes) => {
      await bench.close();
      bench = await ObsBench.start({ stepTimes });
      bench.define({ runs: [{ failsAt: 'b' }] });
      const receipt = await bench.restore();
      bench.emulator.clock.advance(1_000);
      expect(await bench.inspect(receipt)).toMatchObject({ shows: 'unclear', state: 'failed' });
    },
  );
});
