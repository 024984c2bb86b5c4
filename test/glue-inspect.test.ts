import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoOf } from '../providers/glue/inspection.js';
import { crawled, crawler, ended, job } from './glue-discovery-bench.js';
import { inspected, inspectedNodes } from './glue-inspect-bench.js';

const at = (state: string, StartedOn: number | undefined, more: object = {}) => ({
  JobRunState: state,
  StartedOn,
  ...more,
});
const trigger = (id: string) => ({ Type: 'TRIGGER', Name: id, UniqueId: id });

describe('the state of a COMPLETED run', () => {
  it.each([
    ['failed', 'a job failed', [job('a', ended('SUCCEEDED')), job('b', ended('FAILED'))]],
    ['failed', 'a job timed out', [job('a', ended('TIMEOUT'))]],
    ['failed', 'a crawler failed', [crawler('a', crawled('ERROR'))]],
    ['failed', 'one failed while another is unclear', [job('a', ended('PUZZLED')), job('b', ended('FAILED'))]],
    ['unknown', 'a job’s word is not known', [job('a', ended('PUZZLED')), job('b', ended('RUNNING'))]],
    ['unknown', 'a node’s type is not known', [job('a', ended('SUCCEEDED')), { Type: 'NOTEBOOK', UniqueId: 'n' }]],
    ['unknown', 'only some attempts say when they began', [job('a', at('SUCCEEDED', 1), at('SUCCEEDED', undefined))]],
    ['running', 'a retry may be starting', [job('a', ended('WAITING')), job('b', ended('STOPPED'))]],
    ['stopped', 'a job was stopped', [job('a', ended('SUCCEEDED')), job('b', ended('STOPPED'))]],
    ['stopped', 'a crawler was cancelled', [crawler('a', crawled('CANCELLED'))]],
    ['unknown', 'it has no nodes', []],
    ['unknown', 'it has triggers only', [trigger('t')]],
    [
      'succeeded',
      'all that ran succeeded',
      [job('a', ended('SUCCEEDED')), job('b'), crawler('c', crawled('SUCCEEDED')), trigger('t')],
    ],
  ])('is %s where %s', (state, _why, nodes) => {
    expect(inspectedNodes(nodes).state).toBe(state);
  });

  it('is unknown without a graph', () => {
    expect(inspected({}).state).toBe('unknown');
    expect(inspected({ Graph: null }).state).toBe('unknown');
  });

  it('goes by the newest attempt only: Glue’s own retry that succeeded is no failure', () => {
    const retried = job(
      'a',
      at('SUCCEEDED', 20, { Attempt: 1 }),
      at('FAILED', 10, { Attempt: 0, ErrorMessage: 'not yet' }),
    );
    const { state, nodes } = inspectedNodes([retried]);
    expect(state).toBe('succeeded');
    expect(nodes[0]?.attempts).toEqual([
      {
        state: 'failed',
        providerState: 'FAILED',
        startedAt: '1970-01-01T00:00:10.000Z',
        endedAt: undefined,
        error: 'not yet',
      },
      {
        state: 'succeeded',
        providerState: 'SUCCEEDED',
        startedAt: '1970-01-01T00:00:20.000Z',
        endedAt: undefined,
        error: undefined,
      },
    ]);
  });
});

describe('the state of any other run', () => {
  it.each([
    ['RUNNING', 'running'],
    ['STOPPING', 'running'],
    ['STOPPED', 'stopped'],
    ['ERROR', 'failed'],
    ['DREAMING', 'unknown'],
    [undefined, 'unknown'],
  ])('that is %s is %s, whatever its nodes are', (Status, state) => {
    for (const word of ['SUCCEEDED', 'FAILED']) {
      expect(inspected({ Status, Graph: { Nodes: [job('a', ended(word))] } })).toMatchObject({
        state,
        providerState: Status ?? '',
      });
    }
  });
});

describe('what is shown of a run', () => {
  it('is in everybody’s words: gates, tasks that wait, times, errors and lineage', () => {
    const failed = {
      JobRunState: 'FAILED',
      Attempt: 0,
      StartedOn: 1000.5,
      CompletedOn: 1001.25,
      ErrorMessage: 'a column too many',
    };
    const shown = inspected({
      Status: 'ERROR',
      StartedOn: 1000.25,
      CompletedOn: '1970-01-01T00:20:00Z',
      PreviousRunId: 'wr_1',
      ErrorMessage: 'Concurrent runs exceeded for workflow: wf.',
      Graph: {
        Nodes: [trigger('t'), { ...job('j', failed), Name: null }, crawler('c')],
        Edges: [
          { SourceId: 't', DestinationId: 'j' },
          { SourceId: 'j', DestinationId: 'gone' },
          { SourceId: 't', DestinationId: 'c' },
        ],
      },
    });
    const none = { attempts: [], carriedOver: false, state: 'waiting', providerState: '' };
    expect(shown).toEqual({
      state: 'failed',
      providerState: 'ERROR',
      startedAt: '1970-01-01T00:16:40.250Z',
      endedAt: '1970-01-01T00:20:00.000Z',
      error: 'Concurrent runs exceeded for workflow: wf.',
      previousExecution: 'wr_1',
      edges: [
        { from: 't', to: 'j' },
        { from: 't', to: 'c' },
      ],
      nodes: [
        { ...none, id: 't', name: 't', kind: 'gate', providerType: 'TRIGGER' },
        {
          id: 'j',
          name: 'j',
          kind: 'task',
          providerType: 'JOB',
          state: 'failed',
          providerState: 'FAILED',
          carriedOver: false,
          attempts: [
            {
              state: 'failed',
              providerState: 'FAILED',
              startedAt: '1970-01-01T00:16:40.500Z',
              endedAt: '1970-01-01T00:16:41.250Z',
              error: 'a column too many',
            },
          ],
        },
        { ...none, id: 'c', name: 'c', kind: 'task', providerType: 'CRAWLER' },
      ],
    });
  });

  it('writes times as dates do, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e11, max: 1e11, noNaN: true }), { maxLength: 9 }), (times) => {
        const near = times.flatMap((seconds) => [seconds, seconds + 59.9995, seconds - 0.001]);
        expect(near.map(isoOf)).toEqual(near.map((seconds) => new Date(Math.round(seconds * 1_000)).toISOString()));
      }),
    );
  });

  it('does without times, and with times that are none', () => {
    const { nodes, startedAt } = inspected({
      StartedOn: null,
      PreviousRunId: 'wr_1',
      Graph: {
        Nodes: [
          job('a', at('SUCCEEDED', undefined)),
          job('b', { JobRunState: 'SUCCEEDED', StartedOn: 'soon' }),
          job('c', at('SUCCEEDED', 1e15)),
        ],
      },
    });
    expect([startedAt, ...nodes.map(({ attempts }) => attempts[0]?.startedAt)]).toEqual(Array(4).fill(undefined));
    expect(nodes.map(({ carriedOver }) => carriedOver)).toEqual([false, false, false]);
  });
});

describe('a node of a resumed run', () => {
  it.each([
    ['began before the run', 999.5, true],
    ['may have begun in the second of the run', 1_000, false],
    ['began with it', 1_000.4, false],
    ['does not say when it began', undefined, false],
  ])('whose newest attempt %s: carried over is %s', (_when, started, carriedOver) => {
    const run = { StartedOn: 1_000.4, Graph: { Nodes: [job('a', at('SUCCEEDED', started))] } };
    expect(inspected({ ...run, PreviousRunId: 'wr_1' }).nodes[0]?.carriedOver).toBe(carriedOver);
    expect(inspected(run, { execution: 'wr_2', nodes: [] }).nodes[0]?.carriedOver).toBe(carriedOver);
    expect(inspected(run).nodes[0]?.carriedOver, 'nobody resumed').toBe(false);
  });

  it('that was carried over and failed makes the run failed: it can be resumed', () => {
    const nodes = [job('old', at('FAILED', 1)), job('new', at('SUCCEEDED', 1_001))];
    expect(inspectedNodes(nodes, { execution: 'wr_2', nodes: ['new'] }).state).toBe('failed');
  });
});

describe('a run that is followed', () => {
  const receipt = { execution: 'wr_2', previousExecution: 'wr_1', nodes: ['a'] };

  it('has succeeded once what was restarted has run in it', () => {
    const nodes = [job('a', at('SUCCEEDED', 1_001)), job('b', at('SUCCEEDED', 1))];
    expect(inspectedNodes(nodes, receipt)).toMatchObject({ state: 'succeeded', shows: 'resume', error: undefined });
  });

  it.each([
    ['not run at all', job('a')],
    ['only been copied', job('a', at('SUCCEEDED', 999))],
    ['run at a time that is not told', job('a', at('SUCCEEDED', undefined))],
  ])('has not succeeded where what was restarted has %s, although it is COMPLETED', (_how, node) => {
    const { state, error } = inspectedNodes([node, job('b', at('SUCCEEDED', 1_001))], receipt);
    expect([state, error]).toEqual([
      'unknown',
      expect.stringContaining('does not show that it has run what it was to: a'),
    ]);
  });

  it('has not succeeded where what was restarted is not in its graph', () => {
    const { state, error } = inspectedNodes([job('b', at('SUCCEEDED', 1_001))], receipt);
    expect([state, error]).toEqual(['unknown', expect.stringMatching(/: a$/)]);
  });

  it('need not have run a node that others of the restarted ones lead to', () => {
    const run = {
      Graph: {
        Nodes: [job('a', at('SUCCEEDED', 1_001)), job('b')],
        Edges: [{ SourceId: 'a', DestinationId: 'b' }],
      },
    };
    expect(inspected(run, { ...receipt, nodes: ['a', 'b'] }).state).toBe('succeeded');
  });

  const waiting = (State: string, more: object = {}) => {
    const Conditions = ['a', 'b'].map((JobName) => ({
      LogicalOperator: 'EQUALS',
      JobName,
      State: 'SUCCEEDED',
      ...more,
    }));
    const Trigger = { Type: 'CONDITIONAL', State, Predicate: { Logical: 'AND', Conditions } };
    const edges = [
      ['a', 't'],
      ['b', 't'],
      ['t', 'c'],
    ].map(([SourceId, DestinationId]) => ({ SourceId, DestinationId }));
    const nodes = [
      job('a', at('SUCCEEDED', 1_001)),
      job('b', at('SUCCEEDED', 1)),
      { ...trigger('t'), TriggerDetails: { Trigger } },
    ];
    return (...runs: ReturnType<typeof at>[]) =>
      inspected({ Graph: { Nodes: [...nodes, job('c', ...runs)], Edges: edges } }, receipt);
  };

  it('has not succeeded where what a trigger was to start has not run: it may not count what was copied', () => {
    for (const runs of [[], [at('SUCCEEDED', 2)]]) {
      const { state, error } = waiting('ACTIVATED')(...runs);
      expect([state, error]).toEqual(['unknown', expect.stringMatching(/what it was to: c$/)]);
    }
    expect(waiting('ACTIVATED')(at('SUCCEEDED', 1_002)).state).toBe('succeeded');
  });

  it('has succeeded where the trigger is not switched on, or waits for what has not happened', () => {
    expect(waiting('DEACTIVATED')().state).toBe('succeeded');
    expect(waiting('CREATED')().state).toBe('succeeded');
    expect(waiting('ACTIVATED', { State: 'FAILED' })().state).toBe('succeeded');
  });

  it('is as its status says while it runs', () => {
    const run = { Status: 'RUNNING', Graph: { Nodes: [job('a')] } };
    expect(inspected(run, receipt)).toMatchObject({ state: 'running', shows: 'resume' });
  });
});
