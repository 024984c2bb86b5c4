import { describe, expect, it } from 'vitest';
import type { GlueEmulatorOptions, GlueJobRun, TriggerDefinition } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

const NOW = Date.UTC(2026, 2, 4);

function workflow(nodes: readonly string[], triggers: readonly TriggerDefinition[], options: GlueEmulatorOptions = {}) {
  const clock = new VirtualClock(NOW);
  const emulator = new GlueEmulator({ clock, ...options });
  emulator.define({
    name: 'flow',
    nodes: nodes.map((name) => (name.startsWith('crawl') ? { crawler: name } : name)),
    triggers,
  });
  /** Each node's attempts as `state@start-end`, in virtual milliseconds since the beginning. */
  const history = (run = 0) => {
    const found: Record<string, string> = {};
    for (const { Name, Type, JobDetails, CrawlerDetails } of emulator.runs('flow')[run]?.Graph?.Nodes ?? []) {
      const attempts = [
        ...(JobDetails?.JobRuns ?? []).map(({ JobRunState, ...times }) => ({ state: JobRunState, ...times })),
        ...(CrawlerDetails?.Crawls ?? []).map(({ State, ...times }) => ({ state: State, ...times })),
      ];
      if (Type === 'TRIGGER' || Name === undefined) continue;
      const at = (seconds: number | undefined) => (seconds === undefined ? '' : Math.round(seconds * 1000 - NOW));
      found[Name] = attempts.map((it) => `${it.state}@${at(it.StartedOn)}-${at(it.CompletedOn)}`).join(' ');
    }
    return found;
  };
  const status = (run = 0) => emulator.runs('flow')[run]?.Status;
  return { emulator, clock, history, status };
}

const begin = (...start: string[]): TriggerDefinition => ({ name: 'begin', start });

describe('triggers', () => {
  it('wait for all of their conditions with AND', () => {
    const { emulator, clock, history, status } = workflow(
      ['a', 'b', 'c'],
      [begin('a', 'b'), { name: 'both', when: ['a', 'b'], start: ['c'] }],
    );
    emulator.script('flow', 'b', [{ durationMs: 3000 }]);
    emulator.startRun('flow');
    clock.advance(2999);
    expect(history()).toEqual({ a: 'SUCCEEDED@0-2000', b: 'RUNNING@0-', c: '' });
    clock.advance(1);
    expect(history()).toEqual({ a: 'SUCCEEDED@0-2000', b: 'SUCCEEDED@0-3000', c: 'RUNNING@3000-' });
    clock.advance(2000);
    expect([history()['c'], status()]).toEqual(['SUCCEEDED@3000-5000', 'COMPLETED']);
  });

  it('do not fire with AND where one condition fails, and the run is COMPLETED all the same', () => {
    const { emulator, history, status } = workflow(
      ['a', 'b', 'c'],
      [begin('a', 'b'), { name: 'both', when: ['a', 'b'], start: ['c'] }],
    );
    emulator.script('flow', 'b', ['FAILED']);
    emulator.startRun('flow');
    emulator.settle();
    expect([history()['c'], status()]).toEqual(['', 'COMPLETED']);
  });

  it('fire once, with the first condition, with ANY', () => {
    const { emulator, history } = workflow(
      ['a', 'b', 'c'],
      [begin('a', 'b'), { name: 'either', logical: 'ANY', when: ['a', 'b'], start: ['c'] }],
    );
    emulator.script('flow', 'a', ['FAILED']);
    emulator.script('flow', 'b', [{ durationMs: 500 }]);
    emulator.startRun('flow');
    emulator.settle();
    expect(history()).toEqual({ a: 'FAILED@0-2000', b: 'SUCCEEDED@0-500', c: 'SUCCEEDED@500-2500' });
  });

  it('take a branch by how a node ended', () => {
    const branches = (...states: readonly string[]) =>
      states.map((state) => ({ name: state, when: [{ node: 'a', state }], start: [state.toLowerCase()] }));
    const { emulator, history } = workflow(
      ['a', 'succeeded', 'failed', 'timeout', 'stopped'],
      [begin('a'), ...branches('SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED')],
    );
    emulator.script('flow', 'a', ['FAILED', 'TIMEOUT', 'STOPPED', 'SUCCEEDED', 'ERROR']);
    const taken = ['failed', 'timeout', 'stopped', 'succeeded', undefined].map((_branch, run) => {
      emulator.startRun('flow');
      emulator.settle();
      const ran = Object.entries(history(run)).filter(([name, attempts]) => name !== 'a' && attempts !== '');
      return ran.map(([name]) => name);
    });
    expect(taken).toEqual([['failed'], ['timeout'], ['stopped'], ['succeeded'], []]);
  });

  it('watch and start crawlers', () => {
    const { emulator, history, status } = workflow(
      ['crawl', 'job', 'crawl-again'],
      [
        begin('crawl'),
        { name: 'crawled', when: [{ node: 'crawl', state: 'FAILED' }], start: ['job'] },
        { name: 'done', when: ['job'], start: ['crawl-again'] },
      ],
    );
    emulator.script('flow', 'crawl', [{ state: 'FAILED', error: 'no such bucket' }]);
    emulator.startRun('flow');
    emulator.settle();
    expect(history()).toEqual({
      crawl: 'FAILED@0-1000',
      job: 'SUCCEEDED@1000-3000',
      'crawl-again': 'SUCCEEDED@3000-4000',
    });
    expect(status()).toBe('COMPLETED');
    const crawl = emulator.runs('flow')[0]?.Graph?.Nodes?.[0]?.CrawlerDetails?.Crawls?.[0];
    expect(crawl).toMatchObject({ State: 'FAILED', ErrorMessage: 'no such bucket' });
    expect(crawl).not.toHaveProperty('Id');
    expect(emulator.runs('flow')[0]?.Statistics).toMatchObject({ TotalActions: 3, FailedActions: 1 });
  });

  it('do not fire where they are not active', () => {
    const { emulator, history } = workflow(
      ['a', 'b', 'c'],
      [
        begin('a'),
        { name: 'asleep', start: ['b'], active: false },
        { name: 'off', when: ['a'], start: ['c'], active: false },
      ],
    );
    emulator.startRun('flow');
    emulator.settle();
    expect(history()).toEqual({ a: 'SUCCEEDED@0-2000', b: '', c: '' });
  });

  it('start a node once in a run, whatever leads back to it', () => {
    const { emulator, history, status } = workflow(
      ['a', 'b'],
      [begin('a'), { name: 'there', when: ['a'], start: ['b'] }, { name: 'back', when: ['b'], start: ['a'] }],
    );
    emulator.startRun('flow');
    emulator.settle();
    expect([history(), status()]).toEqual([{ a: 'SUCCEEDED@0-2000', b: 'SUCCEEDED@2000-4000' }, 'COMPLETED']);
  });
});

describe('progress', () => {
  it("retries a job as Glue does, and triggers look only at the last attempt's end", () => {
    const { emulator, clock, history } = workflow(
      ['a', 'ok', 'bad'],
      [
        begin('a'),
        { name: 'good', when: ['a'], start: ['ok'] },
        { name: 'poor', when: [{ node: 'a', state: 'FAILED' }], start: ['bad'] },
      ],
    );
    emulator.script('flow', 'a', [{ retries: 2, durationMs: 100, error: 'not yet' }]);
    emulator.startRun('flow');
    clock.advance(150);
    expect(history()['a']).toBe('FAILED@0-100 RUNNING@100-');
    emulator.settle();
    expect(history()).toEqual({
      a: 'FAILED@0-100 FAILED@100-200 SUCCEEDED@200-300',
      ok: 'SUCCEEDED@300-2300',
      bad: '',
    });
    const attempts = emulator.runs('flow')[0]?.Graph?.Nodes?.[0]?.JobDetails?.JobRuns ?? [];
    expect(attempts.map(({ Attempt, ErrorMessage }) => [Attempt, ErrorMessage])).toEqual([
      [0, 'not yet'],
      [1, 'not yet'],
      [2, undefined],
    ]);
    expect(attempts.map(({ PreviousRunId }) => PreviousRunId)).toEqual([undefined, attempts[0]?.Id, attempts[1]?.Id]);
    expect(attempts[0]?.Id).toMatch(/^jr_[0-9a-f]{64}$/);
    expect(emulator.runs('flow')[0]?.Statistics).toMatchObject({ TotalActions: 2, SucceededActions: 2 });
  });

  it('does not depend on when it is looked at', () => {
    const flows = [1, 777, 60_000].map((stepMs) => {
      const flow = workflow(
        ['a', 'b', 'crawl'],
        [begin('a'), { name: 'then', when: ['a'], start: ['b'] }, { name: 'last', when: ['b'], start: ['crawl'] }],
      );
      flow.emulator.script('flow', 'a', [{ durationMs: 1500 }, { durationMs: 100 }]);
      // Both runs start b, the second run first: the script's order follows time, not the runs.
      flow.emulator.script('flow', 'b', ['FAILED', 'SUCCEEDED']);
      flow.emulator.startRun('flow');
      flow.clock.advance(1);
      flow.emulator.startRun('flow');
      for (let passed = 0; passed < 60_000; passed += stepMs) {
        flow.clock.advance(stepMs);
        if (stepMs > 1 || passed < 6000) flow.emulator.runs('flow');
      }
      return [flow.history(0), flow.history(1)];
    });
    expect(flows[0]).toEqual([
      { a: 'SUCCEEDED@0-1500', b: 'SUCCEEDED@1500-3500', crawl: 'SUCCEEDED@3500-4500' },
      { a: 'SUCCEEDED@1-101', b: 'FAILED@101-2101', crawl: '' },
    ]);
    expect(flows[1]).toEqual(flows[0]);
    expect(flows[2]).toEqual(flows[0]);
  });

  it('takes the outcomes of a script one by one, then the last one again and again', () => {
    const { emulator, history } = workflow(['a'], [begin('a')]);
    emulator.script('flow', 'a', ['TIMEOUT', { state: 'FAILED', durationMs: 0 }]);
    const ended = [0, 1, 2, 3].map((run) => {
      emulator.startRun('flow');
      emulator.settle();
      return history(run)['a']?.split('@')[0];
    });
    expect(ended).toEqual(['TIMEOUT', 'FAILED', 'FAILED', 'FAILED']);
  });

  it('lets a script say nothing about what has started by then', () => {
    const { emulator, clock, history } = workflow(
      ['a', 'b'],
      [begin('a'), { name: 'then', when: ['a'], start: ['b'] }],
    );
    emulator.startRun('flow');
    clock.advance(2500);
    emulator.script('flow', 'b', ['FAILED']);
    emulator.settle();
    expect(history()['b']).toBe('SUCCEEDED@2000-4000');
  });

  it('draws one edge for two conditions on one node', () => {
    const when = ['FAILED', 'TIMEOUT'].map((state) => ({ node: 'a', state }));
    const { emulator, history } = workflow(
      ['a', 'b'],
      [begin('a'), { name: 'bad', logical: 'ANY', when, start: ['b'] }],
    );
    emulator.script('flow', 'a', ['TIMEOUT']);
    emulator.startRun('flow');
    emulator.settle();
    expect(emulator.runs('flow')[0]?.Graph?.Edges).toHaveLength(3);
    expect(history()['b']).toBe('SUCCEEDED@2000-4000');
  });

  it('follows time across many runs, and the older run where two things happen at once', () => {
    const { emulator } = workflow(['a', 'b'], [begin('a'), { name: 'then', when: ['a'], start: ['b'] }]);
    const durations = Array.from({ length: 60 }, (_, run) => 100 + ((run * 7919) % 23) * 10);
    emulator.script(
      'flow',
      'a',
      durations.map((durationMs) => ({ durationMs })),
    );
    // Each start of b takes one millisecond longer than the one before.
    emulator.script(
      'flow',
      'b',
      durations.map((_, place) => ({ durationMs: place + 1 })),
    );
    for (const _ of durations) emulator.startRun('flow');
    emulator.settle();
    const places = emulator.runs('flow').map(({ Graph }) => {
      const run = Graph?.Nodes?.[1]?.JobDetails?.JobRuns?.[0];
      return Math.round(((run?.CompletedOn ?? 0) - (run?.StartedOn ?? 0)) * 1000) - 1;
    });
    const order = durations.map((_, run) => run).sort((a, b) => (durations[a] ?? 0) - (durations[b] ?? 0) || a - b);
    expect(places).toEqual(durations.map((_, run) => order.indexOf(run)));
  });

  it('plays nodes that take no time', () => {
    const { emulator, history, status } = workflow(
      ['a', 'b', 'c'],
      [begin('a'), { name: 'then', when: ['a'], start: ['b'] }, { name: 'last', when: ['b'], start: ['c'] }],
    );
    for (const node of ['a', 'b', 'c']) emulator.script('flow', node, [{ durationMs: 0 }]);
    emulator.startRun('flow');
    expect([history()['c'], status()]).toEqual(['SUCCEEDED@0-0', 'COMPLETED']);
  });

  it('completes a run that starts nothing at once', () => {
    const { emulator, status } = workflow(['a'], []);
    emulator.startRun('flow');
    expect(status()).toBe('COMPLETED');
  });

  it('leaves a node that runs for ever active', () => {
    const { emulator, status } = workflow(['a', 'b'], [begin('a', 'b')]);
    emulator.script('flow', 'a', [{ durationMs: Number.POSITIVE_INFINITY }]);
    emulator.startRun('flow');
    emulator.settle();
    expect([status(), emulator.clock.nowMs - NOW]).toEqual(['RUNNING', 2000]);
  });

  it('counts a copied success beside a new one', () => {
    const { emulator, history, status } = workflow(
      ['a', 'b', 'c'],
      [begin('a', 'b'), { name: 'both', when: ['a', 'b'], start: ['c'] }],
    );
    emulator.script('flow', 'a', ['FAILED', 'SUCCEEDED']);
    const run = emulator.startRun('flow');
    emulator.settle();
    emulator.foreignResume('flow', run, [emulator.nodeId('flow', 'a')]);
    emulator.settle();
    expect(history(1)).toEqual({ a: 'SUCCEEDED@2000-4000', b: 'SUCCEEDED@0-2000', c: 'SUCCEEDED@4000-6000' });
    expect(status(1)).toBe('COMPLETED');
  });
});

describe('given runs', () => {
  it('stay word for word what was given', () => {
    const { emulator } = workflow([], []);
    const graph = {
      Nodes: [
        {},
        { Type: 'JOB', Name: 'x', UniqueId: 'n1', JobDetails: null },
        {
          Type: 'JOB',
          Name: 'x',
          UniqueId: 'n2',
          JobDetails: { JobRuns: [{ JobRunState: 'SLEEPING', Arguments: { a: 'b' } }] },
        },
      ],
      Edges: [{ SourceId: 'n1' }, { SourceId: 'n2', DestinationId: 'n9' }],
    };
    emulator.addRun('flow', {
      graph,
      status: 'DREAMING',
      previousRunId: 'wr_other',
      startedMs: NOW - 5,
      properties: { a: 'b' },
    });
    emulator.addRun('flow', {});
    const [given, bare] = emulator.runs('flow');
    expect(given).toMatchObject({
      Graph: graph,
      Status: 'DREAMING',
      PreviousRunId: 'wr_other',
      StartedOn: (NOW - 5) / 1000,
      WorkflowRunProperties: { a: 'b' },
    });
    expect(given?.Graph).toEqual(graph);
    expect(bare?.Graph).toBeUndefined();
  });

  it('decide by the latest attempt, then by its number, then by the list', () => {
    const { emulator } = workflow([], []);
    const node = (UniqueId: string, ...JobRuns: GlueJobRun[]) => ({
      Type: 'JOB',
      Name: UniqueId,
      UniqueId,
      JobDetails: { JobRuns },
    });
    emulator.addRun('flow', {
      graph: {
        Nodes: [
          node('time', { JobRunState: 'SUCCEEDED', StartedOn: 9 }, { JobRunState: 'FAILED', StartedOn: 8, Attempt: 7 }),
          node(
            'number',
            { JobRunState: 'SUCCEEDED', StartedOn: 9, Attempt: 1 },
            { JobRunState: 'FAILED', StartedOn: 9, Attempt: 0 },
          ),
          node('list', { JobRunState: 'FAILED' }, { JobRunState: 'SUCCEEDED' }),
        ],
      },
    });
    expect(emulator.runs('flow')[0]?.Statistics).toMatchObject({ TotalActions: 3, SucceededActions: 3 });
  });

  it('run on as their triggers say once they are resumed', () => {
    const { emulator, clock } = workflow([], []);
    const job = (UniqueId: string, JobRunState?: string) => {
      const JobRuns = JobRunState === undefined ? [] : [{ JobRunState, StartedOn: 1 }];
      return { Type: 'JOB', Name: UniqueId, UniqueId, JobDetails: { JobRuns } };
    };
    const run = emulator.addRun('flow', {
      graph: {
        Nodes: [
          job('a', 'FAILED'),
          job('b', 'SUCCEEDED'),
          { Type: 'TRIGGER', Name: 't', UniqueId: 't' },
          job('c'),
          job('d'),
        ],
        Edges: [
          { SourceId: 'a', DestinationId: 't' },
          { SourceId: 'b', DestinationId: 't' },
          { SourceId: 't', DestinationId: 'c' },
          { SourceId: 'c', DestinationId: 'd' },
        ],
      },
    });
    emulator.script('flow', 'c', [{ durationMs: 50 }]);
    emulator.foreignResume('flow', run, ['a']);
    emulator.settle();
    expect(emulator.runs('flow')[1]).toMatchObject({ Status: 'COMPLETED', Statistics: { SucceededActions: 4 } });
    expect(clock.nowMs - NOW).toBe(2000 + 50 + 2000);
  });
});
