import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AomDriverBench } from './aom-driver-bench.js';
import { attemptOf, failureOf } from './driver-attempt.js';

let bench: AomDriverBench;
beforeEach(async () => {
  bench = await AomDriverBench.start();
});
afterEach(() => bench.close());

const isoAt = (ms: number): string => new Date(ms).toISOString();
const BEGAN_MS = 1_670_311_148_207;

describe('an execution that is inspected', () => {
  it('is one read, in the words of every provider', async () => {
    const { startMs } = bench;
    bench.define([
      { id: 'a', name: 'Find', status: 'success', durationMs: 500 },
      { id: 'b', status: 'fail', error: 'the disk is full' },
      { id: 'c' },
    ]);
    const [firstMs, secondMs] = [startMs - 1_500, startMs - 1_000];
    expect(await bench.inspect()).toEqual({
      state: 'failed',
      providerState: 'fail',
      startedAt: isoAt(firstMs),
      endedAt: isoAt(startMs),
      nodes: [
        {
          id: 'a',
          name: 'Find',
          kind: 'task',
          state: 'succeeded',
          providerState: 'success',
          attempts: [
            { state: 'succeeded', providerState: 'success', startedAt: isoAt(firstMs), endedAt: isoAt(secondMs) },
          ],
          carriedOver: false,
        },
        {
          id: 'b',
          name: 'b',
          kind: 'task',
          state: 'failed',
          providerState: 'fail',
          attempts: [
            {
              state: 'failed',
              providerState: 'fail',
              startedAt: isoAt(secondMs),
              endedAt: isoAt(startMs),
              error: 'the disk is full',
            },
          ],
          carriedOver: false,
        },
        { id: 'c', name: 'c', kind: 'task', state: 'waiting', providerState: '', attempts: [], carriedOver: false },
      ],
    });
    expect(bench.emulator.journal.entries.map(({ operation }) => operation)).toEqual(['status']);
  });

  it.each([
    ['success', 'succeeded'],
    ['Success', 'succeeded'],
    [' fail ', 'failed'],
    ['failed', 'failed'],
    ['error', 'failed'],
    ['timeout', 'failed'],
    ['cancel', 'stopped'],
    ['terminated', 'stopped'],
    ['canceling', 'running'],
    ['running', 'running'],
    ['executing', 'running'],
    ['pausing', 'paused'],
    ['suspended', 'paused'],
    ['waitExecute', 'unknown'],
    ['waitApproval', 'unknown'],
    ['approvalFailed', 'unknown'],
    ['halted', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('%j is %s, of an execution and of a node', async (word, state) => {
    bench.answerRuns(word, []);
    expect(await bench.inspect()).toEqual({ state, providerState: word ?? '', nodes: [] });
    bench.answerRuns('running', [
      ['n', word],
      ['m', 'running'],
    ]);
    expect((await bench.inspect()).nodes[0]).toMatchObject({ state, providerState: word ?? '', attempts: [{ state }] });
  });

  it.each(['skip', 'skipped', 'SKIPPING'])('has a node that was skipped: %s', async (word) => {
    bench.answerRuns('success', [['n', word]]);
    expect(await bench.inspect()).toMatchObject({ state: 'succeeded', nodes: [{ state: 'skipped' }] });
  });

  it.each([
    ['success', ['success', 'fail'], 'failed'],
    ['success', ['success', 'timeout'], 'failed'],
    ['success', ['success', 'halted'], 'succeeded'],
    ['fail', ['success'], 'failed'],
    ['running', ['fail'], 'running'],
    ['halted', ['fail'], 'unknown'],
    ['running', ['success', 'pausing'], 'paused'],
    ['halted', ['pausing'], 'paused'],
    ['running', ['pausing', 'running'], 'running'],
    ['canceling', ['pausing'], 'running'],
    ['cancel', ['pausing'], 'stopped'],
    ['fail', ['pausing'], 'failed'],
  ])('that is %s with nodes %j is %s', async (word, words, state) => {
    bench.answerRuns(
      word,
      words.map((status, index) => [`n${index}`, status]),
    );
    expect(await bench.inspect()).toMatchObject({ state, providerState: word });
  });

  it('reads the documented sample: failed, although its one node succeeded, with what failed inside', async () => {
    bench.answerRuns('fail', [], {
      begin_time: BEGAN_MS,
      end_time: null,
      execution_result_list: [
        {
          node_id: 'run-script',
          status: 'success',
          begin_time: BEGAN_MS,
          end_time: BEGAN_MS + 3_650,
          output: { fail: [{ exit_code: '1' }], in_execution: [], not_performed: [], success: [] },
        },
      ],
      workflow_snapshot: { nodes: [{ id: 'run-script', ignore_error: true }] },
    });
    expect(await bench.inspect()).toMatchObject({
      state: 'failed',
      startedAt: '2022-12-06T07:19:08.207Z',
      nodes: [{ id: 'run-script', state: 'succeeded', attempts: [{ state: 'succeeded', error: '{"exit_code":"1"}' }] }],
    });
  });

  it.each([
    [{ fail: ['no\nroute\u0007 to host'] }, 'no route to host'],
    [{ fail: [{ message: 'refused' }, { error_msg: 'busy' }, 7, 'x', 'y'] }, 'refused; busy; 7; 2 more'],
    [{ fail: ['x'.repeat(400)] }, `${'x'.repeat(299)}…`],
    [{ fail: [] }, undefined],
    [{ fail: 'yes' }, undefined],
    ['{"fail":["x"]}', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('shows of an output %j', async (output, error) => {
    bench.answerRuns('fail', [], { execution_result_list: [{ node_id: 'n', status: 'fail', output }] });
    expect((await bench.inspect()).nodes[0]?.attempts[0]?.error).toBe(error);
  });

  it('has a node with all its attempts, oldest first, and goes by the newest', async () => {
    const [first, second, third] = [BEGAN_MS, BEGAN_MS + 1, BEGAN_MS + 2];
    bench.answerRuns('running', [
      ['n', 'success', third],
      ['m', 'success'],
      ['n', 'fail', first],
      ['n', 'timeout', second],
    ]);
    const { nodes } = await bench.inspect();
    expect(nodes.map(({ id, state }) => [id, state])).toEqual([
      ['n', 'succeeded'],
      ['m', 'succeeded'],
    ]);
    expect(nodes[0]?.attempts.map(({ providerState }) => providerState)).toEqual(['fail', 'timeout', 'success']);
    bench.answerRuns('running', [
      ['n', 'fail'],
      ['n', 'running', first],
      ['n', 'success'],
    ]);
    const [untimed] = (await bench.inspect()).nodes;
    expect(untimed?.attempts.map(({ providerState }) => providerState)).toEqual(['fail', 'running', 'success']);
    bench.answerRuns('running', [
      ['n', 'fail'],
      ['n', 'running', second],
      ['n', 'timeout', first],
    ]);
    const [mixed] = (await bench.inspect()).nodes;
    expect(mixed?.attempts.map(({ providerState }) => providerState)).toEqual(['fail', 'timeout', 'running']);
    bench.answerRuns('running', [
      ['n', 'running', second],
      ['n', 'fail', first],
    ]);
    expect((await bench.inspect()).nodes).toMatchObject([{ state: 'running', providerState: 'running' }]);
  });

  it.each([null, 'a', { nodes: 'a' }, { nodes: [{ name: 'a' }] }])(
    'shows what has run where its snapshot is %j',
    async (workflow_snapshot) => {
      bench.answerRuns('fail', [['n', 'fail']], { workflow_snapshot });
      expect((await bench.inspect()).nodes.map(({ id }) => id)).toEqual(['n']);
    },
  );

  it('of an unknown id is not found', async () => {
    const unknown = bench.driver.doInspect({ workflow: 'wf-0001', execution: 'none' }, attemptOf());
    expect((await failureOf(unknown)).details).toMatchObject({ code: 'NOT_FOUND', providerCode: 'AOM.31001306' });
  });

  it('is offered, and names the connection by its origin and project', () => {
    const { endpoint, projectId } = bench.emulator;
    expect(bench.driver.capabilities.reads).toEqual(['inspect', 'plan', 'list']);
    expect(bench.driver.identity).toBe(`${endpoint} ${projectId}`);
  });
});
