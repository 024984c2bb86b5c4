import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { LedgerError } from '../src/ledger/ledger-error.js';
import {
  intentOf,
  LEASE_MS,
  listed,
  own,
  refusedSettlement,
  START_MS,
  sameTargetAs,
} from '../src/testing/ledger-bench.js';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
  folder = join(parent, 'state', 'ledger');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** Every path below a folder. */
async function below(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}
describe('the folder of a FileResumeLedger', () => {
  it('is made when something is begun, not before, and for its user only', async () => {
    const ledger = new FileResumeLedger(folder);
    expect([await ledger.find('x'), await listed(ledger), await ledger.claim('x', 'o', 0, 1)]).toEqual([
      undefined,
      [],
      undefined,
    ]);
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
    await own(ledger, intentOf({ key: 'k' }));
    for (const path of ['.', ...(await below(folder))]) {
      const status = await stat(join(folder, path));
      expect([path, status.mode & 0o777]).toEqual([path, status.isDirectory() ? 0o700 : 0o600]);
    }
    expect(ledger.folder).toBe(folder);
  });

  it('has names that nobody outside can choose', async () => {
    const evil = '../../../evil';
    const target = { workflow: evil, execution: '/etc/evil', action: 'resume', nodes: [evil] } as const;
    await own(new FileResumeLedger(folder), intentOf({ id: evil, key: evil, target, connection: evil }));
    expect(await readdir(parent)).toEqual(['state']);
    expect(await readdir(join(parent, 'state'))).toEqual(['ledger']);
    for (const path of await below(folder)) {
      expect(path).toMatch(
        /^(records|targets|keys|settled|due|temporary)(\/[0-9a-f]{64}|\/\d+)?(\/\d+\.json|\/[0-9a-f]{64}(\.[0-9a-f]{16})?)?$/,
      );
    }
  });

  it('keeps few files of a record, however often its lease is prolonged', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    for (let round = 0; round < 20; round += 1) await ledger.renew(intent.id, 1, START_MS + round, LEASE_MS);
    expect((await below(join(folder, 'records'))).filter((path) => path.endsWith('.json'))).toHaveLength(3);
  });

  it('keeps no slot for a target whose intent is settled', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    expect(await readdir(join(folder, 'targets'))).toHaveLength(1);
    await ledger.settle(intent.id, 1, refusedSettlement());
    expect(await readdir(join(folder, 'targets'))).toEqual([]);
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });

  it('notes for a target what is settled, not what is only renewed, released or claimed', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    await ledger.renew(intent.id, 1, START_MS, LEASE_MS);
    await ledger.release(intent.id, 1, 'lost');
    await ledger.claim(intent.id, 'second', START_MS, LEASE_MS);
    expect(await readdir(join(folder, 'settled'))).toEqual([]);
    expect(await readdir(join(folder, 'targets'))).toHaveLength(1);
    await ledger.settle(intent.id, 2, refusedSettlement());
    expect(await readdir(join(folder, 'settled'))).toHaveLength(1);
  });

  it('is made anew where somebody has removed it', async () => {
    const ledger = new FileResumeLedger(folder);
    await own(ledger, intentOf());
    await rm(folder, { recursive: true });
    await expect(own(ledger, intentOf())).rejects.toThrow(/removed while it was in use: call again/);
    expect((await own(ledger, intentOf())).fence).toBe(1);
  });
});

describe('a lease in a FileResumeLedger', () => {
  const gone = `2147483646@${hostname()}`;

  it('counts as none where its owner is a process of this host that is gone', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf({ key: 'k' }), gone);
    expect((await ledger.find(intent.id))?.lease).toBeUndefined();
    const { connection, target } = intent;
    expect((await ledger.lookup({ key: 'k', target: { ...target, connection } }))?.lease).toBeUndefined();
    expect((await listed(ledger))[0]?.lease).toBeUndefined();
    const { status, record } = await ledger.begin(sameTargetAs(intent), 'next', START_MS, LEASE_MS);
    expect([status, record.lease]).toEqual(['pending', undefined]);
    expect((await ledger.claim(intent.id, 'next', START_MS, LEASE_MS))?.fence).toBe(2);
  });

  it.each([
    ['a process that lives', `${process.pid}@${hostname()}`],
    ['the process of another user', `1@${hostname()}`],
    ['a process of another host', '2147483646@elsewhere'],
    ['a word of its own', 'somebody'],
    ['something like a process', `-1@${hostname()}`],
    ['a process with more to its name', `2147483646@${hostname()}/worker`],
  ])('stands where its owner is %s', async (_what, owner) => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf(), owner);
    expect((await ledger.find(intent.id))?.lease?.owner).toBe(owner);
    expect(await ledger.claim(intent.id, 'next', START_MS, LEASE_MS)).toBeUndefined();
  });

  it('stands where its owner’s process was one of another boot or container', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf(), gone);
    const versions = (await below(join(folder, 'records'))).filter((path) => path.endsWith('.json'));
    for (const version of versions) {
      const path = join(folder, 'records', version);
      const state = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...state, space: 'elsewhere' }));
    }
    expect((await ledger.find(intent.id))?.lease?.owner).toBe(gone);
  });
});

describe('an error of a FileResumeLedger', () => {
  it.each([
    ['EACCES', /right to read and write/],
    ['EROFS', /read-only/],
    ['ENOSPC', /disk is full/],
    ['EMFILE', /ulimit -n/],
    ['ENFILE', /too many files/],
    ['EIO', /disk fails/],
    ['ENOTSUP', /hard links/],
    ['EWHATEVER', /check the folder/],
  ])('%s names the folder and says what to do', async (code, advice) => {
    const onStep = () => {
      throw Object.assign(new Error('raw'), { code });
    };
    const error: unknown = await new FileResumeLedger(folder, { onStep })
      .begin(intentOf(), 'o', START_MS, LEASE_MS)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    const { message, code: told } = error as LedgerError;
    expect(message).toContain(folder);
    expect(message).toContain(code);
    expect(message).toMatch(advice);
    expect(told).toBe(code);
  });

  it('is told where a file is in the place of the folder', async () => {
    await writeFile(join(parent, 'state'), 'a file');
    const ledger = new FileResumeLedger(folder);
    await expect(own(ledger, intentOf())).rejects.toThrow(/ENOTDIR.*choose another folder/);
    await expect(ledger.find('x')).rejects.toThrow(LedgerError);
    await expect(listed(ledger)).rejects.toThrow(LedgerError);
  });

  it.skipIf(process.getuid?.() === 0)('is told where the folder may not be written to', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o500);
    await expect(own(new FileResumeLedger(folder), intentOf())).rejects.toThrow(/EACCES.*right to read and write/);
  });

  it('is told where a record was written by a newer version, with its path', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    const [version = ''] = (await below(join(folder, 'records'))).filter((path) => path.endsWith('2.json'));
    for (const content of [
      '{"format":2}',
      'no JSON',
      '7',
      'null',
      '{"format":1,"record":null}',
      '{"format":1,"record":{}}',
      '{"format":1,"record":{"intent":{"id":"x","target":null}}}',
    ]) {
      await writeFile(join(folder, 'records', version), content);
      await expect(ledger.find(intent.id)).rejects.toThrow(
        /records\/.*2\.json is no record that this version can read/,
      );
    }
    // The others are not concerned.
    expect((await own(ledger, intentOf())).fence).toBe(1);
  });

  it('lists what is its own, whatever else was put into its folders', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    for (const within of ['records', 'targets', 'keys']) {
      await mkdir(join(folder, within), { recursive: true });
      await writeFile(join(folder, within, '.DS_Store'), '');
      await mkdir(join(folder, within, 'lost+found'), { recursive: true });
    }
    expect((await listed(ledger)).map(({ intent: { id } }) => id)).toEqual([intent.id]);
    expect((await own(ledger, intentOf())).fence).toBe(1);
  });

  it.each([1, 2, 7])('lists all others before it tells of %i records that cannot be read', async (damaged) => {
    const ledger = new FileResumeLedger(folder);
    for (let count = 0; count < damaged; count += 1) await own(ledger, intentOf());
    const paths = (await below(join(folder, 'records'))).filter((path) => path.endsWith('2.json'));
    for (const path of paths) await writeFile(join(folder, 'records', path), 'no JSON');
    const whole = [await own(ledger, intentOf()), await own(ledger, intentOf())];
    await ledger.settle(whole[1]?.intent.id ?? '', 1, refusedSettlement());
    const ids: string[] = [];
    const listing = (async () => {
      for await (const { intent } of ledger.list()) ids.push(intent.id);
    })();
    const error = await listing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    const { message } = error as LedgerError;
    expect(ids).toEqual(whole.map(({ intent }) => intent.id));
    expect(message).toContain(damaged === 1 ? ' is no record' : `${damaged} files are no records`);
    expect(paths.filter((path) => message.includes(path))).toHaveLength(Math.min(damaged, 5));
    expect(message.includes('and 2 more.')).toBe(damaged === 7);
  });

  it('is told where an id is used twice', async () => {
    const ledger = new FileResumeLedger(folder);
    const { intent } = await own(ledger, intentOf());
    await ledger.settle(intent.id, 1, refusedSettlement());
    await expect(own(ledger, intentOf({ id: intent.id }))).rejects.toThrow(/an id is used once/);
    expect((await ledger.find(intent.id))?.settlement).toBeDefined();
  });
});
