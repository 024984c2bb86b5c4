import { GetWorkflowRunsCommand, GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GlueEmulator, glueError } from '../providers/glue/emulator.js';
import type { Fault } from '../src/testing/index.js';

async function boot(maxAttempts = 1) {
  const emulator = await new GlueEmulator().start();
  const { endpoint, region, credentials, sample } = emulator;
  const client = new GlueClient({ endpoint, region, credentials, maxAttempts });
  onTestFinished(async () => {
    client.destroy();
    await emulator.close();
  });
  const resume = () => {
    const { workflow: Name, execution: RunId, nodes } = sample;
    const command = new ResumeWorkflowRunCommand({ Name, RunId, NodeIds: [...nodes] });
    return client.send(command, { abortSignal: AbortSignal.timeout(300) });
  };
  const children = () =>
    emulator.runs(sample.workflow).filter(({ PreviousRunId }) => PreviousRunId === sample.execution).length;
  return { emulator, client, resume, children };
}

const PAGE = { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<html>Bad Gateway</html>' };

describe.each(['before', 'after'] as const)('a fault %s the commit', (when) => {
  it.each<[string, Omit<Fault, 'when'>, object]>([
    ['a reset', { kind: 'reset' }, { code: 'ECONNRESET' }],
    ['a closed connection', { kind: 'close' }, { code: 'ECONNRESET' }],
    ['no answer', { kind: 'hang' }, { name: 'AbortError' }],
    ['a stalled body', { kind: 'stall' }, { name: 'AbortError' }],
    ['a truncated body', { kind: 'truncate' }, { $metadata: { httpStatusCode: 200 } }],
    ['a body that is not JSON', { kind: 'garbage' }, { name: 'SyntaxError' }],
    ["a proxy's page", { kind: 'answer', answer: PAGE }, { $metadata: { httpStatusCode: 502 } }],
    [
      "Glue's own failure",
      { kind: 'answer', answer: glueError('InternalServiceException', 'try again') },
      { name: 'InternalServiceException', $metadata: { httpStatusCode: 500 } },
    ],
    [
      'a timeout that is answered 400',
      { kind: 'answer', answer: glueError('OperationTimeoutException', 'too slow') },
      { name: 'OperationTimeoutException', $metadata: { httpStatusCode: 400 } },
    ],
    [
      'a throttle with a status of its own',
      { kind: 'answer', answer: glueError('ThrottlingException', 'slow down', 429) },
      { name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } },
    ],
  ])('is %s', async (_what, fault, seen) => {
    const { emulator, resume, children } = await boot();
    emulator.faults.add({ ...fault, when });
    await expect(resume()).rejects.toMatchObject(seen);
    const committed = when === 'after' ? 1 : 0;
    expect([children(), emulator.journal.committed.length, emulator.journal.mutating.length]).toEqual([
      committed,
      committed,
      1,
    ]);
    await resume();
    expect(children()).toBe(committed + 1);
  });
});

describe('faults', () => {
  it('strike as often as told, and an SDK that retries makes a run each time', async () => {
    const { emulator, resume, children } = await boot(3);
    emulator.faults.add({ kind: 'reset', when: 'after', times: 2 });
    await resume();
    expect([children(), emulator.journal.committed.length]).toEqual([3, 3]);
  });

  it('answer 200 without a run id', async () => {
    const { emulator, resume, children } = await boot();
    emulator.faults.add({ kind: 'answer', when: 'after', answer: { status: 200, body: '{}' } });
    expect((await resume()).RunId).toBeUndefined();
    expect(children()).toBe(1);
  });

  it('slow one operation down and leave the others alone', async () => {
    const { emulator, client, resume } = await boot();
    emulator.faults.add({ kind: 'delay', when: 'before', operation: 'GetWorkflowRuns', delayMs: 50 });
    await resume();
    const begun = performance.now();
    const { Runs } = await client.send(new GetWorkflowRunsCommand({ Name: emulator.sample.workflow }));
    expect([Runs?.length, performance.now() - begun >= 45]).toEqual([2, true]);
  });

  it('do not undo a refusal', async () => {
    const { emulator, client } = await boot();
    emulator.faults.add({ kind: 'close', when: 'after' });
    const command = new ResumeWorkflowRunCommand({ Name: 'nobody', RunId: 'wr_0', NodeIds: ['x'] });
    await expect(client.send(command)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(emulator.journal.mutating).toMatchObject([{ committed: false, fault: 'close after commit' }]);
  });
});
