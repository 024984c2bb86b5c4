import { describe, expect, it } from 'vitest';
import { begin, NOW, workflow } from './glue-emulator-engine-bench.js';

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
