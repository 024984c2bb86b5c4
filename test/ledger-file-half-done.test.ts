import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { intentOf, LEASE_MS, listed, START_MS, sameTargetAs } from '../src/testing/ledger-bench.js';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
  folder = join(parent, 'state', 'ledger');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('a half-done begin in a FileResumeLedger', () => {
  /** Stands still for ever at a step, as a killed process does. */
  function stoppedAt(step: string, owner: string, more: Parameters<typeof intentOf>[0]): Promise<void> {
    return new Promise((resolve) => {
      const onStep = (name: string): Promise<void> | undefined => {
        if (name !== step) return undefined;
        resolve();
        return new Promise(() => {});
      };
      void new FileResumeLedger(folder, { onStep }).begin(intentOf(more), owner, START_MS, LEASE_MS);
    });
  }

  it('by a process that is gone blocks nobody, not even for a moment', async () => {
    const intent = intentOf({ key: 'k' });
    await stoppedAt('slots synced', `2147483646@${hostname()}`, intent);
    const ledger = new FileResumeLedger(folder, { patienceMs: 60_000 });
    expect((await ledger.begin(sameTargetAs(intent, { key: 'k' }), 'next', START_MS, LEASE_MS)).status).toBe('owned');
    expect([await ledger.find(intent.id), (await listed(ledger)).length]).toEqual([undefined, 1]);
  });

  it('by a process that lives is waited for a little, then taken back', async () => {
    const intent = intentOf({ key: 'k' });
    await stoppedAt('slots synced', 'somebody', intent);
    const ledger = new FileResumeLedger(folder, { patienceMs: 100 });
    const startedMs = performance.now();
    expect((await ledger.begin(intentOf({ key: 'k' }), 'next', START_MS, LEASE_MS)).status).toBe('owned');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(100);
    expect((await ledger.begin(sameTargetAs(intent), 'next', START_MS, LEASE_MS)).status).toBe('owned');
  });

  it('of one that was only slow is proposed again, and both are told the truth', async () => {
    let wake: () => void = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let slept = false;
    const slow = new FileResumeLedger(folder, {
      onStep: async (step) => {
        if (step !== 'slots synced' || slept) return;
        slept = true;
        await asleep;
      },
    });
    const intent = intentOf();
    const slowly = slow.begin(intent, 'slow', START_MS, LEASE_MS);
    const quick = new FileResumeLedger(folder, { patienceMs: 5 });
    const rival = await quick.begin(sameTargetAs(intent), 'quick', START_MS, LEASE_MS);
    expect(rival.status).toBe('owned');
    wake();
    const { status, record } = await slowly;
    expect([status, record.intent.id]).toEqual(['pending', rival.record.intent.id]);
    expect(await quick.find(intent.id)).toBeUndefined();
    expect(await readdir(join(folder, 'targets'))).toHaveLength(1);
    expect(await readdir(join(folder, 'records'))).toHaveLength(1);
  });

  it('is taken back where the disk fails, so that the target is free again', async () => {
    const onStep = (step: string) => {
      if (step === 'slots synced') throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const intent = intentOf();
    const broken = new FileResumeLedger(folder, { onStep });
    await expect(broken.begin(intent, 'o', START_MS, LEASE_MS)).rejects.toThrow(/the disk is full: free some space/);
    const ledger = new FileResumeLedger(folder, { patienceMs: 60_000 });
    expect((await ledger.begin(sameTargetAs(intent), 'next', START_MS, LEASE_MS)).status).toBe('owned');
  });
});
