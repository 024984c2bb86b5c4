import {
  GetWorkflowCommand,
  GetWorkflowRunCommand,
  GetWorkflowRunPropertiesCommand,
  GetWorkflowRunsCommand,
  PutWorkflowRunPropertiesCommand,
  paginateGetWorkflowRuns,
  ResumeWorkflowRunCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { boot } from './glue-emulator-bench.js';

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
    expect([without.Runs?.[0]?.Graph, withGraph.Runs?.[0]?.Graph?.Nodes?.length]).toEqual([undefined, 14]);
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
    expect(emulator.runs(workflow).map(({ Graph }) => Graph?.Nodes?.length)).toEqual([14, 2]);
  });
});
