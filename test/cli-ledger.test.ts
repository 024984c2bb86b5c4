import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateFolder } from '../src/cli/state-folder.js';
import { nameOf } from '../src/ledger/ledger-folder.js';
import { refusedSettlement } from '../src/testing/ledger-bench.js';
import { CliLedgerBench } from './cli-ledger-bench.js';

vi.setConfig({ testTimeout: 30_000 });

let bench: CliLedgerBench;

beforeEach(async () => {
  bench = await CliLedgerBench.open();
});
afterEach(() => bench.close());

describe('resumable ledger list', () => {
  it('shows what is not settled first, and says how much of it is unknown', async () => {
    const settled = await bench.intent({ key: 'a', actor: undefined, reason: undefined });
    await bench.ledger.settle(settled, 1, { ...refusedSettlement(), settledAtMs: Date.now() });
    await bench.intent({ key: 'b' });
    await bench.intent({ key: 'c' }, Date.now());
    const { exitCode, stdout } = await bench.run('ledger', 'list');
    expect(exitCode).toBe(0);
    const marks = stdout.split('\n').filter((line) => /^[…?✔✘]/.test(line));
    expect(marks.map((line) => line.slice(0, 11).trim()).sort()).toEqual(['? unknown', '… under way', '✘ refused']);
    expect(marks[2]).toMatch(/^✘/);
    expect(stdout).toMatch(/by ann: the disk was full/);
    expect(stdout).toMatch(/3 intents, 1 of unknown effect .*resumable-workflow\n$/);
  });

  it('shows what can be read before it tells of a record that cannot', async () => {
    const [damaged, whole] = [await bench.intent({}), await bench.intent({})];
    const path = join(bench.state, 'records', nameOf(damaged), '2.json');
    await writeFile(path, '{"format":');
    for (const json of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await bench.run('ledger', 'list', ...json);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(whole);
      expect(stdout).not.toContain(damaged);
      expect(stderr).toContain(`${path} is no record that this version can read: move it away`);
    }
  });

  it('shows the oldest first, of what is not settled and of what is', async () => {
    const ids: string[] = [];
    for (const createdAtMs of [3_000, 1_000, 2_000]) ids.push(await bench.intent({ createdAtMs }));
    for (const createdAtMs of [30, 10, 20]) {
      const id = await bench.intent({ createdAtMs });
      await bench.ledger.settle(id, 1, { ...refusedSettlement(), settledAtMs: Date.now() });
      ids.push(id);
    }
    const { stdout } = await bench.run('ledger', 'list');
    const shown = [...stdout.matchAll(/^ {2}(\S+) /gm)].map(([, id]) => id);
    expect(shown).toEqual([ids[1], ids[2], ids[0], ids[4], ids[5], ids[3]]);
  });

  it('shows an empty ledger, and makes no folder for it', async () => {
    expect((await bench.run('ledger', 'list')).stdout).toMatch(
      /^No intents in .*resumable-workflow, which is not there yet\n$/,
    );
    expect(await readdir(bench.folder)).toEqual(['resumable.config.json']);
  });

  it('prints nothing that a terminal would obey', async () => {
    const evil = '\u001b[2J\u0007\u202e\n✔ accepted  forged';
    const target = { workflow: evil, execution: evil, action: 'resume', nodes: [evil] } as const;
    const id = await bench.intent({ target, key: evil, reason: evil, actor: evil, connection: evil });
    for (const args of [['list'], ['show', id]]) {
      const { stdout } = await bench.run('ledger', ...args);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^✔/mu);
    }
  });
});

describe('resumable ledger show', () => {
  it('shows one intent, and how to go on where its effect is unknown', async () => {
    const id = await bench.intent({ key: 'ticket-7' });
    await bench.ledger.release(id, 1, 'the answer was lost');
    const { exitCode, stdout } = await bench.run('ledger', 'show', id);
    expect(exitCode).toBe(0);
    for (const part of [id, 'ticket-7', 'resume → restart', 'join, load', 'ann', 'the answer was lost']) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toContain(`resumable ledger reconcile ${id}`);
    expect(JSON.parse((await bench.run('ledger', 'show', id, '--json')).stdout)).toMatchObject({ intent: { id } });
  });

  it('shows the decision on a settled one', async () => {
    const id = await bench.intent();
    await bench.ledger.settle(id, 1, refusedSettlement());
    const { stdout } = await bench.run('ledger', 'show', id);
    expect(stdout).toMatch(
      /✘ refused[\s\S]*FAILED_PRECONDITION: it is not in a failed state[\s\S]*ann, .*: seen in the console/,
    );
    expect(stdout).not.toContain('reconcile');
  });

  it('exits with 1 where there is no such intent', async () => {
    const { exitCode, stderr } = await bench.run('ledger', 'show', 'nothing');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^There is no intent nothing in .*\n$/);
  });
});

describe('the state folder', () => {
  it.each([
    [{}, 'linux', '/home/ann', '/home/ann/.local/state/resumable-workflow'],
    [{ XDG_STATE_HOME: '/state' }, 'linux', '/home/ann', '/state/resumable-workflow'],
    [{ XDG_STATE_HOME: 'relative' }, 'linux', '/home/ann', '/home/ann/.local/state/resumable-workflow'],
    [{}, 'darwin', '/Users/ann', '/Users/ann/Library/Application Support/resumable-workflow'],
    [{ XDG_STATE_HOME: '/state' }, 'darwin', '/Users/ann', '/state/resumable-workflow'],
    [
      { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' },
      'win32',
      'x',
      'C:\\Users\\ann\\AppData\\Local\\resumable-workflow',
    ],
    [{}, 'win32', 'C:\\Users\\ann', 'C:\\Users\\ann\\AppData\\Local\\resumable-workflow'],
  ] as const)('with %j on %s', (environment, platform, home, expected) => {
    expect(stateFolder(environment, platform, home)).toBe(expected);
  });
});
