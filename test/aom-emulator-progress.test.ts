import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AomDriverBench, standing } from './aom-driver-bench.js';

let bench: AomDriverBench;
beforeEach(async () => {
  bench = await AomDriverBench.start();
});
afterEach(() => bench.close());

const words = (): string => {
  const state = bench.emulator.stateOf('wf-0001', 'ex-0001');
  return `${state?.status}: ${state?.nodes.map(({ status = '-' }) => status).join(' ')}`;
};

describe('the sample of the AOM emulator', () => {
  it('has failed in the middle, and succeeds node by node within half a second once it is resumed', async () => {
    const later = 'delete-workload-pod:waiting check-health:waiting restore-traffic:waiting';
    const failed = await bench.inspect();
    expect(failed.state).toBe('failed');
    expect(standing(failed)).toBe(`find-pods:succeeded drain-traffic:succeeded run-script:failed ${later}`);
    expect(failed.nodes[2]?.attempts[0]?.error).toBe('exit status 1: the disk of one host is full');
    const { performed, nodes } = await bench.plan('resume');
    expect([performed, nodes]).toEqual(['restart', bench.emulator.sample.nodes]);
    const receipt = await bench.operate('restart', 'run-script', 'resume');
    const running = new Set<string | undefined>();
    for (let elapsedMs = 0; elapsedMs < 500; elapsedMs += 45) {
      const { nodes: seen } = await bench.inspect(receipt);
      running.add(seen.find(({ state }) => state === 'running')?.id);
      bench.emulator.clock.advance(45);
    }
    expect([...running]).toEqual(['run-script', 'delete-workload-pod', 'check-health', 'restore-traffic', undefined]);
    expect((await bench.inspect(receipt)).state).toBe('succeeded');
  });
});

describe('an emulated execution', () => {
  it('ends each run as it is told, then succeeds', async () => {
    bench.define([{ id: 'a', status: 'fail', outcomes: ['timeout', 'pausing', 'success'] }, { id: 'b' }]);
    const seen: string[] = [];
    for (const action of ['restart', 'restart', 'continue'] as const) {
      await bench.operate(action, 'a');
      bench.emulator.clock.advance(1_000);
      seen.push(words());
    }
    expect(seen).toEqual(['fail: timeout -', 'pausing: pausing -', 'success: success success']);
  });

  it('goes on where errors are ignored, and ends as the documents’ example does or as the knob says', async () => {
    for (const ignoredErrors of ['fail', 'success']) {
      bench.emulator.knobs.ignoredErrors = ignoredErrors;
      const ignored = { id: 'b', ignoresErrors: true, outcomes: ['fail'], error: 'exit status 1' };
      bench.define([{ id: 'a', status: 'fail' }, ignored, { id: 'c' }]);
      await bench.operate('restart', 'a');
      bench.emulator.clock.advance(10_000);
      const inspection = await bench.inspect();
      expect(inspection.providerState).toBe(ignoredErrors);
      expect(standing(inspection)).toBe('a:succeeded b:succeeded c:succeeded');
      expect(inspection.nodes[1]?.attempts[0]?.error).toBe('exit status 1');
    }
  });

  it('ends every run of a node that was set going twice', async () => {
    bench.emulator.knobs.doubleSubmit = 'accept';
    bench.define([{ id: 'a', status: 'fail' }, { id: 'b' }]);
    await bench.operate('restart', 'a');
    bench.emulator.clock.advance(500);
    await bench.operate('restart', 'a');
    bench.emulator.clock.advance(10_000);
    const [a] = (await bench.inspect()).nodes;
    expect(a?.attempts.map(({ state, endedAt }) => [state, endedAt !== undefined])).toEqual([
      ['failed', true],
      ['succeeded', true],
      ['succeeded', true],
    ]);
    expect(words()).toBe('success: success success');
  });

  it('writes words and runs as the knobs say', async () => {
    const { knobs } = bench.emulator;
    Object.assign(knobs, { failedNodeStatus: 'failed', skippedNodeStatus: 'skip', keepsRuns: 'newest' });
    bench.define([
      { id: 'a', status: 'fail' },
      { id: 'b', outcomes: ['fail'] },
    ]);
    expect((await bench.inspect()).nodes[0]?.providerState).toBe('failed');
    await bench.operate('skip', 'a');
    bench.emulator.clock.advance(1_000);
    await bench.operate('restart', 'b');
    const { nodes } = await bench.inspect();
    expect(nodes.map(({ providerState, attempts }) => [providerState, attempts.length])).toEqual([
      ['skip', 1],
      ['running', 1],
    ]);
    knobs.showsSnapshot = false;
    bench.define([{ id: 'a', status: 'fail' }, { id: 'b' }]);
    expect((await bench.inspect()).nodes.map(({ id }) => id)).toEqual(['a']);
  });
});
