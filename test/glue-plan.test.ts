import { describe, expect, it } from 'vitest';
import type { GlueNode } from '../providers/glue/emulator.js';
import type { GlueOptions } from '../providers/glue/options.js';
import { projectionOf } from '../providers/glue/projection.js';
import { readRun } from '../providers/glue/run-reader.js';
import type { Projection } from '../src/inspection.js';
import { attemptOf } from './driver-attempt.js';
import { arrows, crawled, crawler, ended, job } from './glue-discovery-bench.js';
import { ReadBackBench } from './glue-read-back-bench.js';

interface Story {
  readonly status?: string | undefined;
  readonly named?: readonly string[];
  readonly rules?: Pick<GlueOptions, 'stoppedNodes' | 'handledFailures'>;
}

function planned(
  nodes: readonly GlueNode[] | undefined,
  pairs: readonly (readonly [string, string])[] = [],
  story: Story = {},
): Projection {
  const { status = 'COMPLETED', named = [], rules = {} } = story;
  const graph = nodes === undefined ? null : { Nodes: nodes, Edges: arrows(...pairs) };
  const run = readRun(
    JSON.parse(JSON.stringify({ WorkflowRunId: 'wr_1', Status: status, StartedOn: 1, Graph: graph })),
  );
  if (run === undefined) throw new Error('the run must be readable');
  const action = named.length > 0 ? 'restart' : 'resume';
  return projectionOf(run, [], { workflow: 'wf', execution: 'wr_1', action, nodes: named }, rules);
}

const trigger = (
  id: string,
  logical: string | undefined,
  conditions: readonly object[],
  more: object = {},
): GlueNode => ({
  Type: 'TRIGGER',
  Name: id,
  UniqueId: id,
  TriggerDetails: {
    Trigger: {
      Type: 'CONDITIONAL',
      State: 'ACTIVATED',
      Predicate: { Logical: logical, Conditions: conditions },
      ...more,
    },
  },
});
const jobIs = (name: string, State = 'SUCCEEDED') => ({ LogicalOperator: 'EQUALS', JobName: name, State });
const crawlerIs = (name: string, CrawlState = 'SUCCEEDED') => ({
  LogicalOperator: 'EQUALS',
  CrawlerName: name,
  CrawlState,
});

describe('what is expected to run', () => {
  const [bad, good, next] = [job('bad', ended('FAILED')), job('good', ended('SUCCEEDED')), job('next')];
  const edges = [
    ['bad', 't'],
    ['good', 't'],
    ['t', 'next'],
  ] as const;
  const expectedWith = (gate: GlueNode, others: readonly GlueNode[] = []) =>
    planned([bad, good, next, gate, ...others], edges).expected;

  it('counts what was copied beside what runs again: AND', () => {
    expect(expectedWith(trigger('t', 'AND', [jobIs('bad'), jobIs('good')]))).toEqual(['bad', 'next']);
    expect(expectedWith(trigger('t', 'AND', [jobIs('bad'), jobIs('good', 'FAILED')]))).toEqual(['bad']);
  });

  it('needs one condition only: ANY', () => {
    expect(expectedWith(trigger('t', 'ANY', [jobIs('bad'), jobIs('good', 'FAILED')]))).toEqual(['bad', 'next']);
    expect(expectedWith(trigger('t', 'ANY', [jobIs('bad', 'FAILED'), jobIs('good', 'FAILED')]))).toEqual(['bad']);
  });

  it('leaves out what waits for a failure, or for a trigger that is switched off', () => {
    expect(expectedWith(trigger('t', 'AND', [jobIs('bad', 'FAILED')]))).toEqual(['bad']);
    expect(expectedWith(trigger('t', 'AND', [jobIs('bad')], { State: 'DEACTIVATED' }))).toEqual(['bad']);
    expect(expectedWith(trigger('t', 'AND', [], { Type: 'ON_DEMAND' }))).toEqual(['bad']);
  });

  it('does not take a crawler for a job of its name', () => {
    const gate = trigger('t', 'AND', [jobIs('bad'), crawlerIs('good')]);
    expect(expectedWith(gate), 'the crawler is not in the graph, so that this cannot be told').toEqual(['bad', 'next']);
    const named = { ...crawler('c', crawled('FAILED')), Name: 'good' };
    const { expected } = planned([bad, good, next, gate, named], [...edges, ['c', 't']]);
    expect(expected, 'both run again, for both have failed').toEqual(['bad', 'next', 'c']);
    const copied = { ...crawler('c', crawled('CANCELLED')), Name: 'good' };
    const nodes = [bad, good, next, gate, copied];
    expect(planned(nodes, [...edges, ['c', 't']], { rules: { stoppedNodes: 'leave' } }).expected).toEqual(['bad']);
  });

  it('takes a trigger that says nothing, or what is not understood, to fire', () => {
    for (const gate of [
      { Type: 'TRIGGER', Name: 't', UniqueId: 't' },
      trigger('t', 'AND', []),
      trigger('t', undefined, [jobIs('bad'), jobIs('good', 'FAILED')]),
      trigger('t', 'XOR', [jobIs('bad'), jobIs('good', 'FAILED')]),
      trigger('t', 'AND', [{ LogicalOperator: 'DIFFERS', JobName: 'bad', State: 'SUCCEEDED' }]),
      trigger('t', 'AND', [jobIs('bad', 'PUZZLED')]),
      trigger('t', 'AND', [jobIs('somebody else')]),
    ]) {
      expect(expectedWith(gate)).toEqual(['bad', 'next']);
    }
  });

  it('may be less than what may run, whose order is that of the graph', () => {
    const plan = planned([next, good, bad, trigger('t', 'AND', [jobIs('bad', 'FAILED')])], edges);
    expect(plan).toMatchObject({ starts: ['bad'], nodes: ['bad'], expected: ['bad'], mayRun: ['next', 'bad'] });
    expect(plan.warnings).toEqual([expect.stringContaining('next (next): the trigger t waits for bad to be FAILED')]);
  });
});

describe('what is said before it is done', () => {
  it('is that stopped nodes start again, or are left', () => {
    const nodes = [job('a', ended('STOPPED')), job('b', ended('FAILED'))];
    expect(planned(nodes).warnings).toEqual(['what was stopped by hand starts again: a (a) is STOPPED']);
    const left = planned(nodes, [], { rules: { stoppedNodes: 'leave' } });
    expect(left).toMatchObject({ starts: ['b'], warnings: [expect.stringContaining('a (a) is STOPPED')] });
  });

  it('is that failures start again which a trigger has dealt with', () => {
    const nodes = [
      job('a', ended('FAILED')),
      trigger('t', 'AND', [jobIs('a', 'FAILED')]),
      job('mop', ended('SUCCEEDED')),
    ];
    const pairs = [
      ['a', 't'],
      ['t', 'mop'],
    ] as const;
    expect(planned(nodes, pairs).warnings[0]).toBe(
      'a trigger has dealt with these, and they start again all the same: a (a) is FAILED',
    );
    expect(planned(nodes, pairs, { rules: { handledFailures: 'leave' } }).refusals).toEqual([
      expect.stringContaining('nothing to resume'),
    ]);
  });

  it('is that a node that was named starts by its triggers, and that others are not clear', () => {
    const nodes = [job('a', ended('SUCCEEDED')), job('b', ended('FAILED')), job('c', ended('PUZZLED'))];
    const { nodes: sent, starts, warnings } = planned(nodes, [['a', 'b']], { named: ['b', 'a'] });
    expect([sent, starts]).toEqual([['b', 'a'], ['a']]);
    expect(warnings).toEqual([
      expect.stringMatching(/^named, but downstream.*: b \(b\)$/),
      expect.stringContaining('c (c) is PUZZLED'),
    ]);
  });
});

describe('every reason for a refusal', () => {
  const nothing = { nodes: [], starts: [], mayRun: [], expected: [] };

  it('is told at once, with every node that offends', () => {
    const nodes = [
      job('a', ended('SUCCEEDED')),
      job('b'),
      job('c'),
      trigger('t', 'AND', []),
      { Type: 'NOTEBOOK', UniqueId: 'n' },
    ];
    const plan = planned(nodes, [], { status: 'STOPPED', named: ['a', 'b', 'c', 't', 'n', 'x', 'y'] });
    expect(plan).toMatchObject(nothing);
    expect(plan.refusals).toEqual([
      expect.stringContaining('start a new run instead'),
      "not in the run's graph: x, y",
      'triggers cannot be started, only jobs and crawlers: t (t)',
      'neither a job nor a crawler: node (n)',
      expect.stringMatching(/never attempted.*: b \(b\), c \(c\)$/),
    ]);
  });

  it('names what is unclear and what is unsettled', () => {
    const { refusals } = planned([job('a', ended('PUZZLED')), job('b', ended('WAITING'))]);
    expect(refusals).toEqual([
      expect.stringContaining('a (a) is PUZZLED'),
      expect.stringContaining('b (b) is WAITING'),
    ]);
  });

  it.each(['RUNNING', 'STOPPING', 'STOPPED', 'ERROR', 'DREAMING', undefined])('is that the run is %s', (status) => {
    const plan = planned([job('a', ended('FAILED'))], [], { status: status ?? '(none)' });
    expect(plan).toMatchObject({ ...nothing, refusals: [expect.stringContaining('only what is COMPLETED')] });
  });

  it('is that nothing failed, that there is no graph, or that ids are not unique', () => {
    expect(planned([job('a', ended('SUCCEEDED'))])).toMatchObject({
      ...nothing,
      refusals: [expect.stringContaining('no node of the run failed')],
    });
    expect(planned(undefined, [], { named: ['a'] })).toMatchObject({
      ...nothing,
      refusals: [expect.stringContaining('without a graph')],
    });
    expect(planned([job('a', ended('FAILED')), job('a', ended('FAILED'))]).refusals).toEqual([
      expect.stringContaining('the same id'),
    ]);
  });
});

describe('a plan over the wire', () => {
  it('reads the run and every page of runs, and writes nothing', async () => {
    const bench = await ReadBackBench.start({ knobs: { pageCap: 1, runsOrder: 'newest-first' } });
    bench.pass(1_000);
    const first = bench.resume();
    bench.pass(1_000);
    const second = bench.resume();
    bench.failedRun();
    const plan = await bench.driver.doPlan(bench.target(), attemptOf());
    expect(bench.operations).toEqual(['GetWorkflowRun', ...Array<string>(4).fill('GetWorkflowRuns')]);
    expect(bench.emulator.journal.mutating).toEqual([]);
    expect(plan).toMatchObject({
      performed: 'resume',
      starts: [bench.node('transform')],
      resumedAs: [first, second],
      refusals: [],
    });
    expect(plan.expected).toEqual([bench.node('transform'), bench.node('load')]);
    expect(plan.warnings).toEqual([`it has been resumed already, as ${first} (COMPLETED), ${second} (COMPLETED)`]);
    expect(plan.inspection).toMatchObject({ state: 'failed', providerState: 'COMPLETED' });
  });

  it('says where it would start what was only copied', async () => {
    const bench = await ReadBackBench.start();
    const execution = bench.resume();
    bench.emulator.settle();
    const target = { ...bench.target([bench.node('extract')]), execution, action: 'restart' as const };
    const { warnings, refusals } = await bench.driver.doPlan(target, attemptOf());
    expect([refusals, warnings]).toEqual([[], [expect.stringContaining('extract')]]);
    expect(warnings[0]).toContain('did not run in this run');
  });
});
