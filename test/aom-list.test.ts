import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListPage } from '../src/inspection.js';
import { AomDriverBench } from './aom-driver-bench.js';
import { attemptOf, failureOf } from './driver-attempt.js';

let bench: AomDriverBench;
beforeEach(async () => {
  bench = await AomDriverBench.start();
});
afterEach(() => bench.close());

const list = (workflow = 'wf-0001'): Promise<ListPage> =>
  bench.driver.doList(workflow, { token: undefined, states: true }, attemptOf());

describe('a list of executions', () => {
  it.each(['example', 'schema'] as const)(
    'is the whole history in one signed read, with the keys of the %s',
    async (historyKeys) => {
      bench.emulator.knobs.historyKeys = historyKeys;
      const { startMs } = bench;
      bench.define([{ id: 'n', status: 'fail' }]);
      for (const status of ['success', 'timeout', 'halted']) {
        bench.emulator.define({ workflow: 'wf-0001', execution: `is-${status}`, status, nodes: [] });
      }
      const at = (ms: number): string => new Date(ms).toISOString();
      expect(await list()).toEqual({
        executions: [
          { execution: 'is-halted', state: 'unknown', providerState: 'halted', startedAt: at(startMs) },
          { execution: 'is-timeout', state: 'failed', providerState: 'timeout', startedAt: at(startMs) },
          { execution: 'is-success', state: 'succeeded', providerState: 'success', startedAt: at(startMs) },
          {
            execution: 'ex-0001',
            state: 'failed',
            providerState: 'fail',
            startedAt: at(startMs - 1_000),
            endedAt: at(startMs),
          },
        ],
      });
      expect(bench.emulator.journal.entries).toMatchObject([
        {
          operation: 'executions',
          method: 'GET',
          target: `/v1/${bench.emulator.projectId}/cms/workflow/wf-0001/executions`,
          status: 200,
        },
      ]);
    },
  );

  it('takes any key in either style, and judges by the nodes where they are shown', async () => {
    const executionResultList = [{ node_id: 'a', status: 'fail' }];
    bench.answer(
      [
        { executionId: 'one', status: 'success', beginTime: 1_670_311_148_207, endTime: null, executionResultList },
        { execution_id: 'two', executionId: 'other', status: 'success', begin_time: '1670311148207' },
        { execution_id: 'three', status: 'running', execution_result_list: [{ node_id: 'a', status: 'pausing' }] },
        { execution_id: 'four' },
      ],
      'executions',
    );
    const startedAt = '2022-12-06T07:19:08.207Z';
    expect(await list()).toEqual({
      executions: [
        { execution: 'one', state: 'failed', providerState: 'success', startedAt },
        { execution: 'two', state: 'succeeded', providerState: 'success', startedAt },
        { execution: 'three', state: 'paused', providerState: 'running' },
        { execution: 'four', state: 'unknown', providerState: '' },
      ],
    });
  });

  it.each(['', '<html>', {}, { executions: [] }, [{ status: 'fail' }], [{ execution_id: '' }], [null]])(
    'that is %j is INTERNAL',
    async (body) => {
      bench.answer(body, 'executions');
      const failure = await failureOf(list());
      expect(failure.details).toMatchObject({ code: 'INTERNAL', httpStatus: 200 });
      expect(failure.message).toContain('not a list of executions');
    },
  );

  it('may be empty, and of an unknown workflow is not found', async () => {
    bench.answer([], 'executions');
    expect(await list()).toEqual({ executions: [] });
    expect((await failureOf(list('wf-none'))).details).toMatchObject({ code: 'NOT_FOUND' });
  });
});
