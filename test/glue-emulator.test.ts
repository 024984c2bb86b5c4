import {
  GetWorkflowCommand,
  GetWorkflowRunCommand,
  GetWorkflowRunPropertiesCommand,
  GetWorkflowRunsCommand,
  PutWorkflowRunPropertiesCommand,
  ResumeWorkflowRunCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGlueEmulator, GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';
import { boot, NOW } from './glue-emulator-bench.js';

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
    expect(Run?.CompletedOn).toEqual(new Date(NOW - 3_600_000 + 6000));
    expect(Run?.Statistics).toMatchObject({ TotalActions: 5, SucceededActions: 4, FailedActions: 1 });
    const byName = new Map(Run?.Graph?.Nodes?.map((node) => [node.Name, node]));
    expect(byName.get('transform')?.UniqueId).toBe(nodes[0]);
    expect(byName.get('transform')?.JobDetails?.JobRuns).toMatchObject([
      { JobName: 'transform', JobRunState: 'FAILED', Attempt: 0, TriggerName: 'extracted' },
      { JobName: 'transform', JobRunState: 'FAILED', Attempt: 1, ErrorMessage: 'the input had a column too many' },
    ]);
    expect(byName.get('transform')?.JobDetails?.JobRuns?.[0]?.PredecessorRuns).toEqual([
      { JobName: 'extract', RunId: byName.get('extract')?.JobDetails?.JobRuns?.[0]?.Id },
    ]);
    expect(byName.get('load')?.JobDetails).toEqual({});
    expect(byName.get('catalogue')?.CrawlerDetails).toEqual({});
    expect(byName.get('every-night')?.TriggerDetails?.Trigger).toMatchObject({ Type: 'ON_DEMAND', State: 'CREATED' });
    expect(Run?.Graph?.Edges).toHaveLength(15);
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
    emulator.clock.advance(6999);
    expect(await read()).toMatchObject({ Status: 'RUNNING', Statistics: { RunningActions: 1 } });
    emulator.clock.advance(1);
    const done = await read();
    expect(done).toMatchObject({ Status: 'COMPLETED', Statistics: { TotalActions: 8, SucceededActions: 8 } });
    expect(done?.CompletedOn).toEqual(new Date(NOW + 7000));
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
