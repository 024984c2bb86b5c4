import { mkdir, readdir, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  LedgerFolder,
  makeFolder,
  makeMark,
  makeMarkIn,
  nameOf,
  namesIn,
  removeIfEmpty,
} from '../src/ledger/ledger-folder.js';
import { freshPath, ledgerParts } from './ledger-folder-bench.js';
import { fileSystem, systemError } from './traced-files.js';

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).traced(await original()));
afterEach(() => {
  fileSystem.reset();
  vi.restoreAllMocks();
  vi.useRealTimers();
});
const onWindows = () => vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');

describe('the folder of a ledger', () => {
  it('is given as an absolute path, with its parts in it', () => {
    const folder = new LedgerFolder('some/ledger');
    expect(folder.path).toBe(join(process.cwd(), 'some/ledger'));
    const { records, targets, keys, settled, due } = folder;
    const parts = [records, targets, keys, settled, due, dirname(folder.temporaryPath())];
    expect(parts.map((part) => relative(folder.path, part))).toEqual([
      'records',
      'targets',
      'keys',
      'settled',
      'due',
      'temporary',
    ]);
  });

  it('outlives a crash of the machine from when it was made, and is made once', async () => {
    const path = await freshPath();
    const folder = new LedgerFolder(path);
    await Promise.all([folder.prepare(), folder.prepare()]);
    expect(fileSystem.synced).toEqual([path, dirname(path)]);
    await new LedgerFolder(path).prepare();
    expect(fileSystem.synced).toHaveLength(2);
    await rm(path, { recursive: true });
    await folder.prepare();
    await expect(stat(path)).rejects.toThrow('ENOENT');
    folder.forgetPrepared();
    await folder.prepare();
    expect(await readdir(path)).toHaveLength(6);
  });

  it('gets back a part that somebody has taken away', async () => {
    const { folder } = await ledgerParts();
    await rm(folder.keys, { recursive: true });
    fileSystem.reset();
    await new LedgerFolder(folder.path).prepare();
    expect((await stat(folder.keys)).isDirectory()).toBe(true);
    expect(fileSystem.synced).toEqual([folder.path]);
  });

  it('is tried again where it could not be made', async () => {
    const path = await freshPath();
    await writeFile(path, 'a file');
    const folder = new LedgerFolder(path);
    await expect(folder.prepare()).rejects.toThrow('EEXIST');
    await rm(path);
    await folder.prepare();
    expect(await readdir(path)).toHaveLength(6);
  });

  it('needs no sync on Windows, which cannot open a folder as a file', async () => {
    const { folder } = await ledgerParts();
    await expect(folder.sync(join(folder.path, 'missing'))).rejects.toThrow('ENOENT');
    onWindows();
    fileSystem.reset();
    await folder.sync(folder.path, join(folder.path, 'missing'));
    expect(fileSystem.synced).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('leaves no file open', async () => {
    const { folder } = await ledgerParts();
    const isOpen = async () => (await readdir('/proc/self/fd')).length;
    const before = await isOpen();
    for (let round = 0; round < 8; round += 1) {
      await folder.sync(folder.path, folder.records);
      await folder.write('text');
      await makeMark(join(folder.keys, `mark ${round}`));
    }
    expect(await isOpen()).toBeLessThan(before + 8);
  });
});

describe('a temporary file of a ledger', () => {
  it('has a name of its own, is whole, and outlives a crash of the machine', async () => {
    const { folder } = await ledgerParts();
    fileSystem.reset();
    const paths = [await folder.write('one'), await folder.write('two')];
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['one', 'two']);
    expect(fileSystem.synced).toEqual(paths);
    expect(new Set(paths).size).toBe(2);
  });

  it('that was left behind more than ten minutes ago is taken away, whatever it is', async () => {
    const { folder } = await ledgerParts();
    const nowMs = Date.parse('2026-11-21T10:00:00Z');
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
    const aged = async (path: string, ageMs: number) => {
      const seconds = (nowMs - ageMs) / 1_000;
      await utimes(path, seconds, seconds);
      return path;
    };
    const old = join(folder.temporaryPath());
    await mkdir(old);
    await writeFile(join(old, 'mark'), '');
    await aged(old, 600_001);
    await aged(await folder.write('old'), 86_400_000);
    const young = await aged(await folder.write('young'), 600_000);
    await new LedgerFolder(folder.path).prepare();
    expect(await readdir(dirname(young))).toEqual([relative(dirname(young), young)]);
  });

  it('is taken away in small numbers, so that a begin need not wait for thousands', async () => {
    const { folder } = await ledgerParts();
    const seconds = Date.now() / 1_000 - 3_600;
    for (let count = 0; count < 70; count += 1) {
      const path = folder.temporaryPath();
      await writeFile(path, '');
      await utimes(path, seconds, seconds);
    }
    const left = async () => {
      await new LedgerFolder(folder.path).prepare();
      return (await readdir(dirname(folder.temporaryPath()))).length;
    };
    expect([await left(), await left()]).toEqual([6, 0]);
  });

  it('may be taken away by somebody else meanwhile', async () => {
    const { folder } = await ledgerParts();
    const path = await folder.write('old');
    fileSystem.before = async (operation) => {
      if (operation === 'stat') await rm(path, { force: true });
    };
    await new LedgerFolder(folder.path).prepare();
    expect(await readdir(dirname(path))).toEqual([]);
    const another = await folder.write('another');
    await utimes(another, 0, 0);
    fileSystem.before = async (operation) => {
      if (operation === 'rm') await unlink(another);
    };
    await new LedgerFolder(folder.path).prepare();
    fileSystem.reset();
    expect(await readdir(dirname(path))).toEqual([]);
    await folder.write('a third');
    fileSystem.before = (operation) => {
      if (operation === 'stat') throw systemError('EIO');
    };
    await expect(new LedgerFolder(folder.path).prepare()).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('what a ledger takes out of use', () => {
  it('is gone, with all that is in it, also where it was gone before', async () => {
    const { folder } = await ledgerParts();
    const path = join(folder.records, 'record');
    await mkdir(path);
    await writeFile(join(path, '1.json'), '');
    await folder.discard(path);
    await folder.discard(path);
    expect([await readdir(folder.records), await readdir(dirname(folder.temporaryPath()))]).toEqual([[], []]);
  });

  it('is not gone where that fails, which is told', async () => {
    const { folder } = await ledgerParts();
    fileSystem.before = (operation) => {
      if (operation === 'rename') throw systemError('EACCES');
    };
    await expect(folder.discard(folder.keys)).rejects.toMatchObject({ code: 'EACCES' });
    fileSystem.reset();
    expect(await readdir(folder.path)).toContain('keys');
  });
});

describe('a step of a ledger', () => {
  it('is called back where somebody wants to know, and waited for', async () => {
    const seen: string[] = [];
    const folder = new LedgerFolder(await freshPath(), async (step) => {
      await new Promise(setImmediate);
      seen.push(step);
    });
    await folder.step('one');
    expect(seen).toEqual(['one']);
    await new LedgerFolder(await freshPath()).step('two');
  });
});

describe('marks and folders of a ledger', () => {
  it('are for their user only', async () => {
    const { folder } = await ledgerParts();
    await makeMarkIn(join(folder.due, '1000'), 'mark');
    expect((await stat(join(folder.due, '1000'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder.due, '1000', 'mark'))).mode & 0o777).toBe(0o600);
  });

  it('may be there already', async () => {
    const { folder } = await ledgerParts();
    for (let round = 0; round < 2; round += 1) {
      await makeFolder(join(folder.due, '1000'));
      await makeMarkIn(join(folder.due, '1000'), 'mark');
    }
    await writeFile(join(folder.due, '1000', 'mark'), 'what is in it stays');
    await makeMark(join(folder.due, '1000', 'mark'));
    expect(await readFile(join(folder.due, '1000', 'mark'), 'utf8')).toBe('what is in it stays');
  });

  it('are made anew where the folder is taken away at that very moment', async () => {
    const { folder } = await ledgerParts();
    const span = join(folder.due, '1000');
    let taken = 0;
    fileSystem.before = async (operation) => {
      if (operation !== 'open' || taken === 2) return;
      taken += 1;
      await rm(span, { recursive: true });
    };
    await makeMarkIn(span, 'mark');
    expect([taken, await readdir(span)]).toEqual([2, ['mark']]);
  });

  it('that cannot be made are told', async () => {
    const { folder } = await ledgerParts();
    await expect(makeFolder(join(folder.due, 'a', 'b'))).rejects.toThrow('ENOENT');
    await expect(makeMark(join(folder.due, 'a', 'b'))).rejects.toThrow('ENOENT');
    fileSystem.before = (operation) => {
      if (operation === 'open') throw systemError('ENOSPC');
    };
    await expect(makeMarkIn(join(folder.due, '1000'), 'mark')).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});

describe('looking into a folder', () => {
  it('finds nothing where there is none, and tells what else is wrong', async () => {
    const { folder } = await ledgerParts();
    expect(await namesIn(join(folder.due, 'missing'))).toEqual([]);
    await makeMark(join(folder.due, 'mark'));
    expect(await namesIn(folder.due)).toEqual(['mark']);
    await expect(namesIn(join(folder.due, 'mark'))).rejects.toThrow('ENOTDIR');
  });
});

describe('taking a folder away', () => {
  it('spares one that has something in it', async () => {
    const { folder } = await ledgerParts();
    const span = join(folder.due, '1000');
    await makeMarkIn(span, 'mark');
    await removeIfEmpty(span);
    expect(await readdir(span)).toEqual(['mark']);
    await rm(join(span, 'mark'));
    await removeIfEmpty(span);
    await removeIfEmpty(span);
    expect(await readdir(folder.due)).toEqual([]);
  });

  it.each(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY', 'ENOENT'])('bears %s, as systems say it', async (code) => {
    const { folder } = await ledgerParts();
    fileSystem.before = () => {
      throw systemError(code);
    };
    await expect(removeIfEmpty(folder.due)).resolves.toBeUndefined();
  });

  it('tells what else is wrong', async () => {
    const { folder } = await ledgerParts();
    fileSystem.before = () => {
      throw systemError('EIO');
    };
    await expect(removeIfEmpty(folder.due)).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('a name in a ledger', () => {
  it('is the one that ledgers on disk have, and keeps its parts apart', () => {
    // SHA-256 of ["a","b"].
    expect(nameOf('a', 'b')).toBe('0473ef2dc0d324ab659d3580c1134e9d812035905c4781fdd6d529b0c6860e13');
    const names = [nameOf('a', 'b'), nameOf('ab'), nameOf('a,b'), nameOf('a","b'), nameOf('a'), nameOf()];
    expect(new Set(names).size).toBe(names.length);
  });
});
