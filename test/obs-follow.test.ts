import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObsEmulatorOptions } from '../providers/obs/emulator.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { FollowOptions } from '../src/progress.js';
import type { Receipt, ResumableWorkflow } from '../src/types.js';

const TARGET = { workflow: 'graph_1', execution: 'exec-001' } as const;
const FAST = { pollMs: 15, maxPollMs: 30, visibilityMs: 400 } as const;

let emulator: ObsEmulator;
let workflow: ResumableWorkflow<'resume'>;
beforeEach(() => start());
afterEach(() => stop());

async function start(knobs: ObsEmulatorOptions['knobs'] = {}): Promise<void> {
  emulator = await new ObsEmulator({ knobs }).start();
  const { endpoint, credentials } = emulator;
  workflow = createObsWorkflow({ name: 'obs-north', endpoint, credentials });
}

async function stop(): Promise<void> {
  await workflow.close();
  await emulator.close();
}

/** Three steps of 60 ms, stopped at the second one; what each restore leads to. */
function define(...runs: readonly { failsAt: string }[]): void {
  const steps = ['a', 'b', 'c'].map((name) => ({ name, durationMs: 60 }));
  emulator.define({ ...TARGET, steps, standsAt: 'b', runs, stoodForMs: 60_000 });
}

async function followed(receipt: Receipt, options: FollowOptions = FAST): Promise<string[]> {
  const told: string[] = [];
  for await (const progress of workflow.follow(receipt, options)) {
    if (progress.kind === 'node') told.push(`${progress.node.id} ${progress.node.state}`);
    else if (progress.kind === 'snapshot' && progress.settled) told.push(`settled ${progress.snapshot.state}`);
  }
  return told;
}

describe('a restore on OBS, planned and followed', () => {
  it('of the sample is planned, applied and followed to its success', async () => {
    const plan = await workflow.plan(TARGET);
    expect(plan.starts.map(({ id }) => id)).toEqual(['transcode']);
    expect(plan.kept.map(({ id }) => id)).toEqual(['fetch', 'split']);
    expect(plan.rerunsSucceeded).toEqual([]);
    const told = await followed(await workflow.resume(plan));
    expect(told.at(-1)).toBe('settled succeeded');
    expect(told).toContain('transcode succeeded');
    expect(told.filter((line) => /fetch|split|failed/.test(line))).toEqual([]);
  });

  it('that fails again is told as it fails again, not as it had failed before', async () => {
    define({ failsAt: 'c' });
    const told = await followed(await workflow.resume(TARGET));
    expect(told.slice(-2)).toEqual(['c failed', 'settled failed']);
    expect(told).toContain('b succeeded');
  });

  it('is not taken for failed while it is still shown as it was before', async () => {
    await stop();
    await start({ visibilityMs: 150 });
    define();
    const settled = await workflow.settled(await workflow.resume(TARGET), FAST);
    expect(settled).toMatchObject({ state: 'succeeded', providerState: 'SUCCESS' });
  });

  it('is listed as what could be resumed until it has been', async () => {
    const listed = async () => {
      const found: string[] = [];
      for await (const { execution, state } of workflow.list('graph_1')) found.push(`${execution} ${state}`);
      return found;
    };
    expect(await listed()).toEqual(['exec-001 failed']);
    await workflow.resume(TARGET);
    expect(await listed()).toEqual([]);
  });

  it('whose plan is out of date is not made', async () => {
    define({ failsAt: 'c' });
    const plan = await workflow.plan(TARGET);
    await workflow.settled(await workflow.resume(TARGET), FAST);
    await expect(workflow.resume(plan)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(emulator.journal.committed).toHaveLength(1);
  });
});
