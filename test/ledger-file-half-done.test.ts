import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { intentOf, LEASE_MS, listed, refusedSettlement, START_MS, sameTargetAs } from '../src/testing/ledger-bench.js';
import { Pause } from './ledger-pause.js';

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
    const pause = new Pause('slots synced');
    const slow = new FileResumeLedger(folder, { onStep: pause.onStep });
    const intent = intentOf({ key: 'k' });
    const slowly = slow.begin(intent, 'slow', START_MS, LEASE_MS);
    await pause.reached;
    const quick = new FileResumeLedger(folder, { patienceMs: 5 });
    const rival = await quick.begin(sameTargetAs(intent), 'quick', START_MS, LEASE_MS);
    expect(rival.status).toBe('owned');
    pause.end();
    const { status, record } = await slowly;
    expect([status, record.intent.id]).toEqual(['pending', rival.record.intent.id]);
    expect(await quick.find(intent.id)).toBeUndefined();
    expect(await readdir(join(folder, 'targets'))).toHaveLength(1);
    expect(await readdir(join(folder, 'records'))).toHaveLength(1);
  });

  it('that was taken back for one target can be proposed again when that target is free', async () => {
    const pause = new Pause('slots synced');
    const intent = intentOf({ key: 'k' });
    const slowly = new FileResumeLedger(folder, { onStep: pause.onStep }).begin(intent, 'slow', START_MS, LEASE_MS);
    await pause.reached;
    const quick = new FileResumeLedger(folder, { patienceMs: 5 });
    const rival = sameTargetAs(intent);
    expect((await quick.begin(rival, 'quick', START_MS, LEASE_MS)).status).toBe('owned');
    await quick.settle(rival.id, 1, refusedSettlement());
    pause.end();
    expect((await slowly).status).toBe('owned');
    expect((await quick.begin(sameTargetAs(intent), 'next', START_MS, LEASE_MS)).record.intent.id).toBe(intent.id);
    expect((await quick.begin(intentOf({ key: 'k' }), 'next', START_MS, LEASE_MS)).record.intent.id).toBe(intent.id);
  });

  it.each(['proposal written', 'proposed', 'slot taken', 'slots synced'])(
    'that ends with %s keeps from nobody what was settled after they had looked',
    async (step) => {
      const ledger = new FileResumeLedger(folder);
      const first = intentOf();
      await ledger.begin(first, 'first', START_MS, LEASE_MS);
      await ledger.settle(first.id, 1, { ...refusedSettlement(), settledAtMs: START_MS + 1_000 });
      const late = sameTargetAs(first, { lookedUpAtMs: START_MS + 2_000 });
      await stoppedAt(step, `2147483646@${hostname()}`, late);
      const early = sameTargetAs(first, { lookedUpAtMs: START_MS + 500 });
      const { status, record } = await ledger.begin(early, 'early', START_MS, LEASE_MS);
      expect([status, record.intent.id]).toEqual(['settled', first.id]);
    },
  );

  it('that is old is forgotten, but not where it is begun at that very moment', async () => {
    const begun = new Pause('slots synced');
    const intent = intentOf();
    const slowly = new FileResumeLedger(folder, { onStep: begun.onStep }).begin(intent, 'slow', START_MS, LEASE_MS);
    await begun.reached;
    const forgetting = new Pause('withdrawal written');
    const later = START_MS + 32 * 86_400_000;
    const other = new FileResumeLedger(folder, { onStep: forgetting.onStep }).begin(intentOf(), 'o', later, LEASE_MS);
    await forgetting.reached;
    begun.end();
    expect((await slowly).status).toBe('owned');
    forgetting.end();
    await other;
    expect((await new FileResumeLedger(folder).find(intent.id))?.fence).toBe(1);
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

describe('a change by a process that slept while others made several', () => {
  it('changes nothing, and leaves nothing behind', async () => {
    const ledger = new FileResumeLedger(folder);
    const intent = intentOf();
    await ledger.begin(intent, 'owner', START_MS, LEASE_MS);
    const pause = new Pause('version written');
    const sleeper = new FileResumeLedger(folder, { onStep: pause.onStep });
    const claimed = sleeper.claim(intent.id, 'sleeper', START_MS + LEASE_MS, LEASE_MS);
    await pause.reached;
    for (let round = 1; round <= 5; round += 1) {
      expect(await ledger.renew(intent.id, 1, START_MS + LEASE_MS + round, LEASE_MS)).toBe(true);
    }
    pause.end();
    expect(await claimed).toBeUndefined();
    expect((await ledger.find(intent.id))?.lease?.expiresAtMs).toBe(START_MS + 2 * LEASE_MS + 5);
    expect(await readdir(join(folder, 'records'), { recursive: true })).toHaveLength(1 + 3);
  });
});
