import { describe, expect, it } from 'vitest';
import type { GlueNode } from '../providers/glue/emulator.js';
import { connected, emulated } from './glue-connection.js';
import { arrows, crawled, crawler, ended, job, nodesSent, refused } from './glue-discovery-bench.js';

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
