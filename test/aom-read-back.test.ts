import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AomDriver } from '../providers/aom/driver.js';
import type { AomNodeDefinition } from '../providers/aom/emulator.js';
import { parseAomOptions } from '../providers/aom/options.js';
import type { Baseline, Finding, Target } from '../src/driver.js';
import { VirtualClock } from '../src/testing/index.js';
import type { Action } from '../src/types.js';
import { AomBench, SAMPLE } from './aom-bench.js';
import { attemptOf, failureOf } from './driver-attempt.js';

const START_MS = Date.now();

let bench: AomBench;
let driver: AomDriver;
beforeEach(async () => {
  bench = await AomBench.start({ clock: new VirtualClock(START_MS) });
  const { endpoint, projectId, credentials } = bench.emulator;
  driver = new AomDriver(parseAomOptions({ name: 'aom-north', endpoint, projectId, credentials }));
  bench.emulator.clock.advance(5_000);
});
afterEach(async () => {
  await driver.close();
  await bench.close();
});

const targetOf = (action: Action, ...nodes: readonly string[]): Target => ({ ...SAMPLE, action, nodes });
const discover = (target: Target) => driver.doDiscover(target, attemptOf());
const operate = (performed: Action, node: string) =>
  driver.doResume(targetOf(performed, node), { performed, nodes: [node] }, attemptOf({ mutating: true }));
const find = (performed: Action, node: string, baseline?: Baseline): Promise<Finding> =>
  driver.doFindResumed(
    targetOf(performed, node),
    { performed, nodes: [node] },
    { createdAtMs: START_MS, baseline },
    attemptOf(),
  );

function define(nodes: readonly AomNodeDefinition[], status?: string): void {
  bench.emulator.define({ ...SAMPLE, nodes, status });
}

/** The next read is answered with this. */
function answerStatus(body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status: 200, body: text };
  bench.emulator.faults.add({ kind: 'answer', when: 'before', operation: 'status', answer });
}

/** What is found where the execution and node `n` were so before, and are so now. */
async function found(
  before: readonly [execution: string | null, node: string | null, began: number | null],
  now: readonly [execution: string | null, node?: string | null, began?: number | null],
  performed: Action = 'restart',
): Promise<Finding> {
  const [executionStatus, nodeStatus, nodeBegan] = before;
  const [status, word, begin_time] = now;
  const runs = word === undefined ? [] : [{ node_id: 'n', status: word, begin_time }];
  answerStatus({ execution_id: 'ex-0001', status, execution_result_list: runs });
  return await find(performed, 'n', { executionStatus, nodeStatus, nodeBegan });
}

const resumed = (nodesBasis: string, node = 'n') => ({
  found: 'resumed',
  acceptance: { execution: 'ex-0001', nodes: [node], nodesBasis },
});

describe('the read before an operation', () => {
  it('is always made for a resume, for the others where a lost answer would be read back', () => {
    for (const action of ['resume', 'restart', 'skip', 'continue'] as const) {
      expect(driver.needsDiscovery(targetOf(action), true)).toBe(true);
      expect(driver.needsDiscovery(targetOf(action), false)).toBe(action === 'resume');
    }
  });

  it('keeps the states of the execution and of the node that a resume acts on', async () => {
    expect(await discover(targetOf('resume'))).toEqual({
      performed: 'restart',
      nodes: ['node-0001'],
      baseline: { executionStatus: 'fail', nodeStatus: 'fail', nodeBegan: START_MS - 1_000 },
    });
    expect(bench.emulator.journal.entries.map(({ method, operation }) => [method, operation])).toEqual([
      ['GET', 'status'],
    ]);
  });

  it.each(['restart', 'skip', 'continue'] as const)('lets through what is asked for by name: %s', async (action) => {
    for (const status of ['fail', 'success', 'halted', undefined]) {
      define([{ id: 'a', status }], 'success');
      expect(await discover(targetOf(action, 'a'))).toMatchObject({
        performed: action,
        nodes: ['a'],
        baseline: { executionStatus: 'success', nodeStatus: status ?? null },
      });
    }
    expect(await discover(targetOf(action, 'unknown'))).toMatchObject({
      nodes: ['unknown'],
      baseline: { nodeStatus: null, nodeBegan: null },
    });
  });

  it('keeps the newest run of the node', async () => {
    const runs = [
      { node_id: 'n', status: 'fail', begin_time: '300' },
      { node_id: 'n', status: 'success', begin_time: 200 },
    ];
    answerStatus({ execution_result_list: runs });
    expect(await discover(targetOf('restart', 'n'))).toMatchObject({
      baseline: { executionStatus: null, nodeStatus: 'fail', nodeBegan: 300 },
    });
  });

  it('keeps that a run does not say when it began', async () => {
    answerStatus({ status: 'fail', execution_result_list: [{ node_id: 'n', status: 'fail' }] });
    expect(await discover(targetOf('restart', 'n'))).toMatchObject({
      baseline: { nodeStatus: 'fail', nodeBegan: null },
    });
  });

  it.each([
    ['a page', '<html>', 'not an execution'],
    ['another execution', { execution_id: 'ex-0002', status: 'fail' }, 'another execution, "ex-0002"'],
  ])('with %s in its answer is INTERNAL, whatever was asked for', async (_what, body, why) => {
    for (const target of [targetOf('resume'), targetOf('skip', 'n')]) {
      answerStatus(body);
      const failure = await failureOf(discover(target));
      expect(failure.details).toMatchObject({ code: 'INTERNAL', httpStatus: 200 });
      expect(failure.message).toContain(why);
    }
  });
});

describe('an operation whose answer was lost', () => {
  it.each(['resume', 'restart', 'skip'] as const)('is what a caller gets told by the node: %s', async (action) => {
    bench.emulator.faults.add({ kind: 'reset', when: 'after' });
    const request = { ...SAMPLE, action, nodes: ['node-0001'] };
    expect(await bench.connect().resume(request, { readBack: 'on' })).toMatchObject({
      ...resumed('observed', 'node-0001').acceptance,
      action,
      performed: action === 'resume' ? 'restart' : action,
      confirmedBy: 'read-back',
      attempts: 1,
    });
    const operations = bench.emulator.journal.entries.map(({ operation }) => operation);
    expect(operations).toEqual(['status', 'operation', 'status']);
  });

  it('is found by the node while it runs, when it has succeeded, and when it has failed again', async () => {
    define([{ id: 'n', status: 'fail', failures: 1 }, { id: 'later' }]);
    bench.emulator.clock.advance(1);
    const { baseline } = await discover(targetOf('resume'));
    expect(await find('restart', 'n', baseline)).toMatchObject({
      found: 'nothing',
      seen: expect.stringContaining('the execution is "fail" and node n is "fail", which does not show'),
    });
    await operate('restart', 'n');
    expect(await find('restart', 'n', baseline)).toEqual(resumed('observed'));
    bench.emulator.clock.advance(1_000);
    expect(bench.emulator.stateOf('wf-0001', 'ex-0001')).toMatchObject({ status: 'fail' });
    expect(await find('restart', 'n', baseline)).toEqual(resumed('observed'));
    await operate('restart', 'n');
    bench.emulator.clock.advance(60_000);
    expect(bench.emulator.stateOf('wf-0001', 'ex-0001')).toMatchObject({ status: 'success' });
    expect(await find('restart', 'n', baseline)).toEqual(resumed('observed'));
  });

  it('is found where a node was skipped', async () => {
    const { baseline } = await discover(targetOf('skip', 'node-0001'));
    await operate('skip', 'node-0001');
    expect(await find('skip', 'node-0001', baseline)).toEqual(resumed('observed', 'node-0001'));
  });

  it('is found where a pause was passed', async () => {
    define([{ id: 'gate', status: 'pausing', kind: 'pause' }, { id: 'later' }]);
    const { baseline } = await discover(targetOf('resume'));
    expect(await find('continue', 'gate', baseline)).toMatchObject({ found: 'nothing' });
    await operate('continue', 'gate');
    expect(await find('continue', 'gate', baseline)).toEqual(resumed('observed', 'gate'));
  });

  it.each([
    ['a newer run that has failed again', ['fail', 'fail', 100], ['fail', 'fail', 101]],
    ['a newer run that was skipped since', ['fail', 'fail', 100], ['running', 'skipped', 101]],
    ['a newer run in an execution that had failed', ['fail', 'success', 100], ['fail', 'running', 200]],
    ['another word for the node', ['fail', 'fail', null], ['fail', 'running', null]],
    ['another word for the node alone', [null, 'Timeout', 100], [null, 'executing', 100]],
    ['a pause that was passed', ['running', 'paused', 100], ['running', 'success', 100]],
    ['a pause after a failure', ['fail', 'fail', 100], ['pausing', 'pausing', 100]],
  ] as const)('is told by %s', async (_what, before, now) => {
    expect(await found(before, now)).toEqual(resumed('observed'));
  });

  it.each([
    ['failed', ['fail', 'fail', 100], ['running', 'fail', 100]],
    ['failed, of which the node is not known', ['fail', null, null], ['success']],
    ['paused', ['pausing', null, null], ['executing']],
    ['failed, and pauses now', ['timeout', null, null], ['pausing']],
  ] as const)('is told by an execution that had %s, though the node does not show it', async (_what, before, now) => {
    expect(await found(before, now)).toEqual(resumed('expected'));
  });

  it.each([
    ['nothing has changed', ['fail', 'fail', 100], ['fail', 'fail', 100]],
    ['only the spelling has changed', ['fail', 'fail', 100], ['FAIL', ' Failed', 100]],
    ['an older run shows', ['fail', 'fail', 100], ['fail', 'fail', 99]],
    ['the run does not say when it began', ['fail', 'fail', 100], ['fail', 'fail', null]],
    ['it was not said before when the run began', ['fail', 'fail', null], ['fail', 'fail', 100]],
    ['the node and the execution have no word', ['fail', 'fail', 100], [null, null, 100]],
    ['the node does not show any more', ['fail', 'fail', 100], ['fail']],
    ['it was cancelled', ['fail', 'fail', 100], ['cancel', 'canceling', 100]],
    ['a pause has run out', ['pausing', 'pausing', 100], ['timeout', 'fail', 100]],
    ['a pause is called by another word', ['pausing', 'pausing', 100], ['paused', 'suspended', 100]],
    ['a node has ended that ran beside the failed one', ['fail', 'running', 100], ['fail', 'success', 100]],
    ['an execution has ended that ran beside the failed node', ['running', 'fail', 100], ['success', 'fail', 100]],
    ['nothing had halted before', ['running', 'success', 100], ['success', 'running', 200]],
    ['words were not known before', ['halted', 'blocked', 100], ['success', 'running', 200]],
    ['there were no words before', [null, null, null], ['success', 'success', 200]],
  ] as const)('is not told where %s', async (_why, before, now) => {
    expect(await found(before, now)).toMatchObject({ found: 'nothing' });
  });

  it('is never told without the states before it, or of an execution that had not halted', async () => {
    await operate('restart', 'node-0001');
    const unknown = {
      found: 'nothing',
      undecided: true,
      seen: expect.stringContaining('what they were before the request is not known'),
    };
    expect(await find('restart', 'node-0001')).toEqual(unknown);
    const { baseline } = await discover(targetOf('restart', 'node-0001'));
    bench.emulator.clock.advance(60_000);
    expect(await find('restart', 'node-0001', baseline)).toEqual({
      found: 'nothing',
      undecided: true,
      seen: expect.stringContaining('neither had failed or paused before the request'),
    });
  });

  it('is another one where the node was skipped instead', async () => {
    for (const performed of ['restart', 'continue'] as const) {
      const other = await found(['fail', 'fail', 100], ['running', 'skipped', 100], performed);
      expect(other).toMatchObject({ found: 'different', seen: expect.stringContaining('it was skipped') });
    }
    expect(await found(['fail', 'fail', 100], ['running', 'skipped', 100], 'skip')).toEqual(resumed('observed'));
    expect(await found(['fail', 'fail', 100], ['running', 'skipped', 200], 'skip')).toEqual(resumed('observed'));
  });

  it('is another one where the node was started again instead of being skipped', async () => {
    const other = await found(['fail', 'fail', 100], ['running', 'running', 200], 'skip');
    expect(other).toMatchObject({ found: 'different', seen: expect.stringContaining('it was started again') });
  });

  it('is looked for once, and a read that fails says so', async () => {
    const baseline = { executionStatus: 'fail', nodeStatus: 'fail', nodeBegan: 100 };
    bench.emulator.faults.add({ kind: 'reset', when: 'before', operation: 'status' });
    expect((await failureOf(find('restart', 'n', baseline))).details).toMatchObject({ code: 'UNAVAILABLE' });
    answerStatus({ execution_id: 'ex-0002', status: 'running' });
    expect((await failureOf(find('restart', 'n', baseline))).details).toMatchObject({ code: 'INTERNAL' });
    expect(bench.emulator.journal.entries).toHaveLength(2);
    expect(bench.emulator.journal.mutating).toEqual([]);
  });

  it('names a refused token while it is looked for, so that it can be renewed', async () => {
    const { endpoint, projectId } = bench.emulator;
    const options = parseAomOptions({ name: 'aom-north', endpoint, projectId, credentials: bench.password });
    const withToken = new AomDriver(options);
    const look = () =>
      withToken.doFindResumed(
        targetOf('restart', 'node-0001'),
        { performed: 'restart', nodes: ['node-0001'] },
        {
          createdAtMs: START_MS,
          baseline: { executionStatus: 'fail', nodeStatus: 'fail', nodeBegan: START_MS - 1_000 },
        },
        attemptOf(),
      );
    expect(await look()).toMatchObject({ found: 'nothing' });
    bench.emulator.revokeTokens();
    const { staleCredential } = (await failureOf(look())).details;
    expect(staleCredential).toBeDefined();
    withToken.dropCredential(staleCredential ?? {});
    expect(await look()).toMatchObject({ found: 'nothing' });
    await withToken.close();
  });
});
