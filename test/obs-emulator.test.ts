import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { VirtualClock } from '../src/testing/index.js';
import { attemptOf } from './driver-attempt.js';
import { ObsBench, standing } from './obs-bench.js';

let bench: ObsBench;
beforeEach(async () => {
  bench = await ObsBench.start();
});
afterEach(() => bench.close());

async function restartBench(knobs: Parameters<typeof ObsBench.start>[0]): Promise<void> {
  await bench.close();
  bench = await ObsBench.start(knobs);
}

describe('the sample of the OBS emulator', () => {
  it('has failed in the middle, and succeeds step by step within half a second once it is restored', async () => {
    const waiting = 'watermark:waiting publish:waiting end:waiting';
    const failed = await bench.inspect();
    expect(failed.state).toBe('failed');
    expect(standing(failed)).toBe(`fetch:succeeded split:succeeded transcode:failed ${waiting}`);
    const receipt = await bench.restore();
    const states = new Set<string>();
    for (let elapsedMs = 0; elapsedMs < 500; elapsedMs += 45) {
      const inspection = await bench.inspect(receipt);
      states.add(standing(inspection).replace('fetch:succeeded:old split:succeeded:old ', ''));
      bench.emulator.clock.advance(45);
    }
    expect([...states]).toEqual([
      `transcode:running ${waiting}`,
      'transcode:succeeded watermark:running publish:waiting end:waiting',
      'transcode:succeeded watermark:succeeded publish:running end:waiting',
      'transcode:succeeded watermark:succeeded publish:succeeded end:running',
      'transcode:succeeded watermark:succeeded publish:succeeded end:succeeded',
    ]);
    expect((await bench.inspect(receipt)).state).toBe('succeeded');
  });
});

/** A clock that no two readings of are the same. */
class RunningClock extends VirtualClock {
  override get nowMs(): number {
    this.advance(1);
    return super.nowMs;
  }
}

describe('an emulated instance', () => {
  it('begins again at the moment of its restore, not before it, whatever the clock does meanwhile', async () => {
    const emulator = await new ObsEmulator({ clock: new RunningClock(), knobs: { stepTimes: 'newest' } }).start();
    const { endpoint, credentials, sample } = emulator;
    const target = { workflow: sample.workflow, execution: sample.execution };
    const obs = createObsWorkflow({ name: 'obs-north', endpoint, credentials });
    const receipt = await obs.resume(target);
    const { nodes } = await obs.inspect(target);
    await Promise.all([obs.close(), emulator.close()]);
    const restored = nodes.find(({ id }) => id === 'transcode');
    expect(restored?.attempts.at(-1)?.startedAt).toBe(receipt.acceptedAt);
  });

  it('fails as it is told, restore by restore, then succeeds', async () => {
    const runs = [{ failsAt: 'b' }, { failsAt: 'c', stepMs: 10 }, { failsAt: 'c', endsAs: 'TIMEOUT' }];
    bench.define({ runs });
    const seen: string[] = [];
    for (let run = 0; run < runs.length; run += 1) {
      await bench.restore();
      bench.emulator.clock.advance(5_000);
      const inspection = await bench.inspect();
      seen.push(`${inspection.providerState} ${standing(inspection)}`);
    }
    expect(seen).toEqual([
      'FAILED a:succeeded b:failed c:waiting',
      'FAILED a:succeeded b:succeeded c:failed',
      'TIMEOUT a:succeeded b:succeeded c:failed',
    ]);
  });

  it('says what went wrong where the knob says so, and only as long as it stands there', async () => {
    await restartBench({ showsErrors: true, failedNodeStatus: 'FAIL', succeededNodeStatus: 'DONE' });
    bench.define({ error: 'the disk is full', runs: [{ failsAt: 'c', error: 'no route' }] });
    const errors = async () => (await bench.inspect()).nodes.map(({ attempts }) => attempts[0]?.error);
    expect(await errors()).toEqual([undefined, 'the disk is full', undefined]);
    await bench.restore();
    expect(await errors()).toEqual([undefined, undefined, undefined]);
    bench.emulator.clock.advance(2_000);
    expect(await errors()).toEqual([undefined, undefined, 'no route']);
    const words = (await bench.inspect()).nodes.map(({ providerState }) => providerState);
    expect(words).toEqual(['DONE', 'DONE', 'FAIL']);
  });

  it('shows when each step began, and since when it has stood', async () => {
    bench.define({ stoodForMs: 60_000 });
    const { startedAt, nodes } = await bench.inspect();
    expect(startedAt).toBe(new Date(bench.startMs - 62_000).toISOString());
    expect(nodes.map(({ attempts }) => attempts[0]?.startedAt)).toEqual([
      new Date(bench.startMs - 62_000).toISOString(),
      new Date(bench.startMs - 61_000).toISOString(),
      undefined,
    ]);
    const { executions } = await bench.driver.doList('graph_1', { token: undefined, states: true }, attemptOf());
    expect(executions[0]?.endedAt).toBe(new Date(bench.startMs - 60_000).toISOString());
  });

  it('in a list is shown as it was before for as long as in a read of its own', async () => {
    await restartBench({ visibilityMs: 1_000 });
    bench.define();
    await bench.restore();
    const state = async () =>
      (await bench.driver.doList('graph_1', { token: undefined, states: true }, attemptOf())).executions[0]?.state;
    expect(await state()).toBe('failed');
    bench.emulator.clock.advance(1_000);
    expect(await state()).toBe('running');
  });
});
