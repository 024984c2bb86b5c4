import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomNodeDefinition } from '../providers/aom/emulator.js';
import type { Action } from '../src/types.js';
import { AomDriverBench, SAMPLE } from './aom-driver-bench.js';
import { attemptOf, failureOf } from './driver-attempt.js';

let bench: AomDriverBench;
beforeEach(async () => {
  bench = await AomDriverBench.start();
});
afterEach(() => bench.close());

const NOTHING = { nodes: [], starts: [], mayRun: [], expected: [], warnings: [] };
const SHOWN = { workflow_snapshot: { nodes: [{ id: 'n' }, { id: 'later' }] } };
const unseen = 'the service does not show the nodes that have not run: more may run than is listed';

describe('a plan of a resume', () => {
  it('restarts the node that failed, and runs what has not; it reads once and changes nothing', async () => {
    bench.define([{ id: 'a', status: 'success' }, { id: 'b', status: 'fail' }, { id: 'c' }]);
    expect(await bench.plan('resume')).toEqual({
      inspection: await bench.inspect(),
      performed: 'restart',
      nodes: ['b'],
      starts: ['b'],
      mayRun: ['b', 'c'],
      expected: ['b', 'c'],
      resumedAs: [],
      refusals: [],
      warnings: [],
      baseline: { executionStatus: 'fail', nodeStatus: 'fail', nodeBegan: bench.startMs - 1_000 },
    });
    expect(bench.emulator.journal.entries.map(({ operation }) => operation)).toEqual(['status', 'status']);
  });

  it('continues past the node that pauses', async () => {
    bench.define([{ id: 'a', status: 'success' }, { id: 'gate', status: 'pausing', kind: 'pause' }, { id: 'c' }]);
    expect(await bench.plan('resume')).toMatchObject({
      performed: 'continue',
      nodes: ['gate'],
      refusals: [],
      warnings: [],
    });
  });

  it.each<[string, readonly AomNodeDefinition[], string | undefined, readonly string[]]>([
    ['no node to act on', [{ id: 'a', status: 'halted' }], 'fail', ['no node is known to have failed or to pause']],
    [
      'two',
      [
        { id: 'a', status: 'fail' },
        { id: 'b', status: 'paused' },
      ],
      undefined,
      ['stopped at 2 nodes'],
    ],
    ['success', [{ id: 'a', status: 'success' }], undefined, ['it did not stop anywhere', 'no node is known to have']],
    ['ignored errors', [{ id: 'a', status: 'fail' }], 'success', ['it did not stop anywhere']],
    [
      'two ignored errors',
      [
        { id: 'a', status: 'fail' },
        { id: 'b', status: 'fail' },
      ],
      'success',
      ['it did not stop anywhere', 'stopped at 2 nodes'],
    ],
  ])('with %s is refused, with every reason of the resume itself at once', async (_what, nodes, status, reasons) => {
    bench.define(nodes, status);
    const plan = await bench.plan('resume');
    expect(plan).toMatchObject({ ...NOTHING, performed: 'resume' });
    expect(plan.refusals).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
    expect(plan).not.toHaveProperty('baseline');
    const target = { ...SAMPLE, action: 'resume', nodes: [] } as const;
    const refused = await failureOf(bench.driver.doDiscover(target, attemptOf()));
    expect(refused.message).toBe(plan.refusals.join('; '));
  });
});

describe('a plan of what is asked for by name', () => {
  const run = (status: string) => [{ id: 'a', status: 'success' }, { id: 'n', status }, { id: 'later' }];

  it.each<[Action, string, readonly string[], readonly string[]]>([
    ['restart', 'fail', ['n'], []],
    ['restart', 'success', ['n'], ['n is "success", and restart is documented', 'n does again what it has done']],
    ['restart', 'halted', ['n'], ['n is "halted", and restart is documented for a node that failed']],
    ['skip', 'fail', [], ['what n would have done stays undone']],
    ['skip', 'success', [], ['what n would have done stays undone', 'n is "success", and skip is documented']],
    ['continue', 'pausing', ['n'], []],
    ['continue', 'fail', ['n'], ['n is "fail", and continue is documented for a node that pauses']],
  ])('%s of a node in %j refuses nothing and warns of what looks wrong', async (action, status, starts, warnings) => {
    bench.define(run(status));
    expect(await bench.plan(action, 'n')).toMatchObject({
      performed: action,
      nodes: ['n'],
      starts,
      mayRun: [...starts, 'later'],
      expected: [...starts, 'later'],
      refusals: [],
      warnings: warnings.map((warning) => expect.stringContaining(warning)),
    });
  });

  it('warns where the node has not run, or is not shown', async () => {
    bench.answerRuns('fail', [['later', 'success', 200]], SHOWN);
    expect(await bench.plan('restart', 'n')).toMatchObject({
      starts: ['n'],
      mayRun: ['n', 'later'],
      expected: ['n'],
      warnings: [
        expect.stringContaining('n has not run'),
        expect.stringContaining('later succeeded and may run again'),
      ],
    });
    bench.answerRuns('fail', [], SHOWN);
    expect((await bench.plan('restart', 'other')).warnings).toEqual([
      'the service shows no node other in this execution',
    ]);
  });

  it('says that more may run where the service shows only what has run', async () => {
    bench.answerRuns('fail', [['n', 'fail']]);
    expect(await bench.plan('restart', 'n')).toMatchObject({ mayRun: ['n'], refusals: [], warnings: [unseen] });
  });
});

describe('the upper bound of a plan', () => {
  it('has what succeeded after the node had first ended, which it does not expect; nothing from before', async () => {
    const runs = [
      ['before', 'success', 100, 200],
      ['beside', 'success', 250, 900],
      ['n', 'success', 200, 300],
      ['after', 'success', 300, 400],
      ['n', 'fail', 500, 600],
      ['stuck', 'halted', 50, 60],
      ['skipped', 'skipped', 50, 60],
    ] as const;
    bench.answerRuns('fail', runs, { workflow_snapshot: { nodes: [{ id: 'new' }] } });
    const plan = await bench.plan('resume');
    expect(plan.mayRun).toEqual(['n', 'new', 'stuck', 'skipped', 'after']);
    expect(plan.expected).toEqual(['n', 'new', 'stuck', 'skipped']);
    expect(plan.warnings).toEqual([
      'after succeeded and may run again: the service shows no edges, so that what comes after n is not known',
    ]);
  });

  it.each([
    [
      ['n', 'fail'],
      ['m', 'success', 100],
    ],
    [
      ['n', 'fail', 500],
      ['m', 'success'],
    ],
    [
      ['n', 'fail', 500],
      ['m', 'success', 500],
    ],
  ] as const)('has what no time excludes: %j, %j', async (...runs) => {
    bench.answerRuns('fail', runs, SHOWN);
    expect((await bench.plan('resume')).mayRun).toContain('m');
  });

  it.each<[Action, string]>([
    ['restart', 'fail'],
    ['skip', 'fail'],
    ['continue', 'pausing'],
  ])('holds what a %s then runs, whatever becomes of it', async (action, status) => {
    for (const outcomes of [['fail'], ['success'], ['pausing']]) {
      bench.define([{ id: 'a', status: 'success' }, { id: 'n', status, outcomes }, { id: 'c', outcomes }, { id: 'd' }]);
      const plan = await bench.plan(action, 'n');
      await bench.operate(action, 'n');
      bench.emulator.clock.advance(10_000);
      const ran = bench.emulator.stateOf('wf-0001', 'ex-0001')?.nodes.filter(({ runs }) => runs > 0) ?? [];
      expect(plan.mayRun).toEqual(expect.arrayContaining(ran.map(({ id }) => id)));
      expect(ran.length).toBeGreaterThan(0);
    }
  });
});
