import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomNodeDefinition } from '../providers/aom/emulator.js';
import { AomBench, SAMPLE } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

function define(nodes: readonly AomNodeDefinition[], status?: string): void {
  bench.emulator.define({ ...SAMPLE, nodes, status });
}

/** The next status request is answered with this. */
function answerStatus(body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  bench.emulator.faults.add({
    kind: 'answer',
    when: 'before',
    operation: 'status',
    answer: { status: 200, body: text },
  });
}

describe('resume on AOM', () => {
  it('reads the execution once, then restarts the failed node', async () => {
    const receipt = await bench.connect().resume(SAMPLE);
    expect(receipt).toMatchObject({ action: 'resume', performed: 'restart', nodes: ['node-0001'], attempts: 1 });
    expect(bench.emulator.journal.entries.map(({ operation, method }) => [method, operation])).toEqual([
      ['GET', 'status'],
      ['POST', 'operation'],
    ]);
    expect(bench.emulator.journal.entries[0]?.target).toBe(
      `/v1/${bench.emulator.projectId}/cms/workflow/wf-0001/executions/ex-0001/status`,
    );
  });

  it.each(['fail', 'failed', 'FAILED', 'error', 'timeout'])('restarts a node that is %s', async (status) => {
    define([
      { id: 'done', status: 'success' },
      { id: 'broken', status },
    ]);
    bench.emulator.knobs.doubleSubmit = 'accept';
    expect(await bench.connect().resume(SAMPLE)).toMatchObject({ performed: 'restart', nodes: ['broken'] });
  });

  it.each(['pausing', 'paused', 'pause', 'suspended'])('continues past a node that is %s', async (status) => {
    define([{ id: 'done', status: 'success' }, { id: 'gate', status, kind: 'pause' }, { id: 'later' }]);
    expect(await bench.connect().resume(SAMPLE)).toMatchObject({ performed: 'continue', nodes: ['gate'] });
  });

  it('of a named node goes by that node alone', async () => {
    define([
      { id: 'a', status: 'fail' },
      { id: 'b', status: 'paused', kind: 'pause' },
    ]);
    const workflow = bench.connect();
    expect(await workflow.resume({ ...SAMPLE, nodes: ['b'] })).toMatchObject({ performed: 'continue', nodes: ['b'] });
    expect(await workflow.resume({ ...SAMPLE, nodes: ['a'] })).toMatchObject({ performed: 'restart', nodes: ['a'] });
  });

  it.each([
    [
      [
        { id: 'a', status: 'fail' },
        { id: 'b', status: 'error' },
      ],
      'stopped at 2 nodes: a (fail), b (error)',
    ],
    [
      [
        { id: 'a', status: 'fail' },
        { id: 'b', status: 'paused' },
      ],
      'stopped at 2 nodes: a (fail), b (paused)',
    ],
  ])('does not choose between %j', async (nodes, why) => {
    define(nodes);
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
    expect(error.message).toContain(why);
    expect(error.message).toContain('name an action (restart, skip or continue) and a node');
    expect(bench.emulator.journal.mutating).toHaveLength(0);
  });

  it('does not guess in the documented sample: the execution failed, its one node succeeded', async () => {
    answerStatus({
      workflow_id: 'wf-0001',
      execution_id: 'ex-0001',
      status: 'fail',
      begin_time: 1670311148207,
      execution_result_list: [
        {
          node_id: 'run-script',
          status: 'success',
          begin_time: 1670311148207,
          end_time: 1670311151857,
          output: { fail: [{ exit_code: '1' }], in_execution: [], not_performed: [], success: [] },
        },
      ],
      workflow_snapshot: { nodes: [{ id: 'run-script', ignore_error: true }] },
    });
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
    expect(error.message).toContain(
      'the execution is "fail" and no node is known to have failed or to pause; its nodes: run-script (success); ' +
        'name an action (restart, skip or continue) and a node',
    );
    expect(bench.emulator.journal.mutating).toHaveLength(0);
  });

  it.each([
    [undefined, 'no node is known to have failed or to pause; its nodes: a (success), b (halted)'],
    ['b', 'node "b" is "halted"'],
    ['a', 'node "a" is "success"'],
    ['c', 'node "c" has not run in it'],
  ])('lists words that it does not know instead of guessing: node %s', async (node, why) => {
    define([{ id: 'a', status: 'success' }, { id: 'b', status: 'halted' }, { id: 'c' }]);
    const nodes = node === undefined ? [] : [node];
    const error = await rejected(bench.connect().resume({ ...SAMPLE, nodes }));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
    expect(error.message).toContain(why);
  });

  it('takes the newest attempt of a node that ran more than once', async () => {
    const runs = [
      { node_id: 'a', status: 'success', begin_time: 300 },
      { node_id: 'a', status: 'fail', begin_time: 100 },
      { node_id: 'b', status: 'success', begin_time: 400 },
      { node_id: 'b', status: 'fail', begin_time: '500' },
    ];
    answerStatus({ status: 'fail', execution_result_list: runs });
    define([
      { id: 'a', status: 'success' },
      { id: 'b', status: 'fail' },
    ]);
    expect(await bench.connect().resume(SAMPLE)).toMatchObject({ performed: 'restart', nodes: ['b'] });
  });

  it('takes the attempt that stands last where none has a time', async () => {
    const runs = [
      { node_id: 'a', status: 'fail' },
      { node_id: 'a', status: 'success' },
    ];
    answerStatus({ status: 'running', execution_result_list: runs });
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error.message).toContain('its nodes: a (success)');
  });

  it('does not restart a node that failed inside an execution that succeeded', async () => {
    define([{ id: 'ignored', status: 'fail' }], 'success');
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
    expect(error.message).toContain('the execution is "success"');
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>'],
    ['a list', '[]'],
    ['nodes without ids', '{"execution_result_list":[{"status":"fail"}]}'],
  ])('sends nothing after a status answer with %s', async (_what, body) => {
    answerStatus(body);
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', httpStatus: 200, attempts: 0 });
    expect(bench.emulator.journal.mutating).toHaveLength(0);
  });

  it('of an execution that answers without nodes says so', async () => {
    answerStatus({ status: 'waitApproval' });
    const error = await rejected(bench.connect().resume(SAMPLE));
    expect(error.message).toContain('the execution is "waitApproval"');
    expect(error.message).toContain('its nodes: none');
  });

  it('of an unknown execution is not found', async () => {
    const error = await rejected(bench.connect().resume({ workflow: 'wf-0001', execution: 'ex-none' }));
    expect(error).toMatchObject({ code: 'NOT_FOUND', effect: 'none', providerCode: 'AOM.31001306', attempts: 0 });
  });

  it.each([
    ['reset', { kind: 'reset' }, 'UNAVAILABLE'],
    ['hang', { kind: 'hang' }, 'DEADLINE_EXCEEDED'],
    ['500', { kind: 'answer', answer: { status: 500, body: '<html>' } }, 'INTERNAL'],
  ] as const)('has no effect when the reading ends in %s', async (_what, fault, code) => {
    bench.emulator.faults.add({ ...fault, when: 'after', operation: 'status', times: 9 });
    const error = await rejected(bench.connect().resume(SAMPLE, { timeoutMs: 150 }));
    expect(error).toMatchObject({ code, effect: 'none', attempts: 0 });
    expect(error.message).toContain('looking where it stopped');
    expect(bench.emulator.journal.mutating).toHaveLength(0);
  });
});
