import { describe, expect, it } from 'vitest';
import type { GlueJobRun } from '../providers/glue/emulator.js';
import { begin, NOW, workflow } from './glue-emulator-engine-bench.js';

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
