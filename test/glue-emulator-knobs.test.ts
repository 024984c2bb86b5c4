import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GlueGraph, GlueNode } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';
import { boot, NOW, startedOf } from './glue-emulator-resume-bench.js';

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
    ['original', [NOW - 3_600_000 + 2000, NOW - 3_600_000 + 4000]],
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
    ['all', { TotalActions: 8, SucceededActions: 8 }],
    ['restarted', { TotalActions: 5, SucceededActions: 5 }],
  ] as const)('counts %s nodes of a resumed run (K12)', async (statistics, expected) => {
    const { emulator, resume, read, old, failed } = await boot({ statistics });
    const { run } = await resume(old, failed);
    emulator.settle();
    expect((await read(run)).Statistics).toMatchObject(expected);
    expect((await read(old)).Statistics).toMatchObject({ TotalActions: 5 });
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
