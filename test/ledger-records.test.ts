import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LedgerError } from '../src/ledger/ledger-error.js';
import type { RecordState } from '../src/ledger/record-files.js';
import { begunRecord } from '../src/ledger/transitions.js';
import { intentOf, LEASE_MS, plain, START_MS } from '../src/testing/ledger-bench.js';
import { ledgerParts } from './ledger-folder-bench.js';
import { fileSystem, systemError } from './traced-files.js';

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).traced(await original()));
afterEach(() => fileSystem.reset());

const record = plain(begunRecord(intentOf(), 'first', START_MS, LEASE_MS));
const proposed: RecordState = { proposal: 'aa', proposedAs: 1, record, space: 'here' };
const changed = (expiresAtMs: number): RecordState => ({
  ...proposed,
  record: { ...record, lease: { owner: 'first', fence: 1, expiresAtMs } },
});

/** A record that was begun: versions 1 and 2. */
async function begun() {
  const parts = await ledgerParts();
  await parts.records.propose('r', proposed);
  await parts.records.begin('r', 1);
  const versions = async () => (await readdir(parts.records.pathOf('r'))).sort();
  const left = async () => await readdir(dirname(parts.folder.temporaryPath()));
  parts.steps.length = 0;
  fileSystem.reset();
  return { ...parts, versions, left };
}

describe('a record on disk', () => {
  it('is its newest version, by number and not by name', async () => {
    const { records, versions } = await begun();
    expect(await records.read('r')).toEqual({ ...proposed, format: 1, version: 2 });
    for (let version = 3; version <= 11; version += 1)
      expect(await records.append('r', version, changed(version))).toBe(true);
    expect(await versions()).toEqual(['10.json', '11.json', '9.json']);
    expect(await records.read('r')).toMatchObject({ version: 11, record: { lease: { expiresAtMs: 11 } } });
  });

  it('is nothing where there is no such folder, or no version in it', async () => {
    const { records } = await begun();
    expect(await records.read('unknown')).toBeUndefined();
    await mkdir(records.pathOf('empty'));
    expect(await records.read('empty')).toBeUndefined();
    for (const name of ['0.json', '-1.json', '.nfs0001', 'x.json'])
      await writeFile(join(records.pathOf('empty'), name), '');
    expect(await records.read('empty')).toBeUndefined();
  });

  it('is read again where its version was overtaken and removed at that very moment', async () => {
    const { records } = await begun();
    await records.append('r', 3, changed(3));
    let overtaken = false;
    fileSystem.before = async (operation, path) => {
      if (operation !== 'readFile' || overtaken) return;
      overtaken = true;
      await records.append('r', 4, changed(4));
      await rm(path);
    };
    expect(await records.read('r')).toMatchObject({ version: 4 });
  });

  it('that cannot be read is told', async () => {
    const { records } = await begun();
    for (const failing of ['readFile', 'readdir']) {
      fileSystem.before = (operation) => {
        if (operation === failing) throw systemError('EIO');
      };
      await expect(records.read('r')).rejects.toMatchObject({ code: 'EIO' });
    }
  });

  it.each(['no JSON', '{"format":2}', '{}', '7', 'null', ''])(
    'that says %j is named with its path',
    async (content) => {
      const { records } = await begun();
      const path = join(records.pathOf('r'), '2.json');
      await writeFile(path, content);
      const error: unknown = await records.read('r').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(LedgerError);
      expect((error as LedgerError).message).toContain(`${path} is no record that this version can read: move it away`);
    },
  );

  it('is one line of text, for people who look at it', async () => {
    const { records } = await begun();
    const text = await readFile(join(records.pathOf('r'), '1.json'), 'utf8');
    expect(text).toBe(`${JSON.stringify({ format: 1, ...proposed })}\n`);
  });

  it('that is removed is gone', async () => {
    const { records, left } = await begun();
    await records.remove('r');
    expect([await records.read('r'), await left()]).toEqual([undefined, []]);
  });
});

describe('a change of a record', () => {
  it('outlives a crash of the machine: the file first, then its name', async () => {
    const { records, steps, left } = await begun();
    expect(await records.append('r', 3, changed(3))).toBe(true);
    expect(steps).toEqual(['version written', 'version linked', 'version synced']);
    expect(fileSystem.synced).toEqual([expect.stringContaining('temporary'), records.pathOf('r')]);
    expect(await left()).toEqual([]);
  });

  it('is refused where somebody was faster, and theirs stands', async () => {
    const { records, left, steps } = await begun();
    expect(await records.append('r', 3, changed(3))).toBe(true);
    steps.length = 0;
    expect(await records.append('r', 3, changed(999))).toBe(false);
    expect(steps).not.toContain('version synced');
    expect(await records.read('r')).toMatchObject({ version: 3, record: { lease: { expiresAtMs: 3 } } });
    expect(await left()).toEqual([]);
  });

  it('is refused where the record has been removed', async () => {
    const { records, left } = await begun();
    await records.remove('r');
    expect(await records.append('r', 3, changed(3))).toBe(false);
    expect([await records.read('r'), await left()]).toEqual([undefined, []]);
  });

  it('is refused where the record is removed at that very moment', async () => {
    const { records } = await begun();
    fileSystem.before = async (operation) => {
      if (operation !== 'readdir') return;
      fileSystem.reset();
      await records.remove('r');
    };
    expect(await records.append('r', 3, changed(3))).toBe(false);
  });

  it('that cannot be linked is told', async () => {
    const { records } = await begun();
    fileSystem.before = (operation) => {
      if (operation === 'link') throw systemError('EXDEV');
    };
    await expect(records.append('r', 3, changed(3))).rejects.toMatchObject({ code: 'EXDEV' });
  });

  it('under a number that was used and removed before counts for nothing, and is taken away', async () => {
    const { records, versions } = await begun();
    for (let version = 3; version <= 6; version += 1) await records.append('r', version, changed(version));
    expect(await versions()).toEqual(['4.json', '5.json', '6.json']);
    expect(await records.append('r', 3, changed(999))).toBe(false);
    expect(await versions()).toEqual(['4.json', '5.json', '6.json']);
    expect(await records.read('r')).toMatchObject({ version: 6 });
  });

  it('counts where two more have followed it by the time that it is checked', async () => {
    const { records, versions } = await begun();
    let isFirst = true;
    fileSystem.before = async (operation) => {
      if (operation !== 'readdir' || !isFirst) return;
      isFirst = false;
      await records.append('r', 4, changed(4));
      await records.append('r', 5, changed(5));
    };
    expect(await records.append('r', 3, changed(3))).toBe(true);
    expect(await versions()).toEqual(['3.json', '4.json', '5.json']);
  });

  it('takes an old version away that somebody else has taken away already', async () => {
    const { records } = await begun();
    await records.append('r', 3, changed(3));
    await rm(join(records.pathOf('r'), '1.json'));
    expect(await records.append('r', 4, changed(4))).toBe(true);
    fileSystem.before = (operation, path) => {
      if (operation === 'unlink' && path.endsWith('2.json')) throw systemError('EIO');
    };
    await expect(records.append('r', 5, changed(5))).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('a proposal', () => {
  it('is begun by one link, and outlives a crash of the machine from then on', async () => {
    const { folder, records, steps } = await ledgerParts();
    fileSystem.reset();
    expect(await records.propose('p', proposed)).toBe(true);
    expect(await records.read('p')).toMatchObject({ proposal: 'aa', proposedAs: 1, version: 1, record });
    // Whoever proposes syncs the name together with those of the slots.
    expect(fileSystem.synced).toEqual([expect.stringContaining('temporary')]);
    expect(await records.begin('p', 1)).toBe(true);
    expect(fileSystem.synced.slice(1)).toEqual([records.pathOf('p')]);
    expect(await records.read('p')).toMatchObject({ proposal: 'aa', proposedAs: 1, version: 2, record });
    expect(steps).toEqual(['proposal written', 'record made', 'proposed', 'begun']);
    expect(await readdir(dirname(folder.temporaryPath()))).toEqual([]);
  });

  it('is refused where another one has the number', async () => {
    const { records } = await ledgerParts();
    expect(await records.propose('p', proposed)).toBe(true);
    expect(await records.propose('p', { ...proposed, proposal: 'bb' })).toBe(false);
    expect(await records.read('p')).toMatchObject({ proposal: 'aa' });
  });

  it('that was withdrawn cannot be begun, and says nothing more', async () => {
    const { folder, records, steps } = await ledgerParts();
    await records.propose('p', proposed);
    steps.length = 0;
    await records.withdraw('p', proposed);
    expect(steps).toEqual(['withdrawal written', 'withdrawn']);
    fileSystem.reset();
    expect(await records.begin('p', 1)).toBe(false);
    expect(fileSystem.synced).toEqual([]);
    expect(await records.read('p')).toEqual({ format: 1, proposal: 'aa', proposedAs: 1, version: 2 });
    expect(await readdir(dirname(folder.temporaryPath()))).toEqual([]);
  });

  it('that was begun cannot be withdrawn', async () => {
    const { records } = await begun();
    await records.withdraw('r', proposed);
    expect(await records.read('r')).toMatchObject({ version: 2, record });
  });

  it('that was removed can neither be begun nor withdrawn', async () => {
    const { records } = await ledgerParts();
    await records.propose('p', proposed);
    await records.remove('p');
    await records.withdraw('p', proposed);
    expect(await records.begin('p', 1)).toBe(false);
    expect(await records.read('p')).toBeUndefined();
  });
});
