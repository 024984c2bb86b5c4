import { describe, expect, it } from 'vitest';
import { codeOf, LedgerError, ledgerErrorOf, unless } from '../src/ledger/ledger-error.js';

const failed = (code: unknown) => Object.assign(new Error('raw'), { code });

describe('an error of a ledger', () => {
  it.each([
    ['EACCES', 'right to read and write it'],
    ['EPERM', 'on a local disk that knows hard links'],
    ['EROFS', 'read-only file system: choose another folder'],
    ['ENOSPC', 'free some space'],
    ['EDQUOT', 'the quota of this user is used up'],
    ['EMFILE', 'raise its limit (ulimit -n)'],
    ['ENFILE', 'this machine has too many files open'],
    ['EEXIST', 'a file is in the place of a folder'],
    ['ENOTDIR', 'a part of its path is a file'],
    ['ENOENT', 'call again, which makes it anew'],
    ['ENOTSUP', 'choose a folder on a local disk'],
    ['ENOSYS', 'choose a folder on a local disk'],
    ['EXDEV', 'choose a folder on one local disk'],
    ['EIO', 'the disk fails: check it'],
    ['EODD', 'check the folder, or choose another one'],
  ])('%s names the folder and says what to do: %s', (code, advice) => {
    const cause = failed(code);
    const error = ledgerErrorOf('/state/ledger', cause) as LedgerError;
    expect(error).toBeInstanceOf(LedgerError);
    expect(error).toMatchObject({ name: 'LedgerError', code, cause });
    expect(error.message).toContain(`/state/ledger cannot be used (${code})`);
    expect(error.message).toContain(advice);
  });

  it('that says already what to do is passed on as it is', () => {
    const error = new LedgerError('move it away', failed('EIO'));
    expect(ledgerErrorOf('/state/ledger', error)).toBe(error);
  });

  it('that is none of the file system’s is passed on as it is', () => {
    for (const thrown of [new TypeError('a bug'), 'a word', 7, null, undefined, failed(-28)]) {
      expect(ledgerErrorOf('/state/ledger', thrown)).toBe(thrown);
    }
  });

  it('has no code and no cause where there was none', () => {
    const error = new LedgerError('move it away');
    expect(error.code).toBeUndefined();
    expect('cause' in error).toBe(false);
  });
});

describe('the system’s code of an error', () => {
  it('is a text, or none', () => {
    expect(['ENOENT', undefined, 7].map((code) => codeOf(failed(code)))).toEqual(['ENOENT', undefined, undefined]);
    expect([null, undefined, 'ENOENT', 7].map(codeOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('a step of which some errors are expected', () => {
  it('answers nothing for those, and fails with every other one', async () => {
    expect(await unless(['ENOENT', 'EEXIST'], Promise.reject(failed('EEXIST')))).toBeUndefined();
    await expect(unless(['ENOENT'], Promise.reject(failed('EIO')))).rejects.toMatchObject({ code: 'EIO' });
    await expect(unless(['ENOENT'], Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    await expect(unless([], Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    expect(await unless(['ENOENT'], Promise.resolve('done'))).toBe('done');
  });
});
