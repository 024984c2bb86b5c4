import { describe, expect, it } from 'vitest';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { eagerClient } from './glue-connection.js';
import { adopted, ReadBackBench, undecided } from './glue-read-back-bench.js';

describe('the run that a lost resume made', () => {
  it('is adopted with the nodes that it was seen to restart', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    bench.pass(50);
    const child = bench.resume();
    bench.pass(200);
    expect(await bench.find(lost)).toEqual(adopted(child, bench.node('transform')));
    expect(bench.emulator.journal.entries.map(({ operation, body }) => [operation, JSON.parse(body)])).toEqual([
      ['GetWorkflowRuns', { Name: 'wf', MaxResults: 1000, IncludeGraph: false }],
      ['GetWorkflowRun', { Name: 'wf', RunId: child, IncludeGraph: true }],
    ]);
    expect(bench.emulator.journal.mutating).toEqual([]);
  });

  it('is what a caller gets whose answer was lost', async () => {
    const { emulator, execution } = await ReadBackBench.start();
    const { endpoint, region, credentials } = emulator;
    const workflow = createGlueWorkflow({ name: 'glue-eu', endpoint, region, credentials });
    emulator.faults.add({ kind: 'reset', when: 'after' });
    const nodes = [emulator.nodeId('wf', 'transform')];
    // The emulator's clock stands at another time than this machine's.
    emulator.clock.setTo(Date.now() + 3_600_000);
    const receipt = await workflow.resume({ workflow: 'wf', execution, nodes });
    await workflow.close();
    expect(receipt).toMatchObject({
      execution: emulator.runs('wf').at(-1)?.WorkflowRunId,
      previousExecution: execution,
      nodes,
      nodesBasis: 'observed',
      confirmedBy: 'read-back',
      attempts: 1,
    });
    expect(emulator.journal.mutating).toHaveLength(1);
  });

  it('is adopted over a client that was handed in, too', async () => {
    const bench = await ReadBackBench.start({
      options: ({ endpoint, region, credentials }) => ({ client: eagerClient({ endpoint, region, credentials }) }),
    });
    const lost = bench.intent();
    bench.resume();
    bench.pass(5_000);
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed' });
    expect(bench.operations).toEqual(['GetWorkflowRuns', 'GetWorkflowRun']);
  });

  it('is adopted once it has ended, whatever became of it', async () => {
    const bench = await ReadBackBench.start();
    bench.emulator.script('wf', 'transform', ['FAILED']);
    const lost = bench.intent();
    const child = bench.resume();
    bench.emulator.settle();
    expect(await bench.find(lost)).toEqual(adopted(child, bench.node('transform')));
  });

  it('names only the most upstream of the nodes, as Glue’s own answer does', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume('transform', 'extract');
    bench.emulator.settle();
    expect(await bench.find(lost, 'transform', 'extract')).toEqual(adopted(child, bench.node('extract')));
  });

  it('may restart a crawler', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume('transform', 'crawl');
    expect(await bench.find(lost, 'transform', 'crawl')).toEqual(
      adopted(child, bench.node('transform'), bench.node('crawl')),
    );
  });

  it.each([1, 2, 7, 1000])('is found on whichever page it is, with %i runs a page in either order', async (pageCap) => {
    for (const runsOrder of ['newest-first', 'oldest-first'] as const) {
      const bench = await ReadBackBench.start({ knobs: { pageCap, runsOrder } });
      for (let count = 0; count < 3; count += 1) bench.emulator.startRun('wf');
      const lost = bench.intent();
      const child = bench.resume();
      for (let count = 0; count < 3; count += 1) bench.emulator.startRun('wf');
      expect(await bench.find(lost)).toMatchObject({ found: 'resumed', acceptance: { execution: child } });
      const pages = bench.operations.filter((operation) => operation === 'GetWorkflowRuns');
      expect(pages).toHaveLength(Math.ceil(8 / pageCap));
    }
  });

  it('is not there before it shows, which is no proof of anything', async () => {
    const bench = await ReadBackBench.start({ knobs: { visibilityDelayMs: 10_000 } });
    const lost = bench.intent();
    const child = bench.resume();
    expect(await bench.find(lost)).toEqual({ found: 'nothing', seen: 'no run was made of it' });
    bench.pass(10_000);
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed', acceptance: { execution: child } });
  });

  it.each(['empty', 'absent', 'null', 'empty-list'] as const)(
    'is adopted where nodes that have not run show as %s, cleared or with their old details',
    async (neverRun) => {
      for (const pendingNodes of ['cleared', 'original'] as const) {
        const bench = await ReadBackBench.start({ knobs: { neverRun, pendingNodes } });
        const lost = bench.intent();
        const child = bench.resume('extract');
        expect(await bench.find(lost, 'extract')).toEqual(adopted(child, bench.node('extract')));
        bench.emulator.settle();
        expect(await bench.find(lost, 'extract')).toEqual(adopted(child, bench.node('extract')));
      }
    },
  );
});

describe('more than one new run', () => {
  it('is told with every id, and none is chosen', async () => {
    const bench = await ReadBackBench.start({ knobs: { pageCap: 1 } });
    const lost = bench.intent();
    const children = [bench.resume(), bench.resume('extract'), bench.resume()];
    const found = await bench.find(lost);
    if (found.found !== 'several') return expect.fail(JSON.stringify(found));
    expect([...found.executions].sort()).toEqual([...children].sort());
    expect(bench.operations).not.toContain('GetWorkflowRun');
  });

  it('is told even where only one of them fits', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    bench.resume();
    bench.resume('extract');
    expect(await bench.find(lost)).toMatchObject({ found: 'several' });
  });

  it('is not one run that overlapping pages show twice', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume();
    const Runs = [{ WorkflowRunId: child, PreviousRunId: bench.execution, StartedOn: lost.createdAtMs / 1000 }];
    const headers = { 'x-amzn-RequestId': 'r' };
    for (const NextToken of ['t1', 't2', undefined]) {
      const answer = { status: 200, headers, body: JSON.stringify({ Runs, NextToken }) };
      bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    }
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed' });
  });
});

describe('a run that restarted other nodes', () => {
  it.each([['extract'], ['transform', 'side'], ['transform', 'crawl'], ['side']])(
    'is not adopted: %s, %s',
    async (...names) => {
      const bench = await ReadBackBench.start();
      const lost = bench.intent();
      const child = bench.resume(...names.filter((name) => name !== undefined));
      const found = await bench.find(lost);
      expect(found).toMatchObject({ found: 'different', seen: expect.stringContaining(child) });
      expect(JSON.stringify(found)).toContain('which was not asked for');
    },
  );

  it('downstream of the expected one is not adopted, once it has had time to show that one', async () => {
    const bench = await ReadBackBench.start();
    bench.emulator.script('wf', 'transform', [{ durationMs: Number.POSITIVE_INFINITY }]);
    const lost = bench.intent();
    bench.resume('transform');
    expect(await bench.find(lost, 'extract')).toEqual(undecided('was made of it'));
    bench.pass(63_000);
    const found = await bench.find(lost, 'extract');
    expect(found).toMatchObject({ found: 'different' });
    expect(JSON.stringify(found)).toContain(`did not restart ${bench.node('extract')}`);
  });

  it('downstream of the expected one is not adopted, once it has ended', async () => {
    const bench = await ReadBackBench.start();
    bench.emulator.script('wf', 'transform', ['FAILED']);
    const lost = bench.intent();
    bench.resume('transform');
    bench.emulator.settle();
    expect(await bench.find(lost, 'extract')).toMatchObject({ found: 'different' });
  });

  it('only some of the expected ones is not adopted', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    bench.resume('transform');
    expect(await bench.find(lost, 'transform', 'side')).toEqual(undecided('was made of it'));
    bench.emulator.settle();
    expect(await bench.find(lost, 'transform', 'side')).toMatchObject({ found: 'different' });
  });
});

describe('an ordinary run, where every run names the one before it (K11)', () => {
  it('is not adopted: it starts at the beginning', async () => {
    const bench = await ReadBackBench.start({ knobs: { startPreviousRunId: 'last-run' } });
    const lost = bench.intent();
    const started = bench.emulator.startRun('wf');
    for (const waitMs of [0, 1_500, 60_000]) {
      bench.pass(waitMs);
      expect(await bench.find(lost)).toMatchObject({ found: 'different', seen: expect.stringContaining(started) });
    }
  });

  it('hides nothing: beside it the resumed run is one of several', async () => {
    const bench = await ReadBackBench.start({ knobs: { startPreviousRunId: 'last-run' } });
    const lost = bench.intent();
    const executions = [bench.emulator.startRun('wf'), bench.resume()];
    const found = await bench.find(lost);
    expect(found.found === 'several' ? [...found.executions].sort() : found).toEqual(executions.sort());
  });

  it('cannot be told from a resume of everything that a run starts with', async () => {
    const bench = await ReadBackBench.start({ knobs: { startPreviousRunId: 'last-run' } });
    const lost = bench.intent();
    bench.emulator.startRun('wf');
    expect(await bench.find(lost, 'extract', 'side', 'crawl')).toMatchObject({ found: 'resumed' });
  });
});
