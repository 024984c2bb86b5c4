import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomEmulatorOptions, AomNodeDefinition } from '../providers/aom/emulator.js';
import { AomEmulator } from '../providers/aom/emulator.js';
import { createAomWorkflow } from '../providers/aom/index.js';
import type { Receipt, ResumableWorkflow } from '../src/types.js';

const TARGET = { workflow: 'wf-0001', execution: 'ex-0001' } as const;
const FAST = { pollMs: 15, maxPollMs: 30, visibilityMs: 400 } as const;

let emulator: AomEmulator;
let workflow: ResumableWorkflow;
beforeEach(() => start());
afterEach(() => stop());

async function start(knobs: AomEmulatorOptions['knobs'] = {}): Promise<void> {
  emulator = await new AomEmulator({ knobs }).start();
  const { endpoint, credentials, projectId } = emulator;
  workflow = createAomWorkflow({ name: 'aom-north', endpoint, credentials, projectId });
}

async function stop(): Promise<void> {
  await workflow.close();
  await emulator.close();
}

function define(nodes: readonly AomNodeDefinition[]): void {
  emulator.define({ ...TARGET, nodes: nodes.map((node) => ({ durationMs: 60, ...node })), stoodForMs: 60_000 });
}

async function followed(receipt: Receipt): Promise<string[]> {
  const told: string[] = [];
  for await (const progress of workflow.follow(receipt, FAST)) {
    if (progress.kind === 'node') told.push(`${progress.node.id} ${progress.node.state}`);
    else if (progress.kind === 'snapshot' && progress.settled) told.push(`settled ${progress.snapshot.state}`);
  }
  return told;
}

describe('an operation on AOM, planned and followed', () => {
  it('of the sample is planned, applied and followed to its success', async () => {
    const plan = await workflow.plan(TARGET);
    expect(plan).toMatchObject({ performed: 'restart', refusals: [], warnings: [] });
    expect(plan.starts.map(({ id }) => id)).toEqual(['run-script']);
    expect(plan.kept.map(({ id }) => id)).toEqual(['find-pods', 'drain-traffic']);
    const told = await followed(await workflow.resume(plan));
    expect(told.at(-1)).toBe('settled succeeded');
    expect(told).toContain('run-script succeeded');
    expect(told.filter((line) => /find-pods|drain-traffic|failed/.test(line))).toEqual([]);
  });

  it('that fails again further on is settled there', async () => {
    define([{ id: 'a', status: 'fail' }, { id: 'b', outcomes: ['fail'] }, { id: 'c' }]);
    const told = await followed(await workflow.resume(TARGET));
    expect(told).toContain('a succeeded');
    expect(told.at(-1)).toBe('settled failed');
  });

  it('waits for somebody where it pauses, and goes on from there', async () => {
    define([{ id: 'a', status: 'fail' }, { id: 'gate', kind: 'pause' }, { id: 'c' }]);
    expect((await followed(await workflow.resume(TARGET))).at(-1)).toBe('settled paused');
    const receipt = await workflow.resume(TARGET);
    expect(receipt).toMatchObject({ performed: 'continue', nodes: ['gate'] });
    expect((await followed(receipt)).at(-1)).toBe('settled succeeded');
  });

  it('is not taken for failed while it is still shown as it was before', async () => {
    await stop();
    await start({ visibilityMs: 150 });
    const settled = await workflow.settled(await workflow.resume(TARGET), FAST);
    expect(settled).toMatchObject({ state: 'succeeded', providerState: 'success' });
  });

  it('is listed as what could be resumed until it has been', async () => {
    const listed = async () => {
      const found: string[] = [];
      for await (const { execution, state } of workflow.list('wf-0001')) found.push(`${execution} ${state}`);
      return found;
    };
    expect(await listed()).toEqual(['ex-0001 failed']);
    await workflow.resume(TARGET);
    expect(await listed()).toEqual([]);
  });

  it('whose plan is refused sends nothing', async () => {
    define([
      { id: 'a', status: 'fail' },
      { id: 'b', status: 'fail' },
    ]);
    const plan = await workflow.plan(TARGET);
    expect(plan.refusals).toEqual([expect.stringContaining('stopped at 2 nodes')]);
    await expect(workflow.resume(plan)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(emulator.journal.mutating).toEqual([]);
  });
});
