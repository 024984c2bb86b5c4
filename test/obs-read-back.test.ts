import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObsDriver } from '../providers/obs/driver.js';
import type { ObsInstanceDefinition, ObsKnobs } from '../providers/obs/emulator.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { parseObsOptions } from '../providers/obs/options.js';
import type { Baseline, Finding } from '../src/driver.js';
import { VirtualClock } from '../src/testing/index.js';
import { attemptOf, failureOf } from './driver-attempt.js';

const START_MS = Date.now();
const TARGET = { workflow: 'graph_1', execution: 'exec-001', action: 'resume', nodes: [] } as const;
const SELECTION = { performed: 'resume', nodes: [] } as const;

let emulator: ObsEmulator;
let driver: ObsDriver;

beforeEach(() => start());
afterEach(() => stop());

async function start(knobs: Partial<ObsKnobs> = {}): Promise<void> {
  emulator = await new ObsEmulator({ clock: new VirtualClock(START_MS), knobs }).start();
  const { endpoint, credentials } = emulator;
  driver = new ObsDriver(parseObsOptions({ name: 'obs-north', endpoint, credentials }));
}

async function stop(): Promise<void> {
  await driver.close();
  await emulator.close();
}

function define(definition: Partial<ObsInstanceDefinition>): void {
  emulator.define({ ...TARGET, steps: [{ name: 'a' }], ...definition });
}

const discover = () => driver.doDiscover(TARGET, attemptOf());
const find = (baseline?: Baseline): Promise<Finding> =>
  driver.doFindResumed(TARGET, SELECTION, { createdAtMs: START_MS, baseline }, attemptOf());
const restore = () => driver.doResume(TARGET, SELECTION, attemptOf({ mutating: true }));

/** The next reads are answered with this. */
function answerRead(body: unknown, status = 200): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  emulator.faults.add({ kind: 'answer', when: 'before', operation: 'get', answer: { status, body: text } });
}

function answerState(execution_state: string, more: object = {}): void {
  answerRead({ execution_info: { execution_name: 'exec-001', execution_state, ...more } });
}

const isoAt = (epochMs: number): string => new Date(epochMs).toISOString();

const RESUMED = { found: 'resumed', acceptance: { execution: 'exec-001', nodes: [], nodesBasis: 'expected' } };

describe('the read before a restore', () => {
  it('is made where a lost answer would be read back, and not otherwise', () => {
    expect(driver.needsDiscovery(TARGET, true)).toBe(true);
    expect(driver.needsDiscovery(TARGET, false)).toBe(false);
  });

  it('is one signed request, and keeps the state that a restore must leave', async () => {
    expect(await discover()).toEqual({ ...SELECTION, baseline: { state: 'FAILED', restoredAt: null } });
    expect(emulator.journal.entries).toMatchObject([
      {
        operation: 'get',
        method: 'GET',
        target: '/v2/workflowexecutions/exec-001?x-workflow-graph-name=graph_1',
        body: '',
        status: 200,
      },
    ]);
  });

  it.each([
    ['RUNNING', 'wait until it has ended'],
    ['running', 'wait until it has ended'],
    ['SUCCESS', 'start a new one instead'],
  ])('refuses what cannot be restored by the documents: %s', async (state, advice) => {
    define({ state, ...(state === 'RUNNING' ? { runs: [{ stepMs: 60_000 }] } : {}) });
    const failure = await failureOf(discover());
    expect(failure.details).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(failure.message).toContain(state.toUpperCase());
    expect(failure.message).toContain(advice);
    expect(emulator.journal.mutating).toEqual([]);
  });

  it.each(['TIMEOUT', 'CANCEL', 'PAUSED', 'FAIL'])('leaves any other word to the service: %s', async (state) => {
    define({ state });
    expect(await discover()).toEqual({ ...SELECTION, baseline: { state, restoredAt: null } });
  });

  it.each([
    ['nothing', '', 'with its state'],
    ['a page', '<html>', 'with its state'],
    ['no instance', '{}', 'with its state'],
    ['no state', { execution_info: { execution_name: 'exec-001' } }, 'with its state'],
    ['an empty state', { execution_info: { execution_name: 'exec-001', execution_state: ' ' } }, 'with its state'],
    ['no name', { execution_info: { execution_state: 'FAILED' } }, 'with its state'],
    [
      'another execution',
      { execution_info: { execution_name: 'exec-002', execution_state: 'FAILED' } },
      'another execution, "exec-002"',
    ],
  ])('with %s in its answer is INTERNAL', async (_what, body, why) => {
    answerRead(body);
    const failure = await failureOf(discover());
    expect(failure.details).toMatchObject({ code: 'INTERNAL', httpStatus: 200 });
    expect(failure.message).toContain(why);
  });

  it('of an unknown instance is not found', async () => {
    const unknown = driver.doDiscover({ ...TARGET, execution: 'exec-404' }, attemptOf());
    expect((await failureOf(unknown)).details).toMatchObject({ code: 'NOT_FOUND', providerCode: 'NoSuchKey' });
  });
});

describe('a restore whose answer was lost', () => {
  it('is what a caller gets told by the instance', async () => {
    const { endpoint, credentials } = emulator;
    const workflow = createObsWorkflow({ name: 'obs-north', endpoint, credentials });
    emulator.faults.add({ kind: 'reset', when: 'after' });
    expect(await workflow.resume({ workflow: 'graph_1', execution: 'exec-001' })).toMatchObject({
      ...RESUMED.acceptance,
      confirmedBy: 'read-back',
      attempts: 1,
    });
    await workflow.close();
    expect(emulator.journal.entries.map(({ operation }) => operation)).toEqual(['get', 'restore', 'get']);
  });

  it('is found while it runs, and when it has succeeded', async () => {
    const { baseline } = await discover();
    expect(await find(baseline)).toEqual({
      found: 'nothing',
      seen: 'the instance is FAILED, as before the request',
    });
    await restore();
    expect(await find(baseline)).toEqual(RESUMED);
    emulator.clock.advance(60_000);
    expect(await find(baseline)).toEqual(RESUMED);
    expect(emulator.journal.mutating).toHaveLength(1);
  });

  it('is not told where it failed again between two reads', async () => {
    define({ runs: [{ failsAt: 'a', stepMs: 1_000 }] });
    const { baseline } = await discover();
    await restore();
    emulator.clock.advance(1_001);
    expect(emulator.stateOf('graph_1', 'exec-001')).toBe('FAILED');
    expect(await find(baseline)).toMatchObject({ found: 'nothing' });
  });

  it('is told even so where the instance shows when it was restored, which is undocumented', async () => {
    await stop();
    await start({ showsRestoredAt: true });
    define({
      runs: [
        { failsAt: 'a', stepMs: 1_000 },
        { failsAt: 'a', stepMs: 1_000 },
      ],
    });
    const first = await discover();
    expect(first.baseline).toEqual({ state: 'FAILED', restoredAt: null });
    await restore();
    emulator.clock.advance(1_001);
    const acceptedAt = new Date(START_MS).toISOString();
    expect(await find(first.baseline)).toEqual({ ...RESUMED, acceptance: { ...RESUMED.acceptance, acceptedAt } });
    const second = await discover();
    expect(second.baseline).toEqual({ state: 'FAILED', restoredAt: acceptedAt });
    expect(await find(second.baseline)).toMatchObject({ found: 'nothing' });
    await restore();
    emulator.clock.advance(1_001);
    expect(await find(second.baseline)).toMatchObject({
      found: 'resumed',
      acceptance: { acceptedAt: new Date(START_MS + 1_001).toISOString() },
    });
  });

  it.each([undefined, null, '', {}, []])('is not told by a restore time of %j', async (restored_at) => {
    answerState('FAILED', { restored_at });
    expect(await find({ state: 'FAILED', restoredAt: null })).toMatchObject({ found: 'nothing' });
    answerState('FAILED', { restored_at });
    expect(await find({ state: 'FAILED', restoredAt: '2026-01-01T00:00:00Z' })).toMatchObject({ found: 'nothing' });
  });

  it('is not told by a restore time where it is not known what was there before', async () => {
    answerState('FAILED', { restored_at: isoAt(START_MS + 1_000) });
    expect(await find({ state: 'FAILED' })).toEqual({
      found: 'nothing',
      seen: 'the instance is FAILED, as before the request',
    });
  });

  it.each(['FAILED', 'FAIL', 'TIMEOUT', 'CANCEL'])('is told by an instance that goes on after %s', async (state) => {
    for (const now of ['RUNNING', 'running', 'SUCCESS']) {
      answerState(now);
      expect(await find({ state, restoredAt: null })).toEqual(RESUMED);
    }
    answerState(state.toLowerCase());
    const same = await find({ state, restoredAt: null });
    expect(same).toEqual({ found: 'nothing', seen: `the instance is ${state}, as before the request` });
  });

  it.each([
    ['FAILED', 'CANCEL'],
    ['FAILED', 'TIMEOUT'],
    ['CANCEL', 'FAILED'],
    ['FAILED', 'RESTORING'],
    ['FAILED', 'KILLED'],
  ])('is not told where %s has become %s, but nothing is sent again then', async (state, now) => {
    answerState(now);
    expect(await find({ state, restoredAt: null })).toMatchObject({ found: 'nothing', undecided: true });
  });

  it.each([
    ['FAILED', 'FAIL'],
    ['FAIL', 'FAILED'],
  ])('has nothing that speaks for it where %s is only spelt %s', async (state, now) => {
    answerState(now);
    expect(await find({ state, restoredAt: null })).not.toHaveProperty('undecided');
  });

  it.each([
    ['is older than the request can be', null, '2020-04-23T13:37:43.847Z'],
    ['is the same, written otherwise', '2020-04-23T13:37:43.000Z', '2020-04-23T13:37:43Z'],
    ['goes back', isoAt(START_MS + 2_000), isoAt(START_MS + 1_000)],
    ['is none', null, 'soon'],
    ['is gone', isoAt(START_MS), undefined],
  ])('is not told by a restore time that %s', async (_what, before, now) => {
    answerState('FAILED', { restored_at: now });
    expect(await find({ state: 'FAILED', restoredAt: before })).toMatchObject({ found: 'nothing', undecided: true });
  });

  it('is not told by a change of a state that may change by itself', async () => {
    answerState('RUNNING');
    expect(await find({ state: 'PAUSED', restoredAt: null })).toEqual({
      found: 'nothing',
      seen: 'the instance was PAUSED and is RUNNING, which it may have become by itself',
      undecided: true,
    });
  });

  it.each([undefined, {}, { state: null }])('is never told without the state before it: %j', async (baseline) => {
    await restore();
    expect(await find(baseline)).toMatchObject({
      found: 'nothing',
      seen: expect.stringContaining('the instance is RUNNING, and what it was before the request is not known'),
      undecided: true,
    });
    answerState('FAILED');
    expect(await find(baseline)).not.toHaveProperty('undecided');
  });

  it('is looked for once, and a read that fails says so', async () => {
    emulator.faults.add({ kind: 'reset', when: 'before', operation: 'get' });
    const lost = find({ state: 'FAILED', restoredAt: null });
    expect((await failureOf(lost)).details).toMatchObject({ code: 'UNAVAILABLE' });
    answerRead('{"code":"AccessDenied","message":"no"}', 403);
    const denied = find({ state: 'FAILED', restoredAt: null });
    expect((await failureOf(denied)).details).toMatchObject({ code: 'PERMISSION_DENIED', effect: 'none' });
    answerState('RUNNING', { execution_name: 'exec-002' });
    expect((await failureOf(find({ state: 'FAILED' }))).details).toMatchObject({ code: 'INTERNAL' });
    expect(emulator.journal.entries).toHaveLength(3);
  });
});
