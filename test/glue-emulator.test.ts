import {
  GetWorkflowCommand,
  GetWorkflowRunCommand,
  GetWorkflowRunPropertiesCommand,
  GetWorkflowRunsCommand,
  GlueClient,
  PutWorkflowRunPropertiesCommand,
  paginateGetWorkflowRuns,
  ResumeWorkflowRunCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { createGlueEmulator, GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

const NOW = Date.UTC(2026, 2, 4, 5, 6, 7, 89);

async function boot({ knobs, ...options }: GlueEmulatorOptions = {}) {
  const emulator = await new GlueEmulator({
    clock: new VirtualClock(NOW),
    knobs: { maxSkewMs: Number.POSITIVE_INFINITY, ...knobs },
    ...options,
  }).start();
  const { endpoint, region, credentials } = emulator;
  const client = new GlueClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await emulator.close();
  });
  return { emulator, client };
}

describe('the sample', () => {
  it('has the same ids in every emulator', async () => {
    const [one, other] = [new GlueEmulator(), new GlueEmulator({ clock: new VirtualClock(0) })];
    expect(one.sample).toEqual(other.sample);
    expect(one.sample.execution).toMatch(/^wr_[0-9a-f]{64}$/);
    expect(one.sample.nodes).toEqual([expect.stringMatching(/^wnode_[0-9a-f]{64}$/)]);
  });

  it('is a COMPLETED run whose transform job failed, and load never ran', async () => {
    const { emulator, client } = await boot();
    const { workflow: Name, execution: RunId, nodes } = emulator.sample;
    const { Run } = await client.send(new GetWorkflowRunCommand({ Name, RunId, IncludeGraph: true }));
    expect(Run).toMatchObject({ Name, WorkflowRunId: RunId, Status: 'COMPLETED' });
    expect(Run).not.toHaveProperty('PreviousRunId');
    expect(Run?.StartedOn).toEqual(new Date(NOW - 3_600_000));
    expect(Run?.CompletedOn).toEqual(new Date(NOW - 3_600_000 + 4000));
    expect(Run?.Statistics).toMatchObject({ TotalActions: 3, SucceededActions: 2, FailedActions: 1 });
    const byName = new Map(Run?.Graph?.Nodes?.map((node) => [node.Name, node]));
    expect(byName.get('transform')?.UniqueId).toBe(nodes[0]);
    expect(byName.get('transform')?.JobDetails?.JobRuns).toMatchObject([
      { JobName: 'transform', JobRunState: 'FAILED', Attempt: 0, TriggerName: 'extracted' },
    ]);
    expect(byName.get('transform')?.JobDetails?.JobRuns?.[0]?.PredecessorRuns).toEqual([
      { JobName: 'extract', RunId: byName.get('extract')?.JobDetails?.JobRuns?.[0]?.Id },
    ]);
    expect(byName.get('load')?.JobDetails).toEqual({});
    expect(byName.get('catalogue')?.CrawlerDetails).toEqual({});
    expect(byName.get('every-night')?.TriggerDetails?.Trigger).toMatchObject({ Type: 'ON_DEMAND', State: 'CREATED' });
    expect(Run?.Graph?.Edges).toHaveLength(9);
  });

  it('succeeds altogether some seconds after a resume', async () => {
    const { emulator, client } = await boot();
    const { workflow: Name, execution, nodes } = emulator.sample;
    const resumed = await client.send(new ResumeWorkflowRunCommand({ Name, RunId: execution, NodeIds: [...nodes] }));
    const read = async () => {
      const found = await client.send(
        new GetWorkflowRunCommand({ Name, RunId: resumed.RunId ?? '', IncludeGraph: true }),
      );
      return found.Run;
    };
    expect(await read()).toMatchObject({ Status: 'RUNNING', PreviousRunId: execution });
    emulator.clock.advance(4999);
    expect(await read()).toMatchObject({ Status: 'RUNNING', Statistics: { RunningActions: 1 } });
    emulator.clock.advance(1);
    const done = await read();
    expect(done).toMatchObject({ Status: 'COMPLETED', Statistics: { TotalActions: 5, SucceededActions: 5 } });
    expect(done?.CompletedOn).toEqual(new Date(NOW + 5000));
  });
});

describe('the description', () => {
  it('says how to connect and what to resume', async () => {
    const emulator = await createGlueEmulator({ accessKeyId: 'AK', secretAccessKey: 'SK', securityToken: 'T' }).start();
    onTestFinished(() => emulator.close());
    expect(emulator.describe()).toEqual({
      provider: 'glue',
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      projectId: null,
      credentials: { accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'T' },
      ...emulator.sample,
    });
  });

  it('has made-up keys where none are given', () => {
    expect(createGlueEmulator().credentials).toEqual({
      accessKeyId: 'AKIDEXAMPLE0000000',
      secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00',
    });
  });
});

describe('the operations', () => {
  it('answers as awsJson1_1 does, with a request id and epoch seconds', async () => {
    const { emulator, client } = await boot();
    const { workflow: Name, execution: RunId } = emulator.sample;
    const answer = await client.send(new GetWorkflowRunCommand({ Name, RunId }));
    expect(answer.$metadata).toMatchObject({
      httpStatusCode: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.Run).not.toHaveProperty('Graph');
    expect(answer.Run?.StartedOn?.getTime()).toBe(NOW - 3_600_000);
  });

  it('starts a run with the defaults and the properties of the request', async () => {
    const { emulator, client } = await boot();
    emulator.define({
      name: 'flow',
      nodes: ['a'],
      triggers: [{ name: 't', start: ['a'] }],
      properties: { a: '1', b: '2' },
    });
    const RunProperties = { b: '3', c: '4' };
    const { RunId = '' } = await client.send(new StartWorkflowRunCommand({ Name: 'flow', RunProperties }));
    expect(RunId).toMatch(/^wr_[0-9a-f]{64}$/);
    const run = { Name: 'flow', RunId };
    const read = await client.send(new GetWorkflowRunPropertiesCommand(run));
    expect(read.RunProperties).toEqual({ a: '1', b: '3', c: '4' });
    await client.send(new PutWorkflowRunPropertiesCommand({ ...run, RunProperties: { a: '5', d: '6' } }));
    const put = await client.send(new GetWorkflowRunCommand(run));
    expect(put.Run?.WorkflowRunProperties).toEqual({ a: '5', b: '3', c: '4', d: '6' });
  });

  it('shows the design, the last run and the limit of a workflow', async () => {
    const { emulator, client } = await boot();
    emulator.define({
      name: 'flow',
      nodes: ['a', { crawler: 'a' }],
      triggers: [
        { name: 'a', start: [{ job: 'a' }] },
        { name: 'b', type: 'CONDITIONAL', when: [{ node: { job: 'a' }, state: 'FAILED' }], start: [{ crawler: 'a' }] },
      ],
      maxConcurrentRuns: 3,
    });
    const bare = await client.send(new GetWorkflowCommand({ Name: 'flow' }));
    expect(bare.Workflow).toMatchObject({ Name: 'flow', MaxConcurrentRuns: 3, DefaultRunProperties: {} });
    expect(bare.Workflow).not.toHaveProperty('Graph');
    expect(bare.Workflow).not.toHaveProperty('LastRun');
    const id = emulator.startRun('flow');
    const { Workflow } = await client.send(new GetWorkflowCommand({ Name: 'flow', IncludeGraph: true }));
    expect(Workflow?.LastRun).toMatchObject({ WorkflowRunId: id, Status: 'RUNNING' });
    expect(Workflow?.Graph?.Nodes?.map(({ Type, Name }) => `${Type} ${Name}`)).toEqual([
      'JOB a',
      'CRAWLER a',
      'TRIGGER a',
      'TRIGGER b',
    ]);
    expect(new Set(Workflow?.Graph?.Nodes?.map(({ UniqueId }) => UniqueId)).size).toBe(4);
    expect(Workflow?.LastRun?.Graph?.Nodes?.map(({ UniqueId }) => UniqueId)).toEqual(
      Workflow?.Graph?.Nodes?.map(({ UniqueId }) => UniqueId),
    );
    expect(Workflow?.Graph?.Nodes?.[3]?.TriggerDetails?.Trigger).toMatchObject({
      WorkflowName: 'flow',
      Actions: [{ CrawlerName: 'a' }],
      Predicate: { Logical: 'AND', Conditions: [{ LogicalOperator: 'EQUALS', JobName: 'a', State: 'FAILED' }] },
    });
  });

  it('stops a run for good: STOPPING, then STOPPED', async () => {
    const { emulator, client } = await boot({ knobs: { stoppingMs: 700 } });
    emulator.define({
      name: 'flow',
      nodes: ['quick', 'slow', { crawler: 'walk' }, 'after'],
      triggers: [
        { name: 'begin', start: ['quick', 'slow', 'walk'] },
        { name: 'end', logical: 'ANY', when: [{ node: 'slow', state: 'STOPPED' }], start: ['after'] },
      ],
    });
    emulator.script('flow', 'quick', [{ durationMs: 10 }]);
    emulator.script('flow', 'slow', [{ durationMs: 50, state: 'FAILED', retries: 3 }]);
    emulator.script('flow', 'walk', [{ durationMs: Number.POSITIVE_INFINITY }]);
    const run = { Name: 'flow', RunId: emulator.startRun('flow') };
    emulator.clock.advance(75);
    await client.send(new StopWorkflowRunCommand(run));
    const states = async () => {
      const { Run } = await client.send(new GetWorkflowRunCommand({ ...run, IncludeGraph: true }));
      const nodes = Run?.Graph?.Nodes?.map(({ JobDetails, CrawlerDetails }) => [
        ...(JobDetails?.JobRuns ?? []).map(({ JobRunState }) => JobRunState),
        ...(CrawlerDetails?.Crawls ?? []).map(({ State }) => State),
      ]);
      return [Run?.Status, ...(nodes?.slice(0, 4) ?? [])];
    };
    expect(await states()).toEqual(['STOPPING', ['SUCCEEDED'], ['FAILED', 'STOPPING'], ['CANCELLING'], []]);
    await expect(client.send(new StopWorkflowRunCommand(run))).rejects.toMatchObject({
      name: 'IllegalWorkflowStateException',
    });
    emulator.clock.advance(699);
    expect((await states())[0]).toBe('STOPPING');
    emulator.clock.advance(1);
    expect(await states()).toEqual(['STOPPED', ['SUCCEEDED'], ['FAILED', 'STOPPED'], ['CANCELLED'], []]);
    const { Run } = await client.send(new GetWorkflowRunCommand(run));
    expect(Run?.CompletedOn?.getTime()).toBe(NOW + 775);
    expect(Run?.Statistics).toMatchObject({ TotalActions: 3, SucceededActions: 1, StoppedActions: 2 });
  });

  it('notes each request by its operation, and which ones can change something', async () => {
    const { emulator, client } = await boot();
    const { workflow: Name, execution: RunId, nodes } = emulator.sample;
    await client.send(new GetWorkflowCommand({ Name }));
    await client.send(new GetWorkflowRunsCommand({ Name }));
    await client.send(new GetWorkflowRunCommand({ Name, RunId }));
    await client.send(new GetWorkflowRunPropertiesCommand({ Name, RunId }));
    await client.send(new PutWorkflowRunPropertiesCommand({ Name, RunId, RunProperties: {} }));
    await client.send(new ResumeWorkflowRunCommand({ Name, RunId, NodeIds: [...nodes] }));
    const started = await client.send(new StartWorkflowRunCommand({ Name }));
    await client.send(new StopWorkflowRunCommand({ Name, RunId: started.RunId ?? '' }));
    await expect(client.send(new StopWorkflowRunCommand({ Name, RunId }))).rejects.toThrow(/COMPLETED/);
    expect(
      emulator.journal.entries.map(({ operation, mutating, committed }) => [operation, mutating, committed]),
    ).toEqual([
      ['GetWorkflow', false, false],
      ['GetWorkflowRuns', false, false],
      ['GetWorkflowRun', false, false],
      ['GetWorkflowRunProperties', false, false],
      ['PutWorkflowRunProperties', true, true],
      ['ResumeWorkflowRun', true, true],
      ['StartWorkflowRun', true, true],
      ['StopWorkflowRun', true, true],
      ['StopWorkflowRun', true, false],
    ]);
    expect(emulator.journal.entries[5]?.headers).toHaveProperty('amz-sdk-invocation-id');
  });
});

describe('the listing', () => {
  async function listing(knobs: GlueEmulatorOptions['knobs'] = {}) {
    const { emulator, client } = await boot({ knobs });
    const runs = [1, 2, 3, 4, 5].map((n) => emulator.addRun('flow', { properties: { n: String(n) } }));
    return { emulator, client, runs };
  }

  it('pages to the end, newest first', async () => {
    const { client, runs } = await listing();
    const pages: (string | undefined)[][] = [];
    for await (const { Runs } of paginateGetWorkflowRuns({ client, pageSize: 2 }, { Name: 'flow' })) {
      pages.push(Runs?.map(({ WorkflowRunId }) => WorkflowRunId) ?? []);
    }
    const [a, b, c, d, e] = runs;
    expect(pages).toEqual([[e, d], [c, b], [a]]);
  });

  it('lists the oldest first where told to (K9)', async () => {
    const { client, runs } = await listing({ runsOrder: 'oldest-first' });
    const { Runs, NextToken } = await client.send(new GetWorkflowRunsCommand({ Name: 'flow', MaxResults: 1000 }));
    expect(Runs?.map(({ WorkflowRunId }) => WorkflowRunId)).toEqual(runs);
    expect(NextToken).toBeUndefined();
  });

  it('fills no page beyond its cap, and takes its own size where none is asked for (K9)', async () => {
    const { emulator, client } = await listing({ pageCap: 3, pageSize: 2 });
    const size = async (MaxResults?: number) => {
      const { Runs } = await client.send(new GetWorkflowRunsCommand({ Name: 'flow', MaxResults }));
      return Runs?.length;
    };
    expect([await size(), await size(1), await size(1000)]).toEqual([2, 1, 3]);
    emulator.knobs.pageCap = 1000;
    expect(await size(1000)).toBe(5);
  });

  it('keeps its place when a run is created between two pages', async () => {
    const { emulator, client, runs } = await listing();
    const first = await client.send(new GetWorkflowRunsCommand({ Name: 'flow', MaxResults: 2 }));
    emulator.addRun('flow', {});
    const { NextToken } = first;
    const second = await client.send(new GetWorkflowRunsCommand({ Name: 'flow', MaxResults: 2, NextToken }));
    expect(second.Runs?.map(({ WorkflowRunId }) => WorkflowRunId)).toEqual([runs[2], runs[1]]);
  });

  it('includes graphs only where asked', async () => {
    const { emulator, client } = await boot();
    const { workflow: Name } = emulator.sample;
    const without = await client.send(new GetWorkflowRunsCommand({ Name }));
    const withGraph = await client.send(new GetWorkflowRunsCommand({ Name, IncludeGraph: true }));
    expect([without.Runs?.[0]?.Graph, withGraph.Runs?.[0]?.Graph?.Nodes?.length]).toEqual([undefined, 9]);
  });

  it('shows a new run only after the visibility delay, the run itself at once (K10)', async () => {
    const { emulator, client } = await boot({ knobs: { visibilityDelayMs: 800 } });
    const { workflow: Name, execution: RunId, nodes } = emulator.sample;
    const resumed = await client.send(new ResumeWorkflowRunCommand({ Name, RunId, NodeIds: [...nodes] }));
    const seen = async () => {
      const { Runs } = await client.send(new GetWorkflowRunsCommand({ Name }));
      const { Workflow } = await client.send(new GetWorkflowCommand({ Name }));
      return [Runs?.map(({ WorkflowRunId }) => WorkflowRunId), Workflow?.LastRun?.WorkflowRunId];
    };
    await client.send(new GetWorkflowRunCommand({ Name, RunId: resumed.RunId ?? '' }));
    emulator.clock.advance(799);
    expect(await seen()).toEqual([[RunId], RunId]);
    emulator.clock.advance(1);
    expect(await seen()).toEqual([[resumed.RunId, RunId], resumed.RunId]);
  });
});

describe('the refusals', () => {
  it.each([
    ['a workflow', { Name: 'nobody', RunId: 'wr_0' }],
    ['a run', { Name: 'nightly-etl', RunId: 'wr_0' }],
  ])('refuses %s that does not exist (K2)', async (_what, target) => {
    const { emulator, client } = await boot();
    const refused = { name: 'EntityNotFoundException', $metadata: { httpStatusCode: 400 } };
    await expect(client.send(new GetWorkflowRunCommand(target))).rejects.toMatchObject(refused);
    await expect(client.send(new ResumeWorkflowRunCommand({ ...target, NodeIds: ['x'] }))).rejects.toMatchObject(
      refused,
    );
    await expect(client.send(new StopWorkflowRunCommand(target))).rejects.toMatchObject(refused);
    await expect(client.send(new GetWorkflowRunPropertiesCommand(target))).rejects.toMatchObject(refused);
    emulator.knobs.unknownEntity = 'InvalidInputException';
    await expect(client.send(new GetWorkflowRunCommand(target))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('refuses to start more runs than allowed, or accepts one that ends in ERROR (K5)', async () => {
    const { emulator, client } = await boot();
    emulator.define({ name: 'flow', nodes: ['a'], triggers: [{ name: 't', start: ['a'] }], maxConcurrentRuns: 1 });
    const first = emulator.startRun('flow');
    const start = () => client.send(new StartWorkflowRunCommand({ Name: 'flow' }));
    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    emulator.knobs.concurrency = 'error-run';
    const { RunId = '' } = await start();
    const { Run } = await client.send(new GetWorkflowRunCommand({ Name: 'flow', RunId }));
    expect(Run).toMatchObject({
      Status: 'ERROR',
      ErrorMessage: 'Concurrent runs exceeded for workflow: flow.',
      Statistics: { TotalActions: 0 },
    });
    await client.send(new StopWorkflowRunCommand({ Name: 'flow', RunId: first }));
    expect((await client.send(new GetWorkflowRunCommand({ Name: 'flow', RunId: first }))).Run?.Status).toBe('STOPPING');
    expect(emulator.runs('flow')).toHaveLength(2);
    emulator.knobs.concurrency = 'refused';
    await expect(start(), 'a run that is STOPPING still counts').rejects.toMatchObject({
      name: 'ConcurrentRunsExceededException',
    });
    emulator.settle();
    await start();
  });

  it('puts a previous run on a started one where told to (K11)', async () => {
    const { emulator } = await boot();
    const { workflow } = emulator.sample;
    emulator.startRun(workflow);
    expect(emulator.runs(workflow).map(({ PreviousRunId }) => PreviousRunId)).toEqual([undefined, undefined]);
    emulator.knobs.startPreviousRunId = 'last-run';
    emulator.startRun(workflow);
    expect(emulator.runs(workflow)[2]?.PreviousRunId).toBe(emulator.runs(workflow)[1]?.WorkflowRunId);
  });

  it.each([
    ['an empty name', 'GetWorkflow', { Name: '' }],
    ['a name of 256 characters', 'GetWorkflow', { Name: 'x'.repeat(256) }],
    ['a line break in a name', 'GetWorkflow', { Name: 'a\nb' }],
    ['a page of 0', 'GetWorkflowRuns', { Name: 'nightly-etl', MaxResults: 0 }],
    ['a page of 1001', 'GetWorkflowRuns', { Name: 'nightly-etl', MaxResults: 1001 }],
    ['no properties', 'PutWorkflowRunProperties', { Name: 'nightly-etl', RunId: 'x' }],
    ['no node list', 'ResumeWorkflowRun', { Name: 'nightly-etl', RunId: 'x' }],
    ['an empty node id', 'ResumeWorkflowRun', { Name: 'nightly-etl', RunId: 'x', NodeIds: [''] }],
  ])('refuses %s before it looks anything up', async (_what, operation, input) => {
    const { client } = await boot();
    const commands = {
      GetWorkflow: GetWorkflowCommand,
      GetWorkflowRuns: GetWorkflowRunsCommand,
      PutWorkflowRunProperties: PutWorkflowRunPropertiesCommand,
      ResumeWorkflowRun: ResumeWorkflowRunCommand,
    };
    const Command = commands[operation as keyof typeof commands] as unknown as new (
      value: object,
    ) => GetWorkflowCommand;
    await expect(client.send(new Command(input))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a page token that it did not give', async () => {
    const { client } = await boot();
    const request = new GetWorkflowRunsCommand({ Name: 'nightly-etl', NextToken: 'made up' });
    await expect(client.send(request)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('definitions', () => {
  const trigger = { name: 't', start: ['a'] };

  it.each([
    ['two nodes of one kind and name', { nodes: ['a', { job: 'a' }], triggers: [] }, /two nodes of type JOB/],
    ['two triggers of one name', { nodes: ['a'], triggers: [trigger, trigger] }, /two triggers/],
    ['a trigger of an unknown node', { nodes: [], triggers: [trigger] }, /none of its nodes/],
    ['a name that is a job and a crawler', { nodes: ['a', { crawler: 'a' }], triggers: [trigger] }, /say \{ job \}/],
  ])('refuses %s', (_what, definition, problem) => {
    expect(() => new GlueEmulator().define({ name: 'flow', ...definition })).toThrow(problem);
  });

  it('refuses a script that no node could follow', () => {
    const emulator = new GlueEmulator();
    const { workflow } = emulator.sample;
    expect(() => emulator.script(workflow, 'transfrom', [])).toThrow(/is no job or crawler/);
    expect(() => emulator.script(workflow, 'catalogue', ['TIMEOUT'])).toThrow(/CRAWLER cannot end TIMEOUT/);
    expect(() => emulator.script(workflow, 'catalogue', [{ retries: 1 }])).toThrow(/does not retry crawlers/);
    expect(() => emulator.script(workflow, 'load', ['CANCELLED'])).toThrow(/JOB cannot end CANCELLED/);
    expect(() => emulator.script(workflow, 'load', [{ durationMs: -1 }])).toThrow(/durationMs/);
    expect(() => emulator.script(workflow, 'load', [{ retries: 0.5 }])).toThrow(/retries/);
    expect(() => emulator.nodeId(workflow, { crawler: 'load' })).toThrow(/no job or crawler/);
  });

  it('lets runs keep the graph that they started with when the workflow is defined anew', async () => {
    const { emulator } = await boot();
    const { workflow } = emulator.sample;
    emulator.define({ name: workflow, nodes: ['other'], triggers: [{ name: 'begin', start: ['other'] }] });
    emulator.startRun(workflow);
    expect(emulator.runs(workflow).map(({ Graph }) => Graph?.Nodes?.length)).toEqual([9, 2]);
  });
});
