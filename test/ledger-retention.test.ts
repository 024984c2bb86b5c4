import { readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Intent, LedgerRecord } from '../src/ledger/ledger.js';
import { nameOf } from '../src/ledger/ledger-folder.js';
import { Retention } from '../src/ledger/retention.js';
import { slotsOf } from '../src/ledger/standing.js';
import { begunRecord, settled } from '../src/ledger/transitions.js';
import { intentOf, LEASE_MS, refusedSettlement } from '../src/testing/ledger-bench.js';
import { ledgerParts } from './ledger-folder-bench.js';
import { fileSystem } from './traced-files.js';

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).traced(await original()));
afterEach(() => fileSystem.reset());

const DAY_MS = 86_400_000;
/** In the middle of a span. */
const NOW_MS = 20_000 * DAY_MS + 12_345_500;

async function bench(keepMs: number) {
  const parts = await ledgerParts();
  const { folder, records, slots, news } = parts;
  const make = () => new Retention(folder, records, slots, news, keepMs);
  /** Lays a record down with all that belongs to it, as a begin and a settlement do. */
  const lay = async (intent: Intent, settledAtMs?: number): Promise<string> => {
    const name = nameOf(intent.id);
    const begun = begunRecord(intent, 'first', NOW_MS, LEASE_MS);
    const state = { proposal: '01', proposedAs: 1 };
    await records.propose(name, { ...state, record: begun });
    await records.begin(name, 1);
    const { target, key } = slotsOf(folder, intent);
    if (key !== undefined) await slots.take(key, { name, proposal: '01' });
    if (settledAtMs === undefined) {
      await slots.take(target, { name, proposal: '01' });
    } else {
      const record = settled(begun, 1, { ...refusedSettlement(), settledAtMs }) as LedgerRecord;
      await news.note(target, name);
      await records.append(name, 3, { ...state, record });
    }
    await make().mark(name, NOW_MS);
    return name;
  };
  const left = async () => {
    const { records: states, targets, keys, settled: noted, due } = folder;
    const names = await Promise.all([states, targets, keys, noted, due].map((path) => readdir(path)));
    return names.map(({ length }) => length);
  };
  const spans = async () => (await readdir(folder.due)).map(Number).sort((a, b) => a - b);
  return { ...parts, make, lay, left, spans };
}
/** The end of the span of two seconds, which sixty seconds have, that `NOW_MS` is in. */
const END_MS = NOW_MS + 500;
const DUE_MS = END_MS + 60_000;

describe('the time at which a record is looked at again', () => {
  it.each([
    ['thirty days', 30 * DAY_MS, DAY_MS],
    ['ten years', 3_650 * DAY_MS, DAY_MS],
    ['for ever', Number.POSITIVE_INFINITY, DAY_MS],
    ['a minute', 60_000, 2_000],
    ['a second', 1_000, 1_000],
    ['not at all', 0, 1_000],
  ])('is rounded up, so that few folders are needed, where records are kept %s', async (_what, keepMs, spanMs) => {
    const { make, spans } = await bench(keepMs);
    await make().mark('r', NOW_MS);
    await make().mark('r', Math.ceil(NOW_MS / spanMs) * spanMs);
    const end = Math.ceil(NOW_MS / spanMs) * spanMs;
    expect(await spans()).toEqual([end, end + spanMs]);
  });

  it('comes once the whole span is old enough, not a millisecond earlier', async () => {
    const { make, lay, left } = await bench(60_000);
    await lay(intentOf(), NOW_MS);
    await make().sweep(DUE_MS - 1);
    expect(await left()).toEqual([1, 0, 0, 1, 1]);
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    ['a minute', 30 * DAY_MS, 60_000],
    ['a span, where that is shorter', 60_000, 2_000],
  ])('is looked up once in %s', async (_what, keepMs, pauseMs) => {
    const { folder, make } = await bench(keepMs);
    const retention = make();
    let looks = 0;
    fileSystem.before = (operation, path) => {
      if (operation === 'readdir' && path === folder.due) looks += 1;
    };
    for (const afterMs of [0, 1, pauseMs - 1]) await retention.sweep(NOW_MS + afterMs);
    expect(looks).toBe(1);
    await retention.sweep(NOW_MS + pauseMs);
    expect(looks).toBe(2);
  });
});

describe('a record whose time has come', () => {
  it('is forgotten with its key and its news, and nothing of others', async () => {
    const { records, make, lay, left, steps } = await bench(60_000);
    const gone = intentOf({ key: 'k' });
    await lay(gone, NOW_MS);
    const kept = await lay(intentOf({ key: 'other', target: gone.target }));
    steps.length = 0;
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([1, 1, 1, 0, 1]);
    expect(steps).toContain('record forgotten');
    expect(await records.read(kept)).toMatchObject({ version: 2 });
  });

  it('is kept until its settlement is old enough, and looked at when that is so', async () => {
    for (const [settledAtMs, isKept] of [
      [END_MS, false],
      [END_MS + 1, true],
    ] as const) {
      const { make, lay, left, spans } = await bench(60_000);
      await lay(intentOf({ key: 'k' }), settledAtMs);
      await make().sweep(DUE_MS);
      expect(await left()).toEqual(isKept ? [1, 0, 1, 1, 1] : [0, 0, 0, 0, 0]);
      if (isKept) expect(await spans()).toEqual([END_MS + 2_000]);
    }
  });

  it('is never forgotten while it is unsettled, and looked at again later', async () => {
    const { make, lay, left, spans } = await bench(60_000);
    await lay(intentOf({ key: 'k' }));
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([1, 1, 1, 0, 1]);
    expect(await spans()).toEqual([DUE_MS + 2_000]);
  });

  it('and that was only ever proposed is taken back, with its slots', async () => {
    const { folder, records, slots, make, left } = await bench(60_000);
    const intent = intentOf({ key: 'k' });
    const name = nameOf(intent.id);
    const record = begunRecord(intent, 'first', NOW_MS, LEASE_MS);
    await records.propose(name, { proposal: '01', proposedAs: 1, record });
    const { target, key = '' } = slotsOf(folder, intent);
    for (const slot of [target, key]) await slots.take(slot, { name, proposal: '01' });
    await make().mark(name, NOW_MS);
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([0, 0, 0, 0, 0]);
  });

  it('and that was withdrawn, but not removed, is removed', async () => {
    const { records, make, left } = await bench(60_000);
    const record = begunRecord(intentOf(), 'first', NOW_MS, LEASE_MS);
    await records.propose('r', { proposal: '01', proposedAs: 1, record });
    await records.withdraw('r', { proposal: '01', proposedAs: 1 });
    await make().mark('r', NOW_MS);
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([0, 0, 0, 0, 0]);
  });

  it('and that is gone already leaves only its mark, which is removed', async () => {
    const { make, left } = await bench(60_000);
    await make().mark('r', NOW_MS);
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('two processes that keep house at once', () => {
  it('do each other no harm where one has done a span already', async () => {
    const { folder, make, lay, left } = await bench(60_000);
    await lay(intentOf(), NOW_MS);
    await make().mark('r', NOW_MS - 10_000);
    await make().mark('r', NOW_MS - 20_000);
    const [first = ''] = await readdir(folder.due);
    fileSystem.before = async (operation, path) => {
      if (operation !== 'opendir' || path !== join(folder.due, first)) return;
      fileSystem.reset();
      await rm(path, { recursive: true });
    };
    await make().sweep(DUE_MS);
    expect((await left())[4]).toBe(0);
  });

  it('do each other no harm where one has removed a mark already', async () => {
    const { folder, make, left } = await bench(60_000);
    await make().mark('r', NOW_MS);
    const mark = join(folder.due, String(END_MS), 'r');
    fileSystem.before = async (operation, path) => {
      if (operation === 'rm' && path === mark) await unlink(mark);
    };
    await make().sweep(DUE_MS);
    expect(await left()).toEqual([0, 0, 0, 0, 0]);
  });

  it('leave a span alone in which one has just marked another record', async () => {
    const { folder, make, spans } = await bench(60_000);
    await make().mark('r', NOW_MS);
    fileSystem.before = async (operation, path) => {
      if (operation !== 'rmdir' || path !== join(folder.due, String(END_MS))) return;
      fileSystem.reset();
      await make().mark('s', NOW_MS);
    };
    await make().sweep(DUE_MS);
    expect(await spans()).toEqual([END_MS]);
  });
});
