import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FileLedgerOptions } from '../src/ledger/file-ledger.js';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import type { Intent } from '../src/ledger/ledger.js';
import { LedgerError } from '../src/ledger/ledger-error.js';
import { LedgerFolder, nameOf } from '../src/ledger/ledger-folder.js';
import { slotsOf } from '../src/ledger/standing.js';
import { intentOf, LEASE_MS, refusedSettlement, START_MS, sameTargetAs } from '../src/testing/ledger-bench.js';
import { freshPath } from './ledger-folder-bench.js';
import { Pause } from './ledger-pause.js';
import { fileSystem, systemError } from './traced-files.js';

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).traced(await original()));
afterEach(() => {
  fileSystem.reset();
  vi.restoreAllMocks();
});

const GONE = `2147483646@${hostname()}`;
/** Longer than any test lasts: who waits for it hangs. */
const FOR_EVER_MS = 600_000;

async function bench() {
  const path = await freshPath();
  const begin = (intent: Intent, options: FileLedgerOptions = {}, owner = 'somebody') =>
    new FileResumeLedger(path, options).begin(intent, owner, START_MS, LEASE_MS);
  /** Begins, and stands still at a step until told to go on. */
  const paused = async (at: string, intent: Intent, owner?: string, patienceMs = FOR_EVER_MS) => {
    const pause = new Pause(at);
    const begun = begin(intent, { onStep: pause.onStep, patienceMs }, owner);
    await pause.reached;
    return {
      end: () => {
        pause.end();
        return begun;
      },
    };
  };
  const namesOf = async (part: string) => await readdir(join(path, part));
  return { path, folder: new LedgerFolder(path), begin, paused, namesOf };
}

describe('what is begun in a FileResumeLedger', () => {
  it('outlives a crash of the machine: its record and every slot, before it counts', async () => {
    for (const key of [undefined, 'k']) {
      const { folder, begin, path } = await bench();
      await begin(intentOf());
      fileSystem.reset();
      const intent = intentOf({ key });
      let syncedBefore: string[] = [];
      const onStep = (step: string): void => {
        if (step === 'slots synced') syncedBefore = [...fileSystem.synced];
      };
      await begin(intent, { onStep });
      const slots = slotsOf(folder, intent);
      const record = join(path, 'records', nameOf(intent.id));
      const expected = [record, folder.records, slots.target, folder.targets];
      if (slots.key !== undefined) expected.push(slots.key, folder.keys);
      expect(syncedBefore.filter((one) => !one.includes('temporary')).sort()).toEqual(expected.sort());
      expect(fileSystem.synced.at(-1)).toBe(record);
    }
  });

  it('has slots of its own even where a rival takes its proposal back while they are synced', async () => {
    const { folder, begin } = await bench();
    const intent = intentOf({ key: 'k' });
    const { target } = slotsOf(folder, intent);
    let rivals = 0;
    fileSystem.before = async (operation, path) => {
      if (operation !== 'open' || path !== target || rivals > 0) return;
      rivals += 1;
      const rival = sameTargetAs(intent);
      const quick = new FileResumeLedger(folder.path, { patienceMs: 0 });
      expect((await quick.begin(rival, 'quick', START_MS, LEASE_MS)).status).toBe('owned');
      await quick.settle(rival.id, 1, refusedSettlement());
    };
    expect(await begin(intent)).toMatchObject({ status: 'owned', record: { intent: { id: intent.id } } });
    expect(rivals).toBe(1);
    expect((await begin(sameTargetAs(intent))).status).toBe('pending');
  });

  it('is not begun where its slots cannot be synced, and leaves nothing behind', async () => {
    const { folder, begin, namesOf } = await bench();
    const intent = intentOf({ key: 'k' });
    const { target } = slotsOf(folder, intent);
    fileSystem.before = (operation, path) => {
      if (operation === 'open' && path === target) throw systemError('EIO');
    };
    await expect(begin(intent)).rejects.toThrow(/the disk fails/);
    fileSystem.reset();
    for (const part of ['records', 'targets', 'keys', 'temporary'])
      expect([part, await namesOf(part)]).toEqual([part, []]);
  });
});

describe('a slot that is lost to a rival who dies', () => {
  it('is taken at once, and the slot that was won meanwhile is kept', async () => {
    const { begin, paused, namesOf } = await bench();
    const intent = intentOf({ key: 'k' });
    const slow = await paused('proposed', intent);
    await paused('slots synced', intentOf({ key: 'k' }), GONE);
    expect(await slow.end()).toMatchObject({ status: 'owned', record: { intent: { id: intent.id } } });
    expect([(await namesOf('targets')).length, (await namesOf('keys')).length]).toEqual([2, 1]);
    expect((await begin(sameTargetAs(intent))).status).toBe('pending');
  });
});

describe('who gives way in a FileResumeLedger', () => {
  it('leaves no slot behind', async () => {
    const { paused, begin, namesOf } = await bench();
    const first = intentOf({ key: 'k' });
    const slow = await paused('proposed', intentOf({ key: 'k' }));
    const sameTarget = await paused('proposed', sameTargetAs(first, { key: 'another' }));
    await begin(first);
    expect((await slow.end()).status).toBe('pending');
    expect((await sameTarget.end()).status).toBe('pending');
    const left = await Promise.all(['records', 'targets', 'keys'].map(namesOf));
    expect(left.map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});

describe('a settlement whose process dies before it has freed the target', () => {
  async function halfSettled() {
    const { path, begin, paused } = await bench();
    const intents = Array.from({ length: 6 }, () => intentOf());
    for (const intent of intents) {
      // Among others that are not settled, as folders are listed in any order.
      await begin(intentOf());
      await begin(intent);
      const pause = new Pause('version synced');
      void new FileResumeLedger(path, { onStep: pause.onStep }).settle(intent.id, 1, refusedSettlement());
      await pause.reached;
    }
    return { path, begin, paused, intents, ledger: new FileResumeLedger(path) };
  }

  it('keeps nobody from beginning', async () => {
    const { begin, intents } = await halfSettled();
    for (const intent of intents) expect((await begin(sameTargetAs(intent))).status).toBe('owned');
  });

  it('is settled for everybody who asks', async () => {
    const { intents, ledger } = await halfSettled();
    const seen: boolean[] = [];
    for await (const { settlement } of ledger.list()) seen.push(settlement !== undefined);
    expect(seen).toEqual([...Array<boolean>(6).fill(false), ...Array<boolean>(6).fill(true)]);
    for (const { connection, target } of intents) {
      expect(await ledger.lookup({ target: { ...target, connection } })).toBeUndefined();
    }
  });

  it('is looked at without changing anything', async () => {
    const { path, paused, intents, ledger } = await halfSettled();
    await paused('slots synced', intentOf({ key: 'half' }), GONE);
    const dead = intentOf({ key: 'withdrawn' });
    await paused('slots synced', dead, GONE);
    const pause = new Pause('withdrawn');
    void new FileResumeLedger(path, { onStep: pause.onStep }).begin(intentOf({ key: 'withdrawn' }), 'o', START_MS, 1);
    await pause.reached;
    const before = (await readdir(path, { recursive: true })).sort();
    for (const { id, connection, target } of [...intents, dead]) {
      await ledger.find(id);
      await ledger.lookup({ key: 'half', target: { ...target, connection } });
      await ledger.lookup({ key: 'withdrawn', target: { ...target, connection } });
    }
    for await (const _record of ledger.list());
    expect((await readdir(path, { recursive: true })).sort()).toEqual(before);
  });
});

describe('an id of a FileResumeLedger', () => {
  const failureOf = async (begun: Promise<unknown>): Promise<string> => {
    const thrown: unknown = await begun.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(LedgerError);
    return (thrown as LedgerError).message;
  };

  it('that is known is refused by name', async () => {
    const { begin } = await bench();
    const { id } = intentOf();
    await begin(intentOf({ id }));
    expect(await failureOf(begin(intentOf({ id })))).toContain(`${id} is known already: an id is used once`);
  });

  it('that two begin at once is refused to one of them, by name', async () => {
    const { begin, paused } = await bench();
    const { id } = intentOf();
    const slow = await paused('proposal written', intentOf({ id }));
    expect((await begin(intentOf({ id }))).status).toBe('owned');
    expect(await failureOf(slow.end())).toContain(`${id} is being begun by somebody else: an id is used once`);
  });

  it('whose record somebody removes while it is begun is told, by name', async () => {
    const { path, paused } = await bench();
    const intent = intentOf();
    const slow = await paused('slots synced', intent);
    await rm(join(path, 'records', nameOf(intent.id)), { recursive: true });
    expect(await failureOf(slow.end())).toContain(`${intent.id} was removed while it was written`);
  });
});

describe('a begin that is taken back again and again', () => {
  it('waits twice as long for others each time', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { paused, begin, path } = await bench();
    const intent = intentOf({ key: 'k' });
    let takenBack = 0;
    let waitsSinceMs = 0;
    const onStep = async (step: string): Promise<void> => {
      if (step !== 'slots synced' || takenBack === 3) return;
      takenBack += 1;
      const rival = sameTargetAs(intent);
      const quick = new FileResumeLedger(path, { patienceMs: 0 });
      await quick.begin(rival, 'quick', START_MS, LEASE_MS);
      await quick.settle(rival.id, 1, refusedSettlement());
      if (takenBack < 3) return;
      // Somebody who lives, and who does not go on.
      await paused('slots synced', intentOf({ key: 'k' }));
      waitsSinceMs = performance.now();
    };
    expect((await begin(intent, { onStep, patienceMs: 20 })).status).toBe('owned');
    expect(performance.now() - waitsSinceMs).toBeGreaterThanOrEqual(80);
  });
});
