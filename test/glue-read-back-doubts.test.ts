import { describe, expect, it } from 'vitest';
import type { GivenRun, GlueGraph, GlueNode } from '../providers/glue/emulator.js';
import type { Finding } from '../src/driver.js';
import { attemptOf, failureOf } from './driver-attempt.js';
import { ReadBackBench, undecided } from './glue-read-back-bench.js';

describe('a new run of which too little shows', () => {
  const job = (id: string, ...JobRuns: readonly object[]) =>
    ({ Type: 'JOB', Name: id, UniqueId: id, JobDetails: { JobRuns } }) as GlueNode;
  const graphOf = (...Nodes: readonly GlueNode[]): GlueGraph => ({
    Nodes,
    Edges: [{ SourceId: 'a', DestinationId: 'b' }],
  });

  /** What is found where this run was made of the resumed one since; `a` was asked for, `b` is downstream of it. */
  async function foundWith(run: (startedOn: number) => GivenRun): Promise<Finding> {
    const bench = await ReadBackBench.start();
    const parent = bench.emulator.addRun('given', { graph: graphOf(job('a'), job('b'), job('c')) });
    const lost = bench.intent();
    const startedMs = lost.createdAtMs + 375;
    bench.emulator.addRun('given', { ...run(startedMs / 1000), previousRunId: parent, startedMs });
    bench.pass(1_000);
    const target = { workflow: 'given', execution: parent, action: 'resume', nodes: [] } as const;
    return await bench.driver.doFindResumed(target, { performed: 'resume', nodes: ['a'] }, lost, attemptOf());
  }

  it.each(['RUNNING', 'STOPPING', 'STOPPED', 'COMPLETED', 'ERROR'])(
    'because none of its nodes has started is undecided: %s',
    async (status) => {
      const old = { StartedOn: 1_000 };
      const found = await foundWith(() => ({ status, graph: graphOf(job('a', old), job('b'), job('c', old)) }));
      expect(found).toEqual(undecided(`(${status}), but none of its nodes is seen to have started in it`));
    },
  );

  it('because it comes without a graph is undecided', async () => {
    expect(await foundWith(() => ({ status: 'RUNNING' }))).toEqual(undecided('its graph does not show every node'));
  });

  it('because a node is missing from its graph is undecided', async () => {
    const found = await foundWith((now) => ({ graph: graphOf(job('b', { StartedOn: now + 1 })) }));
    expect(found).toEqual(undecided('its graph does not show every node'));
  });

  it('because a node that was not asked for may have started in it is undecided', async () => {
    const graph = (now: number) => graphOf(job('a', { StartedOn: now + 1 }), job('c', { Attempt: 0 }));
    expect(await foundWith((now) => ({ graph: graph(now) }))).toEqual(undecided('it does not say when c started'));
  });

  it('because the expected node does not say when it started is undecided', async () => {
    const found = await foundWith(() => ({ status: 'RUNNING', graph: graphOf(job('a', {}), job('b'), job('c')) }));
    expect(found).toEqual(undecided('none of its nodes is seen'));
  });

  it('is adopted with times in whole seconds, and with attempts in any order', async () => {
    const attempts = (now: number) => [{ StartedOn: Math.floor(now) }, { StartedOn: 1_000.5 }];
    const found = await foundWith((now) => ({ graph: graphOf(job('a', ...attempts(now)), job('b'), job('c')) }));
    expect(found).toMatchObject({ found: 'resumed', acceptance: { nodes: ['a'] } });
  });

  it('ended before any node ran, for too many runs (K5): a run, and yet nothing was resumed', async () => {
    const bench = await ReadBackBench.start({ knobs: { concurrency: 'error-run' } });
    bench.emulator.define({
      name: 'one',
      nodes: ['a'],
      triggers: [{ name: 'go', start: ['a'] }],
      maxConcurrentRuns: 1,
    });
    bench.emulator.script('one', 'a', ['FAILED', { durationMs: Number.POSITIVE_INFINITY }]);
    const execution = bench.emulator.startRun('one');
    bench.emulator.settle();
    bench.emulator.startRun('one');
    const lost = bench.intent();
    const nodes = [bench.emulator.nodeId('one', 'a')];
    const { runId } = bench.emulator.foreignResume('one', execution, nodes);
    const target = { workflow: 'one', execution, action: 'resume', nodes } as const;
    const found = await bench.driver.doFindResumed(target, { performed: 'resume', nodes }, lost, attemptOf());
    expect(found).toEqual(undecided(`run ${runId} was made of it at`));
    expect(JSON.stringify(found)).toContain('(ERROR, Concurrent runs exceeded for workflow: one.)');
  });
});

describe('a read that fails while reading back', () => {
  it.each([
    ['the connection', { kind: 'reset' }, 'UNAVAILABLE'],
    ['its page', { kind: 'garbage' }, 'INTERNAL'],
    ['Glue', { kind: 'answer', answer: { status: 503, body: '{"__type":"ServiceUnavailable"}' } }, 'UNAVAILABLE'],
    [
      'permission',
      { kind: 'answer', answer: { status: 400, body: '{"__type":"AccessDeniedException"}' } },
      'PERMISSION_DENIED',
    ],
    ['a page of another form', { kind: 'answer', answer: { status: 200, body: '{"Runs":[5]}' } }, 'INTERNAL'],
    ['pages that repeat', { kind: 'answer', answer: { status: 200, body: '{"NextToken":"t"}' } }, 'INTERNAL'],
  ] as const)('for %s says so', async (_why, fault, code) => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    bench.emulator.faults.add({ ...fault, when: 'before', operation: 'GetWorkflowRuns', times: 99 });
    expect((await failureOf(bench.find(lost))).details.code).toBe(code);
    expect(bench.operations.length).toBeLessThanOrEqual(2);
  });

  it('for the second page is not taken for the end', async () => {
    const bench = await ReadBackBench.start({ knobs: { pageCap: 1 } });
    const lost = bench.intent();
    bench.resume();
    const first = { status: 200, body: '{"Runs":[],"NextToken":"t"}' };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer: first });
    bench.emulator.faults.add({ kind: 'reset', when: 'after', operation: 'GetWorkflowRuns' });
    expect((await failureOf(bench.find(lost))).details.code).toBe('UNAVAILABLE');
  });

  it('of a run that is listed but not known yet leaves it undecided', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume();
    const answer = { status: 400, body: '{"__type":"EntityNotFoundException"}' };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRun', answer });
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} is listed, but cannot be read yet`));
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed' });
  });

  it('of another run than asked says so', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    bench.resume();
    const answer = { status: 200, body: '{"Run":{"WorkflowRunId":"wr_other"}}' };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRun', answer });
    const failure = await failureOf(bench.find(lost));
    expect(failure.details.code).toBe('INTERNAL');
    expect(failure.message).toContain('another run, "wr_other"');
  });

  it('ends with its call', async () => {
    const bench = await ReadBackBench.start();
    bench.emulator.faults.add({ kind: 'hang', when: 'before', operation: 'GetWorkflowRuns' });
    const found = bench.driver.doFindResumed(
      bench.target(),
      { performed: 'resume', nodes: [] },
      bench.intent(),
      attemptOf({ timeoutMs: 80 }),
    );
    expect((await failureOf(found)).details.code).toBe('DEADLINE_EXCEEDED');
  });
});
