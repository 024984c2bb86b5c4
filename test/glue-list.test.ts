import { GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { GlueDriver } from '../providers/glue/driver.js';
import type { ListPage } from '../src/inspection.js';
import { attemptOf, failureOf } from './driver-attempt.js';
import { environment } from './glue-connection.js';
import { ended, job, KEYS } from './glue-discovery-bench.js';
import { ReadBackBench } from './glue-read-back-bench.js';

const bodyOf = ({ emulator }: ReadBackBench): unknown => JSON.parse(emulator.journal.entries.at(-1)?.body ?? '');
const shown = ({ executions }: ListPage) => executions.map(({ state, providerState }) => [state, providerState]);

async function bench() {
  const found = await ReadBackBench.start({ knobs: { runsOrder: 'oldest-first' } });
  const graph = { Nodes: [job('a', ended('SUCCEEDED'))] };
  for (const status of ['COMPLETED', 'RUNNING', 'STOPPING', 'STOPPED', 'ERROR', 'DREAMING'])
    found.emulator.addRun('wf', { status, graph });
  return found;
}

describe('a page of runs', () => {
  it('with states comes with graphs, few at a time, and is judged by the nodes', async () => {
    const found = await bench();
    const page = await found.driver.doList('wf', { token: undefined, states: true }, attemptOf());
    expect(bodyOf(found)).toEqual({ Name: 'wf', MaxResults: 25, IncludeGraph: true });
    expect(shown(page)).toEqual([
      ['failed', 'COMPLETED'],
      ['succeeded', 'COMPLETED'],
      ['running', 'RUNNING'],
      ['running', 'STOPPING'],
      ['stopped', 'STOPPED'],
      ['failed', 'ERROR'],
      ['unknown', 'DREAMING'],
    ]);
    expect(page.next).toBeUndefined();
  });

  it('without states comes without graphs, and a COMPLETED run may be anything', async () => {
    const found = await bench();
    const page = await found.driver.doList('wf', { token: undefined, states: false }, attemptOf());
    expect(bodyOf(found)).toEqual({ Name: 'wf', MaxResults: 1000, IncludeGraph: false });
    expect(shown(page).slice(0, 3)).toEqual([
      ['unknown', 'COMPLETED'],
      ['unknown', 'COMPLETED'],
      ['running', 'RUNNING'],
    ]);
    expect(
      shown(page)
        .slice(3)
        .map(([state]) => state),
    ).toEqual(['running', 'stopped', 'failed', 'unknown']);
  });

  it('leads to the next one, and links what was resumed', async () => {
    const found = await ReadBackBench.start({ knobs: { pageCap: 1, runsOrder: 'oldest-first' } });
    const child = found.resume();
    const first = await found.driver.doList('wf', { token: undefined, states: false }, attemptOf());
    const second = await found.driver.doList('wf', { token: first.next, states: false }, attemptOf());
    expect(first.executions).toMatchObject([{ execution: found.execution, previousExecution: undefined }]);
    expect(second.executions).toMatchObject([{ execution: child, previousExecution: found.execution }]);
    expect(Date.parse(second.executions[0]?.startedAt ?? '')).toBe(found.emulator.clock.nowMs);
    expect(second.next).toBeUndefined();
  });

  it('of a workflow that does not exist is NOT_FOUND', async () => {
    const found = await bench();
    const failure = await failureOf(found.driver.doList('none', { token: undefined, states: true }, attemptOf()));
    expect(failure.details).toMatchObject({ code: 'NOT_FOUND', effect: 'none' });
  });
});

describe('what a connection talks to', () => {
  const identityOf = async (options: object): Promise<string> => {
    const driver = new GlueDriver({ name: 'glue-eu', credentials: KEYS, ...options });
    await driver.close();
    return driver.identity;
  };

  it('is its region and endpoint, as far as they are known without asking', async () => {
    environment({ AWS_REGION: 'eu-north-1' });
    expect(await identityOf({ region: 'eu-west-1' })).toBe('eu-west-1');
    expect(await identityOf({ endpoint: 'http://127.0.0.1:4566/' })).toBe('eu-north-1 http://127.0.0.1:4566');
    environment({ AWS_REGION: undefined });
    expect(await identityOf({})).toBe('');
    const client = new GlueClient({ region: 'eu-west-1', credentials: KEYS });
    expect(await identityOf({ client, credentials: undefined }), 'a client tells it only later').toBe('');
    client.destroy();
  });
});
