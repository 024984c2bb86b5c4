import type { Node } from '@aws-sdk/client-glue';
import {
  GetWorkflowRunCommand,
  GlueClient,
  ResumeWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GlueEmulatorOptions, GlueGraph, GlueNode } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

const NOW = Date.UTC(2026, 2, 4);

async function boot(knobs: GlueEmulatorOptions['knobs'] = {}) {
  const clock = new VirtualClock(NOW);
  const options = { clock, knobs: { maxSkewMs: Number.POSITIVE_INFINITY, ...knobs } };
  const emulator = await new GlueEmulator(options).start();
  const { endpoint, region, credentials, sample } = emulator;
  const client = new GlueClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await emulator.close();
  });
  const id = (name: string) => emulator.nodeId(sample.workflow, name);
  const resume = async (RunId: string, NodeIds: readonly string[]) => {
    const command = new ResumeWorkflowRunCommand({ Name: sample.workflow, RunId, NodeIds: [...NodeIds] });
    const { RunId: run = '', NodeIds: nodes } = await client.send(command);
    return { run, nodes };
  };
  const read = async (RunId: string) => {
    const command = new GetWorkflowRunCommand({ Name: sample.workflow, RunId, IncludeGraph: true });
    const { Run } = await client.send(command);
    return { ...Run, byName: new Map(Run?.Graph?.Nodes?.map((node) => [node.Name, node])) };
  };
  return { emulator, client, clock, id, resume, read, old: sample.execution, failed: sample.nodes };
}

function startedOf(node: Node | undefined): (number | undefined)[] {
  const attempts = [...(node?.JobDetails?.JobRuns ?? []), ...(node?.CrawlerDetails?.Crawls ?? [])];
  return attempts.map(({ StartedOn }) => StartedOn?.getTime());
}

describe('the documented rules of a resume', () => {
  it('takes only a COMPLETED run (1); how it refuses is a knob (K1)', async () => {
    const { emulator, client, resume, read, old, failed } = await boot();
    const { run } = await resume(old, failed);
    await expect(resume(run, failed)).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
    await client.send(new StopWorkflowRunCommand({ Name: emulator.sample.workflow, RunId: run }));
    await expect(resume(run, failed)).rejects.toThrow(/is STOPPING/);
    emulator.settle();
    expect((await read(run)).Status).toBe('STOPPED');
    emulator.knobs.notCompleted = 'InvalidInputException';
    await expect(resume(run, failed)).rejects.toMatchObject({ name: 'InvalidInputException' });
    expect(emulator.runs(emulator.sample.workflow)).toHaveLength(2);
  });

  it('takes a run in which everything succeeded, and any node that was attempted (2, 3)', async () => {
    const { emulator, resume, read, old, failed, id } = await boot();
    const { run } = await resume(old, failed);
    emulator.settle();
    const again = await resume(run, [id('catalogue')]);
    expect(again.nodes).toEqual([id('catalogue')]);
    emulator.settle();
    const { byName } = await read(again.run);
    expect(startedOf(byName.get('catalogue'))).toEqual([NOW + 5000]);
    expect(startedOf(byName.get('load'))).toEqual([NOW + 2000]);
  });

  it('runs the selected nodes and all that lies downstream of them (4)', async () => {
    const { emulator, resume, read, old, id } = await boot();
    const { run } = await resume(old, [id('extract')]);
    emulator.settle();
    const { byName, Statistics } = await read(run);
    const started = ['extract', 'transform', 'check', 'load', 'catalogue'].map((name) => startedOf(byName.get(name)));
    expect(started).toEqual([[NOW], [NOW + 2000], [NOW - 3_600_000], [NOW + 4000], [NOW + 6000]]);
    expect(Statistics).toMatchObject({ TotalActions: 5, SucceededActions: 5 });
  });

  it('makes a new run that names the one it resumed, and leaves that one as it was (5)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    const before = await read(old);
    const { run } = await resume(old, failed);
    expect(run).not.toBe(old);
    expect(await read(run)).toMatchObject({ WorkflowRunId: run, PreviousRunId: old, Status: 'RUNNING' });
    emulator.settle();
    expect(await read(old)).toEqual(before);
    expect(before).not.toHaveProperty('PreviousRunId');
  });

  it('has a complete graph with the details of what it did not run (6)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    const before = await read(old);
    const { run } = await resume(old, failed);
    const during = await read(run);
    emulator.settle();
    const after = await read(run);
    for (const { Graph, byName } of [during, after]) {
      expect(Graph?.Edges).toEqual(before.Graph?.Edges);
      expect([...byName.keys()]).toEqual([...before.byName.keys()]);
      for (const name of ['extract', 'check', 'every-night']) expect(byName.get(name)).toEqual(before.byName.get(name));
    }
    expect(startedOf(after.byName.get('transform'))).toEqual([NOW]);
    expect(after.byName.get('transform')?.JobDetails?.JobRuns?.[0]).not.toHaveProperty('TriggerName');
  });

  it('resumes the same run several times, and a resumed run that failed again (8)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    emulator.script(emulator.sample.workflow, 'transform', ['TIMEOUT', 'FAILED', 'SUCCEEDED']);
    const first = await resume(old, failed);
    const second = await resume(old, failed);
    expect(first.run).not.toBe(second.run);
    emulator.settle();
    const timedOut = await read(first.run);
    expect(timedOut).toMatchObject({ Status: 'COMPLETED', Statistics: { TimeoutActions: 1, SucceededActions: 2 } });
    expect(timedOut.byName.get('load')?.JobDetails).toEqual({});
    const third = await resume(first.run, failed);
    emulator.settle();
    expect(await read(third.run)).toMatchObject({ PreviousRunId: first.run, Statistics: { SucceededActions: 5 } });
    expect(await read(second.run)).toMatchObject({ PreviousRunId: old, Statistics: { FailedActions: 1 } });
  });

  it('starts only the upstream one of two nodes, and says so (9, 10)', async () => {
    const { emulator, resume, read, old, id } = await boot();
    const { run, nodes } = await resume(old, [id('transform'), id('extract'), id('check'), id('extract')]);
    expect(nodes).toEqual([id('extract'), id('check')]);
    const { byName } = await read(run);
    expect(startedOf(byName.get('extract'))).toEqual([NOW]);
    expect(startedOf(byName.get('transform'))).toEqual([]);
    emulator.settle();
    expect((await read(run)).Statistics).toMatchObject({ TotalActions: 5, SucceededActions: 5 });
  });

  it('keeps one of two nodes that lead to each other', async () => {
    const emulator = new GlueEmulator();
    const ids = ['wnode_a', 'wnode_b', 'wnode_c'];
    const run = emulator.addRun('ring', {
      graph: {
        Nodes: ids.map((UniqueId) => ({
          Type: 'JOB',
          Name: 'same',
          UniqueId,
          JobDetails: { JobRuns: [{ JobRunState: 'FAILED' }] },
        })),
        Edges: [
          { SourceId: 'wnode_a', DestinationId: 'wnode_b' },
          { SourceId: 'wnode_b', DestinationId: 'wnode_a' },
          { SourceId: 'wnode_b', DestinationId: 'wnode_c' },
          { SourceId: 'wnode_nowhere', DestinationId: 'wnode_a' },
        ],
      },
    });
    const { runId, nodeIds } = emulator.foreignResume('ring', run, ['wnode_c', 'wnode_b', 'wnode_a']);
    expect(nodeIds).toEqual(['wnode_a']);
    emulator.settle();
    const resumed = emulator.runs('ring').find(({ WorkflowRunId }) => WorkflowRunId === runId);
    expect(resumed).toMatchObject({ Status: 'COMPLETED', Statistics: { SucceededActions: 3, TotalActions: 3 } });
  });

  it('leaves nothing behind when a stranger resumes, but the run', async () => {
    const { emulator, read, old, failed } = await boot();
    const { runId, nodeIds } = emulator.foreignResume(emulator.sample.workflow, old, failed);
    expect(nodeIds).toEqual(failed);
    expect(emulator.journal.entries).toEqual([]);
    expect(await read(runId)).toMatchObject({ PreviousRunId: old, Status: 'RUNNING' });
  });
});

describe('the refused selections', () => {
  it.each([
    ['a trigger', 'extracted', /neither a job nor a crawler/],
    ['a node that was never attempted', 'load', /not attempted/],
    ['no node at all', undefined, /no node is selected/],
  ])('refuses %s (K3)', async (_what, name, problem) => {
    const { emulator, resume, read, old } = await boot();
    const { byName } = await read(old);
    const nodes = name === undefined ? [] : [byName.get(name)?.UniqueId ?? ''];
    await expect(resume(old, nodes)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringMatching(problem),
    });
    emulator.knobs.unselectable = 'IllegalWorkflowStateException';
    await expect(resume(old, nodes)).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
    expect(emulator.runs(emulator.sample.workflow)).toHaveLength(1);
  });

  it('refuses a node that is not in the graph, the valid ones beside it notwithstanding (K4)', async () => {
    const { emulator, resume, old, failed } = await boot();
    await expect(resume(old, [...failed, 'wnode_0'])).rejects.toMatchObject({
      name: 'EntityNotFoundException',
      message: expect.stringMatching(/: wnode_0$/),
    });
    emulator.knobs.unknownNode = 'InvalidInputException';
    await expect(resume(old, ['wnode_0'])).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('looks at the state of the run before it looks at the nodes', async () => {
    const { resume, old, failed } = await boot();
    const { run } = await resume(old, failed);
    await expect(resume(run, ['wnode_0'])).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
  });
});

describe('what no document says', () => {
  it('refuses a resume beyond MaxConcurrentRuns, or accepts a run that ends in ERROR (K5)', async () => {
    const { emulator, resume, read } = await boot();
    const { workflow } = emulator.sample;
    emulator.define({ name: workflow, nodes: ['a'], triggers: [{ name: 't', start: ['a'] }], maxConcurrentRuns: 1 });
    emulator.script(workflow, 'a', ['FAILED']);
    const old = emulator.startRun(workflow);
    emulator.settle();
    const nodes = [emulator.nodeId(workflow, 'a')];
    await resume(old, nodes);
    await expect(resume(old, nodes)).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    await expect(resume(old, ['wnode_0']), 'checked after the nodes').rejects.toThrow(/not in the graph/);
    emulator.knobs.concurrency = 'error-run';
    const { run } = await resume(old, nodes);
    expect(await read(run)).toMatchObject({
      Status: 'ERROR',
      PreviousRunId: old,
      ErrorMessage: `Concurrent runs exceeded for workflow: ${workflow}.`,
    });
    emulator.settle();
    emulator.knobs.concurrency = 'refused';
    expect(await read((await resume(old, nodes)).run)).toMatchObject({ Status: 'RUNNING' });
  });

  it.each([
    ['copied', { environment: 'sample', added: 'later' }],
    ['defaults', { environment: 'sample' }],
    ['none', {}],
  ] as const)('gives a resumed run the properties %s (K6)', async (properties, expected) => {
    const { emulator, read, resume } = await boot({ properties });
    const run = emulator.startRun(emulator.sample.workflow, { added: 'later' });
    emulator.settle();
    const resumed = await resume(run, [emulator.nodeId(emulator.sample.workflow, 'check')]);
    expect((await read(resumed.run)).WorkflowRunProperties).toEqual(expected);
  });

  it.each([
    ['empty', {}, {}],
    ['absent', undefined, undefined],
    ['null', null, null],
    ['empty-list', { JobRuns: [] }, { Crawls: [] }],
  ] as const)('shows a node that never ran with its details %s (K7)', (neverRun, job, crawler) => {
    const emulator = new GlueEmulator({ knobs: { neverRun } });
    const nodes = new Map(emulator.runs(emulator.sample.workflow)[0]?.Graph?.Nodes?.map((node) => [node.Name, node]));
    expect([nodes.get('load')?.JobDetails, nodes.get('catalogue')?.CrawlerDetails]).toEqual([job, crawler]);
    expect('JobDetails' in (nodes.get('load') ?? {})).toBe(neverRun !== 'absent');
  });

  it.each([
    ['cleared', []],
    ['original', [NOW - 3_600_000 + 2000]],
  ] as const)('shows nodes that wait to run again with their details %s (K8)', async (pendingNodes, waiting) => {
    const { emulator, resume, read, old, id } = await boot({ pendingNodes });
    emulator.script(emulator.sample.workflow, 'transform', ['SUCCEEDED']);
    const { run } = await resume(old, [id('extract')]);
    const { byName, Statistics } = await read(run);
    expect(startedOf(byName.get('transform'))).toEqual(waiting);
    expect(Statistics?.FailedActions, 'an old attempt of a waiting node does not count').toBe(0);
    emulator.settle();
    const after = await read(run);
    expect(startedOf(after.byName.get('transform'))).toEqual([NOW + 2000]);
    expect(startedOf(after.byName.get('load'))).toEqual([NOW + 4000]);
  });

  it('never counts the old success of a node that waits to run again (K8)', async () => {
    const { emulator } = await boot({ pendingNodes: 'original' });
    emulator.define({
      name: 'flow',
      nodes: ['a', 'between', 'slow', 'quick', 'end'],
      triggers: [
        { name: 'begin', start: ['a'] },
        { name: 'fork', when: ['a'], start: ['between', 'quick'] },
        { name: 'next', when: ['between'], start: ['slow'] },
        { name: 'join', when: ['slow', 'quick'], start: ['end'] },
      ],
    });
    emulator.script('flow', 'between', [{ durationMs: 9000 }]);
    const run = emulator.startRun('flow');
    emulator.settle();
    const begun = emulator.clock.nowMs;
    emulator.foreignResume('flow', run, [emulator.nodeId('flow', 'a')]);
    emulator.settle();
    const end = emulator.runs('flow')[1]?.Graph?.Nodes?.find(({ Name }) => Name === 'end');
    expect(end?.JobDetails?.JobRuns).toMatchObject([{ StartedOn: (begun + 2000 + 9000 + 2000) / 1000 }]);
  });

  it.each([
    ['all', { TotalActions: 5, SucceededActions: 5 }],
    ['restarted', { TotalActions: 3, SucceededActions: 3 }],
  ] as const)('counts %s nodes of a resumed run (K12)', async (statistics, expected) => {
    const { emulator, resume, read, old, failed } = await boot({ statistics });
    const { run } = await resume(old, failed);
    emulator.settle();
    expect((await read(run)).Statistics).toMatchObject(expected);
    expect((await read(old)).Statistics).toMatchObject({ TotalActions: 3 });
  });

  it('lets a copied attempt be selected in the resumed run, or not (K13)', async () => {
    const { emulator, resume, old, failed, id } = await boot({ copiedAttempts: 'not-selectable' });
    const { run } = await resume(old, failed);
    emulator.settle();
    await expect(resume(run, [id('extract')])).rejects.toThrow(/not attempted/);
    expect((await resume(run, failed)).nodes).toEqual(failed);
    emulator.knobs.copiedAttempts = 'selectable';
    expect((await resume(run, [id('extract')])).nodes).toEqual([id('extract')]);
  });
});

describe('any graph', () => {
  const attempts: readonly Partial<GlueNode>[] = [
    {},
    { JobDetails: null },
    { JobDetails: {} },
    { JobDetails: { JobRuns: [] } },
    { JobDetails: { JobRuns: [{ JobRunState: 'FAILED', StartedOn: 5, Attempt: 0 }] } },
    { JobDetails: { JobRuns: [{ JobRunState: 'SUCCEEDED' }, { JobRunState: 'FAILED', StartedOn: 1 }] } },
    { CrawlerDetails: { Crawls: [{ State: 'CANCELLED' }] } },
  ];
  const arbitraryGraph = fc
    .array(
      fc.record({
        Type: fc.constantFrom('JOB', 'JOB', 'CRAWLER', 'TRIGGER', 'NEW_KIND'),
        Name: fc.constantFrom('a', 'b'),
        details: fc.constantFrom(...attempts),
      }),
      { minLength: 1, maxLength: 9 },
    )
    .chain((drafts) => {
      const Nodes = drafts.map(({ details, ...draft }, at): GlueNode => ({ ...draft, UniqueId: `n${at}`, ...details }));
      const end = fc.integer({ min: 0, max: drafts.length }).map((at) => `n${at}`);
      const edges = fc.array(fc.record({ SourceId: end, DestinationId: end }), { maxLength: 18 });
      return edges.map((Edges): GlueGraph => ({ Nodes, Edges }));
    });

  function reach({ Nodes = [], Edges = [] }: GlueGraph, from: readonly string[]): Set<string> {
    const found = new Set(from);
    const ids = new Set(Nodes.map(({ UniqueId }) => UniqueId));
    const known = Edges.filter(({ SourceId, DestinationId }) => ids.has(SourceId) && ids.has(DestinationId));
    for (let grown = true; grown; ) {
      const next = known.filter(
        ({ SourceId = '', DestinationId = '' }) => found.has(SourceId) && !found.has(DestinationId),
      );
      for (const { DestinationId = '' } of next) found.add(DestinationId);
      grown = next.length > 0;
    }
    return found;
  }

  const attempted = ({ Type, JobDetails, CrawlerDetails }: GlueNode) =>
    (Type === 'JOB' && (JobDetails?.JobRuns ?? []).length > 0) ||
    (Type === 'CRAWLER' && (CrawlerDetails?.Crawls ?? []).length > 0);

  it('is resumed from the fewest nodes, runs no node that is not downstream, and ends', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.array(fc.nat({ max: 8 }), { minLength: 1 }), (graph, picks) => {
        const eligible = (graph.Nodes ?? []).filter(attempted).map(({ UniqueId = '' }) => UniqueId);
        fc.pre(eligible.length > 0);
        const selected = picks.map((pick) => eligible[pick % eligible.length] ?? '');
        const emulator = new GlueEmulator({ clock: new VirtualClock(NOW) });
        const old = emulator.addRun('any', { graph });
        const before = structuredClone(emulator.runs('any')[0]);
        expect(before?.Graph).toEqual(graph);
        const { runId, nodeIds } = emulator.foreignResume('any', old, selected);
        emulator.settle();
        const [untouched, resumed] = emulator.runs('any');
        expect(untouched).toEqual(before);
        expect(resumed).toMatchObject({ WorkflowRunId: runId, PreviousRunId: old, Status: 'COMPLETED' });
        expect(selected).toEqual(expect.arrayContaining([...nodeIds]));
        expect([...reach(graph, nodeIds)].sort()).toEqual([...reach(graph, selected)].sort());
        for (const id of nodeIds) {
          const others = nodeIds.filter((other) => other !== id);
          expect(reach(graph, others).has(id)).toBe(false);
        }
        const again = reach(graph, selected);
        for (const [at, node] of (resumed?.Graph?.Nodes ?? []).entries()) {
          const { Type, UniqueId = '', JobDetails, CrawlerDetails } = node;
          const runnable = Type === 'JOB' || Type === 'CRAWLER';
          const runs = [...(JobDetails?.JobRuns ?? []), ...(CrawlerDetails?.Crawls ?? [])];
          if (!again.has(UniqueId) || !runnable) expect(node).toEqual(graph.Nodes?.[at]);
          else if (nodeIds.includes(UniqueId)) expect(runs).toMatchObject([{ StartedOn: NOW / 1000 }]);
          else expect(runs.every(({ StartedOn = 0 }) => StartedOn > NOW / 1000)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
