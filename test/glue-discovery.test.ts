import { describe, expect, it } from 'vitest';
import type { GivenRun, GlueEdge, GlueEmulator, GlueNode } from '../providers/glue/emulator.js';
import type { GlueOptions } from '../providers/glue/index.js';
import { answering, connected, emulated } from './glue-connection.js';
import { rejected } from './rejected.js';

const job = (id: string, ...runs: readonly object[]): GlueNode =>
  ({ Type: 'JOB', Name: id, UniqueId: id, JobDetails: { JobRuns: runs } }) as GlueNode;
const crawler = (id: string, ...crawls: readonly object[]): GlueNode =>
  ({ Type: 'CRAWLER', Name: id, UniqueId: id, CrawlerDetails: { Crawls: crawls } }) as GlueNode;
const ended = (state: string) => ({ JobRunState: state, Attempt: 0, StartedOn: 1, CompletedOn: 2 });
const crawled = (state: string) => ({ State: state, StartedOn: 1, CompletedOn: 2 });
const arrows = (...pairs: readonly (readonly [string, string])[]): GlueEdge[] =>
  pairs.map(([SourceId, DestinationId]) => ({ SourceId, DestinationId }));

/** What a resume without nodes sends for a run, or the error that it ends with. */
async function resumed(run: GivenRun, options: Partial<GlueOptions> = {}) {
  const emulator = await emulated();
  const execution = emulator.addRun('wf', run);
  const { endpoint, region, credentials } = emulator;
  const workflow = connected({ endpoint, region, credentials, ...options });
  return { emulator, call: workflow.resume({ workflow: 'wf', execution }) };
}

async function nodesSent(nodes: readonly GlueNode[], edges: readonly GlueEdge[] = [], options?: Partial<GlueOptions>) {
  const { emulator, call } = await resumed({ graph: { Nodes: nodes, Edges: edges } }, options);
  await call;
  return sentBy(emulator);
}

function sentBy(emulator: GlueEmulator): unknown {
  const sent = emulator.journal.mutating.map(({ body }) => JSON.parse(body) as { NodeIds: unknown });
  expect(sent).toHaveLength(1);
  return sent[0]?.NodeIds;
}

async function refused(run: GivenRun, options?: Partial<GlueOptions>) {
  const { emulator, call } = await resumed(run, options);
  const error = await rejected(call);
  expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
  expect(emulator.journal.entries.map(({ operation }) => operation)).toEqual(['GetWorkflowRun']);
  return error;
}

describe('a resume without nodes', () => {
  it('reads the run with its graph once, then restarts what failed', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials, sample } = emulator;
    const { workflow, execution } = sample;
    const receipt = await connected({ endpoint, region, credentials }).resume({ workflow, execution });
    expect(emulator.journal.entries.map(({ operation, body }) => [operation, JSON.parse(body) as unknown])).toEqual([
      ['GetWorkflowRun', { Name: workflow, RunId: execution, IncludeGraph: true }],
      ['ResumeWorkflowRun', { Name: workflow, RunId: execution, NodeIds: sample.nodes }],
    ]);
    expect(receipt).toMatchObject({ action: 'resume', performed: 'resume', nodes: sample.nodes, attempts: 1 });
  });

  it.each(['empty', 'absent', 'null', 'empty-list'] as const)(
    'takes details that are %s for "not run"',
    async (kind) => {
      const emulator = await emulated({ knobs: { neverRun: kind } });
      const { endpoint, region, credentials, sample } = emulator;
      const { workflow, execution } = sample;
      const receipt = await connected({ endpoint, region, credentials }).resume({ workflow, execution });
      expect(receipt.nodes).toEqual(sample.nodes);
    },
  );

  it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED', 'STOPPED'])('restarts a job that ended %s', async (state) => {
    expect(await nodesSent([job('a', ended('SUCCEEDED')), job('b', ended(state))])).toEqual(['b']);
  });

  it.each(['FAILED', 'ERROR', 'CANCELLED'])('restarts a crawler that ended %s', async (state) => {
    expect(await nodesSent([crawler('a', crawled('SUCCEEDED')), crawler('b', crawled(state))])).toEqual(['b']);
  });

  it('leaves what was stopped by hand where stoppedNodes says so', async () => {
    const nodes = [job('a', ended('STOPPED')), crawler('b', crawled('CANCELLED')), job('c', ended('FAILED'))];
    expect(await nodesSent(nodes)).toEqual(['a', 'b', 'c']);
    expect(await nodesSent(nodes, [], { stoppedNodes: 'leave' })).toEqual(['c']);
    const error = await refused({ graph: { Nodes: nodes.slice(0, 2) } }, { stoppedNodes: 'leave' });
    expect(error.message).toContain('nothing to resume: what failed is left by stoppedNodes');
  });

  it('names only the most upstream failures, in the order of the graph, across triggers and cycles', async () => {
    const nodes = [
      job('late', ended('FAILED')),
      { Type: 'TRIGGER', Name: 'late', UniqueId: 't1' },
      job('early', ended('FAILED')),
      job('apart', ended('TIMEOUT')),
    ];
    const edges = arrows(
      ['early', 't1'],
      ['t1', 'late'],
      ['late', 'early'],
      ['nowhere', 'apart'],
      ['early', 'nowhere'],
    );
    expect(await nodesSent(nodes, edges.slice(0, 2))).toEqual(['early', 'apart']);
    expect(await nodesSent(nodes, edges)).toEqual(['late', 'apart']);
  });

  it('does not mistake a job, a crawler and a trigger of one name for one another', async () => {
    const named = [job('j', ended('SUCCEEDED')), crawler('c', crawled('FAILED')), { Type: 'TRIGGER', UniqueId: 't' }];
    const nodes = named.map((node): GlueNode => ({ ...node, Name: 'load' }));
    expect(await nodesSent(nodes, arrows(['j', 't'], ['t', 'c']))).toEqual(['c']);
  });
});

describe('the last attempt of a node', () => {
  const attempt = (state: string, Attempt: number, StartedOn?: number, CompletedOn?: number) => {
    return { JobRunState: state, Attempt, StartedOn, CompletedOn };
  };

  it.each([
    ['the one that started last', [attempt('FAILED', 0, 20), attempt('SUCCEEDED', 1, 10)]],
    ['then the one with the highest attempt number', [attempt('FAILED', 1, 10), attempt('SUCCEEDED', 0, 10)]],
    ['also without any start', [attempt('FAILED', 1), attempt('SUCCEEDED', 0)]],
    ['then the one that ended last', [attempt('FAILED', 0, 10, 30), attempt('SUCCEEDED', 0, 10, 20)]],
    ['then the last of the list', [attempt('SUCCEEDED', 0, 10, 20), attempt('FAILED', 0, 10, 20)]],
  ])('is %s', async (_which, runs) => {
    expect(await nodesSent([job('a', ...runs)])).toEqual(['a']);
  });

  it('that succeeded after Glue’s own retry is no failure', async () => {
    const error = await refused({
      graph: { Nodes: [job('a', attempt('FAILED', 0, 10), attempt('SUCCEEDED', 1, 20))] },
    });
    expect(error.message).toContain('nothing to resume: no node of the run failed');
  });

  it('of a crawler goes by its times', async () => {
    const crawls = [
      { State: 'FAILED', StartedOn: 30 },
      { State: 'SUCCEEDED', StartedOn: 20 },
    ];
    expect(await nodesSent([crawler('a', ...crawls)])).toEqual(['a']);
  });

  it('is not guessed where only some attempts say when they started', async () => {
    const error = await refused({ graph: { Nodes: [job('a', attempt('FAILED', 0, 10), attempt('SUCCEEDED', 1))] } });
    expect(error.message).toContain('a (a) is of several attempts');
  });
});

describe('a run that cannot be resumed without naming nodes', () => {
  it.each([
    ['RUNNING', 'wait until it has ended'],
    ['STOPPING', 'wait until it has ended'],
    ['STOPPED', 'start a new run instead'],
    ['ERROR', 'start a new run instead'],
    ['PAUSED', 'resumes only what is COMPLETED'],
  ])('is refused in the state %s, before anything is resumed', async (status, advice) => {
    const error = await refused({ status, graph: { Nodes: [job('a', ended('FAILED'))] } });
    expect(error.message).toContain(status);
    expect(error.message).toContain(advice);
  });

  it('is refused where every node succeeded or never ran', async () => {
    const nodes = [job('a', ended('SUCCEEDED')), job('b'), crawler('c', crawled('SUCCEEDED'))];
    expect((await refused({ graph: { Nodes: nodes } })).message).toContain('nothing to resume');
    expect((await refused({ graph: { Nodes: [], Edges: [] } })).message).toContain('nothing to resume');
  });

  it.each(['STARTING', 'RUNNING', 'STOPPING', 'WAITING'])('is refused while a job is %s', async (state) => {
    const error = await refused({ graph: { Nodes: [job('a', ended('FAILED')), job('b', ended(state))] } });
    expect(error.message).toContain(`still settling: b (b) is ${state}. Call again`);
  });

  it.each(['RUNNING', 'CANCELLING'])('is refused while a crawler is %s', async (state) => {
    const error = await refused({ graph: { Nodes: [job('a', ended('FAILED')), crawler('b', crawled(state))] } });
    expect(error.message).toContain(`still settling: b (b) is ${state}`);
  });

  it('is refused with every word that is not known, rather than guessed at', async () => {
    const nodes = [
      job('a', ended('FAILED')),
      job('b', ended('BLOCKED')),
      crawler('c', crawled('TIMEOUT')),
      { Type: 'NOTEBOOK', Name: 'd', UniqueId: 'd' },
      { Name: 'e', UniqueId: 'e' },
      job('f', { StartedOn: 1 }),
    ];
    const { message } = await refused({ graph: { Nodes: nodes } });
    for (const word of ['BLOCKED', 'TIMEOUT', 'of the type NOTEBOOK', 'of the type (none)', '(no state)']) {
      expect(message).toContain(word);
    }
    expect(message).toContain('Name the nodes to restart yourself');
  });

  it('lists ten nodes at most', async () => {
    const nodes = Array.from({ length: 25 }, (_, index) => job(`n${index}`, ended('WAITING')));
    const { message } = await refused({ graph: { Nodes: nodes } });
    expect(message).toContain('n9 (n9) is WAITING, 15 more');
    expect(message).not.toContain('n10');
  });
});

describe('a resumed run that is resumed again', () => {
  it.each(['selectable', 'not-selectable'] as const)('names what failed in the run before it: %s', async (copied) => {
    const emulator = await emulated({ knobs: { copiedAttempts: copied } });
    emulator.define({ name: 'two', nodes: ['a', 'b'], triggers: [{ name: 'go', start: ['a', 'b'] }] });
    for (const node of ['a', 'b']) emulator.script('two', node, ['FAILED', 'SUCCEEDED']);
    const first = emulator.startRun('two');
    emulator.settle();
    const [a, b] = [emulator.nodeId('two', 'a'), emulator.nodeId('two', 'b')];
    const { endpoint, region, credentials } = emulator;
    const workflow = connected({ endpoint, region, credentials });
    const { execution } = await workflow.resume({ workflow: 'two', execution: first, nodes: [a] });
    const early = await rejected(workflow.resume({ workflow: 'two', execution }));
    expect(early.message).toContain('RUNNING');
    emulator.settle();
    const again = workflow.resume({ workflow: 'two', execution });
    if (copied === 'selectable') expect(await again).toMatchObject({ nodes: [b], attempts: 1 });
    else expect(await rejected(again)).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 1 });
  });
});

describe('a failure that the workflow has dealt with', () => {
  const trigger = (state: string, of = 'a'): GlueNode => ({
    Type: 'TRIGGER',
    Name: 'on-failure',
    UniqueId: 't',
    TriggerDetails: {
      Trigger: { Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', JobName: of, State: state }] } },
    },
  });
  const other = job('other', ended('FAILED'));
  const edges = arrows(['a', 't'], ['t', 'handler']);
  const handled = [job('a', ended('FAILED')), trigger('FAILED'), job('handler', ended('SUCCEEDED')), other];

  it('is restarted by default and left where handledFailures says so', async () => {
    expect(await nodesSent(handled, edges)).toEqual(['a', 'other']);
    expect(await nodesSent(handled, edges, { handledFailures: 'leave' })).toEqual(['other']);
  });

  it.each([
    [
      'the trigger waited for another state',
      [job('a', ended('TIMEOUT')), trigger('FAILED'), job('handler', ended('SUCCEEDED'))],
    ],
    [
      'the trigger waited for another job',
      [job('a', ended('FAILED')), trigger('FAILED', 'b'), job('handler', ended('SUCCEEDED'))],
    ],
    ['nothing came of the trigger', [job('a', ended('FAILED')), trigger('FAILED'), job('handler')]],
  ])('is none where %s', async (_why, nodes) => {
    expect(await nodesSent(nodes, edges, { handledFailures: 'leave' })).toEqual(['a']);
  });

  it('can be a crawler’s', async () => {
    const Conditions = [{ CrawlerName: 'a', CrawlState: 'CANCELLED' }];
    const waiting: GlueNode = { ...trigger(''), TriggerDetails: { Trigger: { Predicate: { Conditions } } } };
    const nodes = [crawler('a', crawled('CANCELLED')), waiting, job('handler', ended('SUCCEEDED')), other];
    expect(await nodesSent(nodes, edges, { handledFailures: 'leave' })).toEqual(['other']);
  });
});

describe('an answer that does not hold the run', () => {
  it.each([
    ['nothing', '', 'readable run'],
    ['no run', '{}', 'readable run'],
    ['another run', '{"Run":{"WorkflowRunId":"wr_other","Status":"COMPLETED"}}', 'another run, "wr_other"'],
    ['no graph', '{"Run":{"Status":"COMPLETED"}}', 'without a graph'],
    ['a node without an id', '{"Run":{"Status":"COMPLETED","Graph":{"Nodes":[{"Type":"JOB"}]}}}', 'readable run'],
  ])('but %s is INTERNAL and resumes nothing', async (_what, body, why) => {
    const { endpoint, requests } = await answering(200, { 'x-amzn-RequestId': 'req-1' }, body);
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    const error = await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0, httpStatus: 200, requestId: 'req-1' });
    expect(error.message).toContain(why);
    expect(requests.map(({ target }) => target)).toEqual(['AWSGlue.GetWorkflowRun']);
  });

  it('lets an error of the read have no effect, a 500 too', async () => {
    const { endpoint, requests } = await answering(500, {}, '{"__type":"InternalServiceException"}');
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    const error = await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0, httpStatus: 500 });
    expect(requests).toHaveLength(1);
  });

  it('is read whole up to 64 MiB: 10,000 nodes and 30,000 edges take less than a second', async () => {
    const size = 10_000;
    const Nodes = Array.from({ length: size }, (_, index) =>
      job(`n${index}`, { ...ended('FAILED'), Pad: 'x'.repeat(200) }),
    );
    const Edges = Array.from({ length: 3 * size }, (_, index) => {
      const to = 1 + (index % (size - 1));
      return { SourceId: `n${index < size ? to - 1 : (index * 7919) % to}`, DestinationId: `n${to}` };
    });
    const body = JSON.stringify({ Run: { Status: 'COMPLETED', Graph: { Nodes, Edges } }, RunId: 'wr_2' });
    const { endpoint, requests } = await answering(200, {}, body);
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1', nodes: ['warm-up'] }));
    requests.length = 0;
    const startedMs = performance.now();
    // The same answer, over 1 MiB, is too large for a receipt: what was sent is what is looked at.
    await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(requests.map(({ body: sent }) => JSON.parse(sent) as unknown)).toMatchObject([
      { IncludeGraph: true },
      { NodeIds: ['n0'] },
    ]);
  });
});

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
