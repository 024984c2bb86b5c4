import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { intentOf, LEASE_MS, listed, own, refusedSettlement, START_MS } from '../src/testing/ledger-bench.js';

const DAY_MS = 86_400_000;
let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
  folder = join(parent, 'state', 'ledger');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function settledAt(ledger: FileResumeLedger, settledAtMs: number, key?: string) {
  const intent = intentOf({ key });
  await ledger.begin(intent, 'first', settledAtMs, LEASE_MS);
  await ledger.settle(intent.id, 1, { ...refusedSettlement(), settledAtMs });
  return intent;
}

describe('settled records of a FileResumeLedger', () => {
  it('are kept for thirty days, with a key or without one, and then forgotten by the next begins', async () => {
    const ledger = new FileResumeLedger(folder);
    const keyed = await settledAt(ledger, START_MS, 'k');
    const unkeyed = await settledAt(ledger, START_MS);
    await ledger.begin(intentOf(), 'o', START_MS + 30 * DAY_MS - 1, LEASE_MS);
    expect([await ledger.find(keyed.id), await ledger.find(unkeyed.id)]).not.toContain(undefined);
    const { status } = await ledger.begin(intentOf({ key: 'k' }), 'o', START_MS + 32 * DAY_MS, LEASE_MS);
    expect(status).toBe('owned');
    expect([await ledger.find(keyed.id), await ledger.find(unkeyed.id)]).toEqual([undefined, undefined]);
  });

  it('are forgotten a few at a time, with everything that belonged to them', async () => {
    const ledger = new FileResumeLedger(folder, { keepSettledMs: 60_000 });
    for (let index = 0; index < 20; index += 1) await settledAt(ledger, START_MS, `k${index}`);
    for (const [begins, left] of [
      [1, 12],
      [2, 4],
      [3, 0],
    ] as const) {
      await ledger.settle((await begunLater(ledger, begins)).id, 1, {
        ...refusedSettlement(),
        settledAtMs: START_MS + 200_000,
      });
      const kept = (await listed(ledger)).filter(({ intent }) => intent.key !== undefined);
      expect(kept).toHaveLength(left);
    }
    expect(await readdir(join(folder, 'keys'))).toEqual([]);
    expect(await readdir(join(folder, 'targets'))).toEqual([]);
    // What belongs to the three that were begun meanwhile is kept.
    expect(await readdir(join(folder, 'records'))).toHaveLength(3);
    expect(await readdir(join(folder, 'settled'))).toHaveLength(3);
    expect(await readdir(join(folder, 'due'))).toHaveLength(1);
  });

  async function begunLater(ledger: FileResumeLedger, more: number) {
    const intent = intentOf();
    await ledger.begin(intent, 'o', START_MS + 200_000 + more, LEASE_MS);
    return intent;
  }

  it('count from their settlement; what is unsettled is never forgotten', async () => {
    const ledger = new FileResumeLedger(folder, { keepSettledMs: 60_000 });
    const slow = await own(ledger, intentOf({ key: 'slow' }));
    const never = await own(ledger, intentOf({ key: 'never' }));
    await ledger.settle(slow.intent.id, 1, { ...refusedSettlement(), settledAtMs: START_MS + 150_000 });
    for (const afterMs of [70_000, 140_000, 200_000]) {
      await new FileResumeLedger(folder, { keepSettledMs: 60_000 }).begin(
        intentOf(),
        'o',
        START_MS + afterMs,
        LEASE_MS,
      );
    }
    expect(await ledger.find(slow.intent.id)).toBeDefined();
    for (const afterMs of [230_000, 300_000]) {
      await new FileResumeLedger(folder, { keepSettledMs: 60_000 }).begin(
        intentOf(),
        'o',
        START_MS + afterMs,
        LEASE_MS,
      );
    }
    expect(await ledger.find(slow.intent.id)).toBeUndefined();
    expect(await ledger.find(never.intent.id)).toBeDefined();
  });

  it('that cannot be read keep nobody from beginning', async () => {
    const ledger = new FileResumeLedger(folder);
    await settledAt(ledger, START_MS);
    const records = join(folder, 'records');
    const versions = (await readdir(records, { recursive: true })).filter((path) => path.endsWith('.json'));
    for (const version of versions) await writeFile(join(records, version), 'no JSON');
    const { status } = await ledger.begin(intentOf(), 'o', START_MS + 32 * DAY_MS, LEASE_MS);
    expect(status).toBe('owned');
  });

  it('may be kept for ever', async () => {
    const ledger = new FileResumeLedger(folder, { keepSettledMs: Number.POSITIVE_INFINITY });
    const { id } = await settledAt(ledger, START_MS);
    await ledger.begin(intentOf(), 'o', START_MS + 10_000 * DAY_MS, LEASE_MS);
    expect(await ledger.find(id)).toBeDefined();
  });

  it.each([-1, Number.NaN])('cannot be kept for %s ms', (keepSettledMs) => {
    expect(() => new FileResumeLedger(folder, { keepSettledMs })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        problems: [{ field: 'keepSettledMs', message: 'must be a number from 0' }],
      }),
    );
  });

  it('may be forgotten as soon as possible', async () => {
    const ledger = new FileResumeLedger(folder, { keepSettledMs: 0 });
    const { id } = await settledAt(ledger, START_MS);
    await ledger.begin(intentOf(), 'o', START_MS + 1_000, LEASE_MS);
    expect(await ledger.find(id)).toBeUndefined();
  });
});
