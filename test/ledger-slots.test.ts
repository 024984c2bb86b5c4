import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Intent } from '../src/ledger/ledger.js';
import { processSpace } from '../src/ledger/owner-process.js';
import { slotsOf, standingIn } from '../src/ledger/standing.js';
import { begunRecord, settled } from '../src/ledger/transitions.js';
import { intentOf, LEASE_MS, refusedSettlement, START_MS } from '../src/testing/ledger-bench.js';
import { ledgerParts } from './ledger-folder-bench.js';
import { fileSystem, systemError } from './traced-files.js';

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).traced(await original()));
afterEach(() => {
  fileSystem.reset();
  vi.restoreAllMocks();
});

const one = { name: 'a'.repeat(64), proposal: '01' };
const other = { name: 'b'.repeat(64), proposal: '02' };

async function slotBench() {
  const parts = await ledgerParts();
  const slot = join(parts.folder.targets, 'f'.repeat(64));
  const left = async () => await readdir(dirname(parts.folder.temporaryPath()));
  return { ...parts, slot, left };
}

describe('a slot', () => {
  it('is taken by one at a time, who is known by the proposal', async () => {
    const { slots, slot, steps, left } = await slotBench();
    expect(await slots.holder(slot)).toBeUndefined();
    expect(await slots.take(slot, one)).toBe(true);
    expect(steps).toEqual(['slot prepared', 'slot taken']);
    expect(await slots.holder(slot)).toEqual(one);
    expect(await slots.take(slot, other)).toBe(false);
    expect(await slots.take(slot, one)).toBe(false);
    expect(await slots.holder(slot)).toEqual(one);
    expect(await left()).toEqual([]);
  });

  it('is for its user only', async () => {
    const { slots, slot } = await slotBench();
    await slots.take(slot, one);
    expect((await stat(slot)).mode & 0o777).toBe(0o700);
  });

  it('can be taken where an empty folder was left behind', async () => {
    const { slots, slot } = await slotBench();
    await mkdir(slot);
    expect(await slots.holder(slot)).toBeUndefined();
    expect(await slots.take(slot, one)).toBe(true);
  });

  it('is freed by its own holder only, who may come twice', async () => {
    const { slots, slot, steps, folder } = await slotBench();
    await slots.take(slot, one);
    await slots.free(slot, other);
    await slots.free(slot, { ...one, proposal: '09' });
    expect(await slots.holder(slot)).toEqual(one);
    steps.length = 0;
    await slots.free(slot, one);
    expect(steps).toEqual(['slot freed']);
    expect(await readdir(folder.targets)).toEqual([]);
    await slots.free(slot, one);
    expect(await slots.take(slot, other)).toBe(true);
  });

  it.each([
    'a',
    `${'a'.repeat(64)}.`,
    `${'a'.repeat(63)}.01`,
    `x${'a'.repeat(64)}.01`,
    `${'a'.repeat(64)}.01x`,
    `${'a'.repeat(64)}.x`,
  ])('has no holder that is called %s', async (file) => {
    const { slots, slot } = await slotBench();
    await mkdir(slot);
    await writeFile(join(slot, file), '');
    expect(await slots.holder(slot)).toBeUndefined();
  });

  it.each([
    ['linux', ['ENOTEMPTY', 'EEXIST'], ['EPERM', 'EBUSY', 'EACCES']],
    ['win32', ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY'], ['EACCES']],
  ] as const)('that somebody has is told by other errors on %s', async (platform, occupied, wrong) => {
    const { slots, slot, left } = await slotBench();
    vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
    const failing = (code: string) => {
      fileSystem.before = (operation) => {
        if (operation === 'rename') throw systemError(code);
      };
    };
    for (const code of occupied) {
      failing(code);
      expect(await slots.take(slot, one)).toBe(false);
    }
    fileSystem.reset();
    expect(await left()).toEqual([]);
    for (const code of wrong) {
      failing(code);
      await expect(slots.take(slot, one)).rejects.toMatchObject({ code });
    }
  });

  it('that somebody has leaves nothing to take away where that has been done already', async () => {
    const { slots, slot, left } = await slotBench();
    await slots.take(slot, one);
    fileSystem.before = async (operation, path) => {
      if (operation !== 'rm') return;
      fileSystem.reset();
      await rm(path, { recursive: true });
    };
    expect([await slots.take(slot, other), await left()]).toEqual([false, []]);
  });

  it('that is an empty folder is taken at the second try where the system does not replace it', async () => {
    const { slots, slot } = await slotBench();
    await mkdir(slot);
    let refusals = 1;
    fileSystem.before = (operation) => {
      if (operation === 'rename' && refusals-- > 0) throw systemError('EEXIST');
    };
    expect(await slots.take(slot, one)).toBe(false);
    await expect(stat(slot)).rejects.toThrow('ENOENT');
    expect(await slots.take(slot, one)).toBe(true);
  });
});

describe('who stands in a slot', () => {
  const intent = intentOf({ key: 'k' });
  async function proposed(owner = 'first') {
    const bench = await slotBench();
    const record = begunRecord(intent, owner, START_MS, LEASE_MS);
    const state = { proposal: one.proposal, proposedAs: 1, record, space: processSpace() };
    await bench.records.propose(one.name, state);
    await bench.slots.take(bench.slot, one);
    const look = (free = false) => standingIn(bench.slot, bench.slots, bench.records, { free });
    return { ...bench, state, look };
  }

  it('is nobody where it is free', async () => {
    const { slots, slot, records } = await slotBench();
    expect(await standingIn(slot, slots, records, { free: true })).toBeUndefined();
  });

  it('is a proposal until it is begun', async () => {
    const { records, look } = await proposed();
    expect(await look()).toMatchObject({ entry: one, isProposal: true, record: { intent: { id: intent.id } } });
    await records.begin(one.name, 1);
    expect(await look()).toMatchObject({ entry: one, isProposal: false });
  });

  it('has no lease where its process is gone', async () => {
    const { look } = await proposed(`2147483646@${hostname()}`);
    expect((await look())?.record.lease).toBeUndefined();
    expect((await (await proposed()).look())?.record.lease?.owner).toBe('first');
  });

  it.each([
    ['was withdrawn', async ({ records, state }) => await records.withdraw(one.name, state)],
    ['was removed', async ({ records }) => await records.remove(one.name)],
    [
      'was withdrawn and proposed anew',
      async ({ records, state }) => {
        await records.withdraw(one.name, state);
        await records.propose(one.name, { ...state, proposal: '07', proposedAs: 3 });
      },
    ],
  ] as [string, (bench: Awaited<ReturnType<typeof proposed>>) => Promise<unknown>][])(
    'is nobody where the proposal %s; who only looks changes nothing',
    async (_what, happen) => {
      const bench = await proposed();
      await happen(bench);
      expect(await bench.look(false)).toBeUndefined();
      expect(await readdir(bench.slot)).toHaveLength(1);
      expect(await bench.look(true)).toBeUndefined();
      expect(await readdir(bench.folder.targets)).toEqual([]);
    },
  );

  it('is found by target and by key, whatever else differs', async () => {
    const { folder } = await slotBench();
    const { target, key } = slotsOf(folder, intent);
    expect([dirname(target), dirname(key ?? '')]).toEqual([folder.targets, folder.keys]);
    const same = slotsOf(folder, { ...intent, id: 'x', target: { ...intent.target, action: 'skip', nodes: [] } });
    expect(same).toEqual({ target, key });
    expect(slotsOf(folder, { ...intent, connection: 'x' }).target).not.toBe(target);
    expect(slotsOf(folder, { ...intent, key: undefined }).key).toBeUndefined();
  });
});

describe('what was settled of a target', () => {
  async function settledBench() {
    const bench = await slotBench();
    const settle = async (name: string, settledAtMs: number, more: Partial<Intent> = {}) => {
      const begun = begunRecord(intentOf({ id: name, ...more }), 'first', START_MS, LEASE_MS);
      const record = settled(begun, 1, { ...refusedSettlement(), settledAtMs });
      await bench.news.note(bench.slot, name);
      await bench.records.propose(name, { proposal: '01', proposedAs: 1, record });
    };
    const since = async (lookedUpAtMs?: number, more: Partial<Intent> = {}) =>
      (await bench.news.for(intentOf({ lookedUpAtMs, ...more }), bench.slot))?.intent.id;
    return { ...bench, settle, since };
  }

  it('is told as the latest one that was settled after somebody looked', async () => {
    const { settle, since, steps } = await settledBench();
    expect(await since(0)).toBeUndefined();
    for (const [name, atMs] of [
      ['b', 2_000],
      ['c', 3_000],
      ['a', 1_000],
    ] as const)
      await settle(name, atMs);
    expect([await since(0), await since(2_999), await since(3_000)]).toEqual(['c', 'c', undefined]);
    expect(await since(undefined)).toBeUndefined();
    expect(steps).toContain('settlement noted');
  });

  it('is told as an equal one first, however late others were', async () => {
    const { settle, since } = await settledBench();
    const equal = { fingerprint: 'f', key: undefined };
    for (const [name, atMs, more] of [
      ['a', 4_000, equal],
      ['b', 9_000, {}],
      ['c', 3_000, equal],
      ['d', 8_000, { fingerprint: 'f', key: 'k' }],
      ['e', 5_000, equal],
      ['f', 7_000, { fingerprint: 'f', key: 'other' }],
    ] as const)
      await settle(name, atMs, more);
    expect([await since(0, equal), await since(4_500, equal), await since(5_000, equal)]).toEqual(['e', 'e', 'b']);
    expect([await since(0, { ...equal, key: 'k' }), await since(0, { key: 'k' })]).toEqual(['d', 'b']);
  });

  it('is nothing where a settlement was noted that is not there, or no more', async () => {
    const { news, slot, records, settle, since } = await settledBench();
    await news.note(slot, 'gone');
    const record = begunRecord(intentOf({ id: 'unsettled' }), 'first', START_MS, LEASE_MS);
    await records.propose('unsettled', { proposal: '01', proposedAs: 1, record });
    await news.note(slot, 'unsettled');
    await settle('z', 5_000);
    expect([await since(0), await since(5_000)]).toEqual(['z', undefined]);
  });

  it('is forgotten one by one, and leaves nothing behind', async () => {
    const { folder, news, slot, settle, since } = await settledBench();
    await settle('a', 1_000);
    await settle('b', 2_000);
    await news.forget(slot, 'b');
    await news.forget(slot, 'b');
    expect(await since(0)).toBe('a');
    expect(await readdir(join(folder.settled, basename(slot)))).toEqual(['a']);
    await news.forget(slot, 'a');
    expect(await readdir(folder.settled)).toEqual([]);
    await news.forget(slot, 'a');
    await settle('c', 3_000);
    expect(await since(0)).toBe('c');
    await rm(join(folder.settled, basename(slot)), { recursive: true });
  });
});
