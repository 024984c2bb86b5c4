import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListPage } from '../src/inspection.js';
import { attemptOf, failureOf } from './driver-attempt.js';
import { ObsBench } from './obs-bench.js';

let bench: ObsBench;
beforeEach(async () => {
  bench = await ObsBench.start();
});
afterEach(() => bench.close());

const list = (token?: string, workflow = 'graph_2'): Promise<ListPage> =>
  bench.driver.doList(workflow, { token, states: true }, attemptOf());

const LIMIT = 'x-workflow-limit=1000';

describe('a list of instances', () => {
  it('shows all of them with state and times, and leaves none out', async () => {
    const steps = [{ name: 'a' }];
    for (const state of ['FAILED', 'RUNNING', 'SUCCESS', 'HELD']) {
      bench.emulator.define({ workflow: 'graph_2', execution: `is-${state}`, steps, state });
    }
    const startedAt = new Date(bench.startMs - 1_000).toISOString();
    const [began, ended] = [new Date(bench.startMs).toISOString(), new Date(bench.startMs).toISOString()];
    expect(await list()).toEqual({
      executions: [
        { execution: 'is-FAILED', state: 'failed', providerState: 'FAILED', startedAt, endedAt: ended },
        { execution: 'is-HELD', state: 'unknown', providerState: 'HELD', startedAt, endedAt: ended },
        { execution: 'is-RUNNING', state: 'running', providerState: 'RUNNING', startedAt: began },
        { execution: 'is-SUCCESS', state: 'succeeded', providerState: 'SUCCESS', startedAt, endedAt: ended },
      ],
    });
  });

  it('is read page by page, each with a signature that the emulator has verified in full', async () => {
    const steps = [{ name: 'a' }];
    const name = (index: number): string => `exec+ä ${String(index).padStart(4, '0')}`;
    for (let index = 0; index < 2_001; index += 1) {
      bench.emulator.define({ workflow: 'graph_2', execution: name(index), steps });
    }
    const first = await list();
    const second = await list(first.next);
    const third = await list(second.next);
    expect([first, second, third].map(({ executions }) => executions.length)).toEqual([1_000, 1_000, 1]);
    const found = [first, second, third].flatMap(({ executions }) => executions.map(({ execution }) => execution));
    expect(found).toEqual(Array.from({ length: 2_001 }, (_none, index) => name(index)));
    expect(third.next).toBeUndefined();
    const path = `/v2/workflowexecutions?x-workflow-graph-name=graph_2&${LIMIT}`;
    const marker = (index: string) => `x-workflow-next-marker=APICALLexec%2B%C3%A4%20${index}`;
    expect(bench.emulator.journal.entries).toMatchObject([
      { operation: 'list', method: 'GET', target: path, status: 200 },
      { operation: 'list', target: `${path}&${marker('0999')}`, status: 200 },
      { operation: 'list', target: `${path}&${marker('1999')}`, status: 200 },
    ]);
  });

  it('signs limit and marker, by their decoded values, in order of their names', async () => {
    await list('APICALLexec 1');
    const [sent] = bench.emulator.journal.entries;
    const resource =
      '/v2/workflowexecutions?x-workflow-graph-name=graph_2&x-workflow-limit=1000&x-workflow-next-marker=APICALLexec 1';
    const { accessKeyId, secretAccessKey } = bench.emulator.credentials;
    const signature = createHmac('sha1', secretAccessKey)
      .update(`GET\n\napplication/json\n${sent?.headers.date}\n${resource}`)
      .digest('base64');
    expect(sent?.headers.authorization).toBe(`OBS ${accessKeyId}:${signature}`);
    expect(sent?.status).toBe(200);
  });

  it.each([
    [{ is_truncated: false, next_marker: 'x' }, undefined],
    [{ is_truncated: null, next_marker: '' }, undefined],
    [{}, undefined],
    [{ next_marker: 'x' }, 'x'],
    [{ is_truncated: true, next_marker: 'x' }, 'x'],
  ])('with %j goes on at %j', async (more, next) => {
    bench.answer({ executions: [{ execution_name: 'e' }], ...more }, 'list');
    expect(await list()).toEqual({ executions: [{ execution: 'e', state: 'unknown', providerState: '' }], next });
  });

  it.each([
    ['no marker', { executions: [], is_truncated: true }, 'not where'],
    ['an empty marker', { executions: [], is_truncated: true, next_marker: '' }, 'not where'],
    ['the marker of the page itself', { executions: [], is_truncated: true, next_marker: 'here' }, 'not where'],
    ['no list', {}, 'a list of instances'],
    ['no names', { executions: [{ execution_state: 'FAILED' }] }, 'a list of instances'],
    ['a page', '<html>', 'a list of instances'],
  ])('that holds %s is INTERNAL instead of a silent end', async (_what, body, why) => {
    bench.answer(body, 'list');
    const failure = await failureOf(list('here'));
    expect(failure.details).toMatchObject({ code: 'INTERNAL', httpStatus: 200 });
    expect(failure.message).toContain(why);
  });

  it('of a workflow without instances is empty', async () => {
    expect(await list(undefined, 'graph_9')).toEqual({ executions: [] });
  });

  it('is refused as the service refuses it', async () => {
    const answer = { status: 403, body: '{"code":"AccessDenied","message":"no"}' };
    bench.emulator.faults.add({ kind: 'answer', when: 'before', operation: 'list', answer });
    expect((await failureOf(list())).details).toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
