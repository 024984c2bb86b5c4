import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../src/types.js';
import type { Run } from './aom-driver-bench.js';
import { AomDriverBench, receiptOf, standing } from './aom-driver-bench.js';

let bench: AomDriverBench;
beforeEach(async () => {
  bench = await AomDriverBench.start();
});
afterEach(() => bench.close());

async function restartBench(knobs: Parameters<typeof AomDriverBench.start>[0]): Promise<void> {
  await bench.close();
  bench = await AomDriverBench.start(knobs);
}

const NODES = [{ id: 'a', status: 'success' }, { id: 'b', status: 'fail' }, { id: 'c' }];

/** What is seen at once, and after each further second. */
async function seen(receipt: Parameters<AomDriverBench['inspect']>[0], seconds: number): Promise<string[]> {
  const all: string[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const inspection = await bench.inspect(receipt);
    all.push(`${inspection.shows} ${inspection.state} ${standing(inspection)}`);
    bench.emulator.clock.advance(1_000);
  }
  return all;
}

describe('an operation that is followed', () => {
  it('shows while it runs, with what was carried over, up to its success', async () => {
    bench.define(NODES);
    expect(await seen(await bench.operate('restart', 'b', 'resume'), 2)).toEqual([
      'resume running a:succeeded:old b:running c:waiting',
      'resume running a:succeeded:old b:succeeded c:running',
      'resume succeeded a:succeeded:old b:succeeded c:succeeded',
    ]);
  });

  it('that fails again was seen to run in between; seen only then, it stays unclear', async () => {
    bench.define([NODES[0] as { id: string }, { id: 'b', status: 'fail', failures: 1 }, { id: 'c' }]);
    expect(await seen(await bench.operate('restart', 'b', 'resume'), 1)).toEqual([
      'resume running a:succeeded:old b:running c:waiting',
      'unclear failed a:succeeded:old b:failed c:waiting',
    ]);
  });

  it.each([
    ['skip', 'fail', 'b:skipped:old'],
    ['continue', 'pausing', 'b:succeeded:old'],
  ] as const)('shows behind the node where it is a %s', async (action, status, node) => {
    bench.define([{ id: 'a', status: 'success' }, { id: 'b', status }, { id: 'c' }]);
    bench.emulator.clock.advance(3_000);
    expect(await seen(await bench.operate(action, 'b'), 1)).toEqual([
      `resume running a:succeeded:old ${node} c:running`,
      `resume succeeded a:succeeded:old ${node} c:succeeded`,
    ]);
  });

  it('is not taken for shown as long as it is not', async () => {
    await restartBench({ visibilityMs: 1_000 });
    bench.define(NODES);
    expect(await seen(await bench.operate('restart', 'b', 'resume'), 1)).toEqual([
      'unclear failed a:succeeded:old b:failed c:waiting',
      'resume running a:succeeded:old b:succeeded c:running',
    ]);
  });

  it('of a restart shows where only the newest run of a node is kept', async () => {
    await restartBench({ keepsRuns: 'newest', showsSnapshot: false });
    bench.define(NODES);
    expect(await seen(await bench.operate('restart', 'b', 'resume'), 2)).toEqual([
      'resume running a:succeeded:old b:running',
      'resume running a:succeeded:old b:succeeded c:running',
      'resume succeeded a:succeeded:old b:succeeded c:succeeded',
    ]);
  });

  it.each<[Action, Action, string, readonly Run[], string]>([
    ['resume', 'restart', 'running', [['n', 'running']], 'resume'],
    ['resume', 'restart', 'success', [['n', 'success']], 'resume'],
    ['resume', 'restart', 'pausing', [['n', 'pausing']], 'resume'],
    ['resume', 'restart', 'running', [['n', 'fail']], 'unclear'],
    [
      'resume',
      'restart',
      'fail',
      [
        ['n', 'fail'],
        ['n', 'timeout'],
      ],
      'unclear',
    ],
    ['resume', 'restart', 'cancel', [['n', 'cancel']], 'unclear'],
    ['resume', 'restart', 'running', [['n', '']], 'unclear'],
    ['resume', 'restart', 'running', [['m', 'running']], 'unclear'],
    ['resume', 'restart', 'running', [], 'unclear'],
    ['resume', 'continue', 'running', [['n', 'success']], 'resume'],
    ['resume', 'continue', 'running', [['n', 'pausing']], 'unclear'],
    ['resume', 'continue', 'fail', [['n', 'timeout']], 'unclear'],
    ['continue', 'continue', 'success', [['n', 'success']], 'resume'],
    ['skip', 'skip', 'success', [['n', 'skipped']], 'resume'],
    ['skip', 'skip', 'success', [['n', 'fail']], 'unclear'],
    ['restart', 'restart', 'running', [['n', 'running']], 'resume'],
    ['restart', 'restart', 'success', [['n', 'success']], 'unclear'],
    [
      'restart',
      'restart',
      'success',
      [
        ['n', 'fail', 100],
        ['n', 'success', 200],
      ],
      'resume',
    ],
    [
      'restart',
      'restart',
      'success',
      [
        ['m', 'fail', 100],
        ['n', 'success', 200],
      ],
      'unclear',
    ],
  ])('asked for as %s, done as %s, shown as %s with %j is %s', async (action, performed, word, runs, shows) => {
    bench.answerRuns(word, runs);
    expect((await bench.inspect(receiptOf(performed, 'n', action))).shows).toBe(shows);
  });

  it('is told by times where a receipt has one', async () => {
    const acceptedMs = 1_670_311_148_207;
    const receipt = receiptOf('restart', 'n', 'restart', new Date(acceptedMs).toISOString());
    bench.answerRuns('fail', [
      ['m', 'success', acceptedMs - 1],
      ['n', 'fail', acceptedMs],
    ]);
    const failedAgain = await bench.inspect(receipt);
    expect([failedAgain.shows, standing(failedAgain)]).toEqual(['resume', 'm:succeeded:old n:failed']);
    bench.answerRuns('fail', [['n', 'fail', acceptedMs - 1]]);
    const old = await bench.inspect(receipt);
    expect([old.shows, standing(old)]).toEqual(['unclear', 'n:failed:old']);
  });
});
