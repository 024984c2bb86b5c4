import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomEmulatorOptions } from '../providers/aom/emulator.js';
import { AomEmulator } from '../providers/aom/emulator.js';
import { VirtualClock } from '../src/testing/index.js';
import { callWithToken, TWO_NODES } from './aom-bench.js';

const START_MS = Date.parse('2026-01-01T00:00:00Z');

let emulator: AomEmulator;
beforeEach(() => start());
afterEach(() => emulator.close());

async function start(options: AomEmulatorOptions = {}): Promise<void> {
  emulator = await new AomEmulator(options).start();
  emulator.define(TWO_NODES);
}

async function restart(options: AomEmulatorOptions): Promise<void> {
  await emulator.close();
  await start(options);
}

const call = (method: string, path: string, body?: string) => callWithToken(emulator, method, path, body);
const operate = (action: string, node = 'node-0001', execution = 'ex-0001') =>
  call('POST', `workflow/wf-0001/executions/${execution}/operation?action=${action}&node_id=${node}`);

describe('an emulated AOM execution', () => {
  it('runs its nodes in order in virtual time, and fails as often as it is told', async () => {
    const nodes = [
      { id: 'a', status: 'fail', durationMs: 100, failures: 1 },
      { id: 'gate', kind: 'pause' as const },
      { id: 'b', durationMs: 50 },
    ];
    await restart({ clock: new VirtualClock(START_MS) });
    emulator.define({ workflow: 'wf-0001', execution: 'ex-0002', nodes });
    const words = () => {
      const state = emulator.stateOf('wf-0001', 'ex-0002');
      return [state?.status, ...(state?.nodes ?? []).map(({ status }) => status)];
    };
    expect(words()).toEqual(['fail', 'fail', undefined, undefined]);
    expect((await operate('restart', 'a', 'ex-0002')).status).toBe(200);
    emulator.clock.advance(99);
    expect(words()).toEqual(['running', 'running', undefined, undefined]);
    emulator.clock.advance(1);
    expect(words()).toEqual(['fail', 'fail', undefined, undefined]);
    await operate('restart', 'a', 'ex-0002');
    emulator.clock.advance(100);
    expect(words()).toEqual(['pausing', 'success', 'pausing', undefined]);
    expect((await operate('restart', 'gate', 'ex-0002')).json['error_code']).toBe('AOM.31001418');
    expect((await operate('continue', 'gate', 'ex-0002')).status).toBe(200);
    expect(words()).toEqual(['running', 'success', 'success', 'running']);
    emulator.clock.advance(50);
    expect(words()).toEqual(['success', 'success', 'success', 'success']);
    expect(emulator.stateOf('wf-0001', 'ex-0002')?.nodes.map(({ runs }) => runs)).toEqual([2, 1, 1]);
  });

  it('goes on behind a node that is skipped', async () => {
    await operate('skip');
    emulator.clock.advance(10_000);
    expect(emulator.stateOf('wf-0001', 'ex-0001')).toMatchObject({
      status: 'success',
      nodes: [{ status: 'skipped' }, { status: 'success' }],
    });
  });

  it('refuses a second restart of a node that is running, or accepts it where told so', async () => {
    await operate('restart');
    expect(await operate('restart')).toMatchObject({ status: 400 });
    emulator.knobs.doubleSubmit = 'accept';
    expect(await operate('restart')).toMatchObject({ status: 200 });
    expect(emulator.stateOf('wf-0001', 'ex-0001')?.nodes[0]?.runs).toBe(2);
    expect(emulator.journal.committed).toHaveLength(2);
  });

  it.each([
    ['restart', 'node-9999', 'ex-0001', 404, 'AOM.31001306'],
    ['restart', 'node-0001', 'ex-9999', 404, 'AOM.31001306'],
    ['continue', 'node-0001', 'ex-0001', 400, 'AOM.31001418'],
    ['resume', 'node-0001', 'ex-0001', 400, 'AOM.31001403'],
    ['restart', '', 'ex-0001', 400, 'AOM.31001403'],
  ])('answers %s of %s in %s with %i %s, or with its documented 500', async (action, node, execution, status, code) => {
    expect(await operate(action, node, execution)).toMatchObject({ status, json: { error_code: code } });
    emulator.knobs.wrongState = '500/31001405';
    const expected = code === 'AOM.31001403' ? { status } : { status: 500, json: { error_code: 'AOM.31001405' } };
    expect(await operate(action, node, execution)).toMatchObject(expected);
    expect(emulator.journal.committed).toHaveLength(0);
  });

  it('shows every run of a node in its detail, as the documents write it', async () => {
    await restart({ clock: new VirtualClock(START_MS) });
    await operate('restart');
    emulator.clock.advance(1_500);
    const { json } = await call('GET', 'workflow/wf-0001/executions/ex-0001/status');
    expect(json).toMatchObject({
      workflow_id: 'wf-0001',
      execution_id: 'ex-0001',
      project_id: emulator.projectId,
      status: 'running',
      begin_time: START_MS - 1_000,
      execution_result_list: [
        { node_id: 'node-0001', status: 'fail' },
        { node_id: 'node-0001', status: 'success', end_time: START_MS + 1_000 },
        { node_id: 'node-0002', status: 'running', begin_time: START_MS + 1_000 },
      ],
    });
  });

  it('is one of a history, newest first, and of a list of workflows', async () => {
    const { json: executed } = await call('POST', 'workflow/wf-0001/executions');
    const history = await call('GET', 'workflow/wf-0001/executions');
    expect(history.json).toMatchObject([
      {
        execution_id: executed['execution_id'],
        status: 'running',
        create_by: 'emulator',
        workflowEditTime: expect.any(Number),
      },
      { execution_id: 'ex-0001', status: 'fail' },
    ]);
    const query = { sort_field: 'update_time', sort_type: 'DESC' };
    expect((await call('POST', 'workflow-list', JSON.stringify(query))).json).toEqual({
      elements: [
        {
          id: 'wf-0001',
          name: 'wf-0001',
          project_id: emulator.projectId,
          status: 'executing',
          last_execution_id: executed['execution_id'],
        },
      ],
      total_elements: 1,
    });
    const failed = JSON.stringify({ ...query, status: 'fail' });
    expect((await call('POST', 'workflow-list', failed)).json['total_elements']).toBe(0);
    expect(await call('POST', 'workflow-list', '{}')).toMatchObject({
      status: 400,
      json: { error_code: 'AOM.31001302' },
    });
  });

  it('can be terminated while it is not over', async () => {
    const path = 'workflow/wf-0001/executions/ex-0001/terminate';
    await operate('restart');
    expect(await call('POST', path)).toMatchObject({ status: 200, json: { result: 'success' } });
    expect(emulator.stateOf('wf-0001', 'ex-0001')).toMatchObject({
      status: 'cancel',
      nodes: [{ status: 'cancel' }, {}],
    });
    expect(await call('POST', path)).toMatchObject({ status: 400, json: { error_code: 'AOM.31001418' } });
    const operations = emulator.journal.mutating.map(({ operation, committed }) => [operation, committed]);
    expect(operations).toEqual([
      ['operation', true],
      ['terminate', true],
      ['terminate', false],
    ]);
  });

  it.each([
    ['GET', 'workflow/wf-none/executions'],
    ['POST', 'workflow/wf-none/executions'],
    ['GET', 'workflow/wf-0001/executions/none/status'],
    ['POST', 'workflow/wf-0001/executions/none/terminate'],
  ])('is not found by %s %s', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 404, json: { error_code: 'AOM.31001306' } });
  });
});
