import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Terminal } from '../src/cli/terminal.js';
import { MAIN, runCli } from './cli-run.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resumable-usage-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HINT = '(--help shows all flags)\n';
const NO_TIME = 'It must be a while ago, such as 90m, 24h or 7d, or a time such as 2026-03-02T02:00Z.';
const needsMilliseconds = 'It must be a whole number of milliseconds, 1 to 2147483647.';

describe('what is wrong with a command is told at once', () => {
  it.each([
    ['inspect', "missing required arguments 'connection', 'workflow', 'execution'"],
    ['inspect c w', "missing required argument 'execution'"],
    ['ledger show', "missing required argument 'id'"],
    ['resume c', "missing required arguments 'workflow', 'execution' (or option '--plan <file>')"],
    [
      'follow',
      "missing required argument 'connection'",
      "missing required arguments 'workflow', 'execution' (or option '--receipt <file>')",
    ],
    ['follow --receipt r', "missing required argument 'connection'"],
    [
      'ledger settle',
      "missing required argument 'id'",
      "required option '--as <verdict>' not specified",
      "required option '--actor <name>' not specified",
      "required option '--reason <text>' not specified",
    ],
    [
      'resume c w --timeout-ms soon --poll-ms -3 --action jump',
      "missing required argument 'execution' (or option '--plan <file>')",
      "option '--action <action>' argument 'jump' is invalid. Allowed choices are resume, restart, skip, continue.",
      `option '--poll-ms <ms>' argument '-3' is invalid. ${needsMilliseconds}`,
      `option '--timeout-ms <ms>' argument 'soon' is invalid. ${needsMilliseconds}`,
    ],
    [
      // The first of several values that is wrong.
      'list c --state failed --state bad --state worse',
      "missing required argument 'workflow'",
      "option '--state <state>' argument 'bad' is invalid. Allowed choices are running, failed, paused, succeeded, stopped, unknown, all.",
    ],
  ])('%s', async (line, ...problems) => {
    const { exitCode, stdout, stderr } = await runCli(line.split(' '), folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(problems.map((problem) => `error: ${problem}\n`).join('') + HINT);
  });

  it.each([
    // An empty one would be the working directory: a ledger that knows of nothing.
    [['resume', 'c', 'w', 'e', '--ledger', ''], '--ledger <folder>', '', 'It must not be blank.'],
    [['connections', '--config', ' '], '--config <file>', ' ', 'It must not be blank.'],
    [['plan', 'c', 'w', 'e', '--out', ''], '--out <file>', '', 'It must not be blank.'],
    [['plan', 'c', 'w', 'e', '--html='], '--html [file]', '', 'It must not be blank.'],
    [['resume', '--plan', ''], '--plan <file>', '', 'It must not be blank.'],
    [['follow', 'c', '--receipt', ''], '--receipt <file>', '', 'It must not be blank.'],
    [['follow', 'c', 'w', 'e', '--poll-ms', '99999999999'], '--poll-ms <ms>', '99999999999', needsMilliseconds],
    [['list', 'c', 'w', '--since', '2999-01-01'], '--since <time>', '2999-01-01', 'It must not lie in the future.'],
    [['list', 'c', 'w', '--since', '2026-02-31'], '--since <time>', '2026-02-31', NO_TIME],
    [['list', 'c', 'w', '--since', '999999d'], '--since <time>', '999999d', NO_TIME],
  ])('and a value that cannot be: %j', async (args, option, value, why) => {
    const { exitCode, stderr } = await runCli(args, folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: option '${option}' argument '${value}' is invalid. ${why}\n`);
  });

  it('and two flags that name one file', async () => {
    const { exitCode, stderr } = await runCli(['plan', 'c', 'w', 'e', '--out', 'p', '--html=./p'], folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '--out and --html name the same file.\n' });
  });

  it('and what is needed still shows as needed', async () => {
    const [above, own, other] = await Promise.all(
      [['--help'], ['inspect', '--help'], ['help', 'plan']].map((args) => runCli(args, folder)),
    );
    expect(above?.stdout).toMatch(/inspect \[options\] <connection> <workflow> <execution>/);
    expect(own?.stdout).toMatch(/^Usage: resumable inspect \[options\] <connection> <workflow> <execution>\n/);
    expect(other?.stdout).toMatch(/^Usage: resumable plan \[options\] <connection> <workflow> <execution>\n/);
  });
});

describe('--config before the command', () => {
  beforeEach(async () => {
    const connections = { mine: { provider: 'obs', region: 'cn-north-4' } };
    await writeFile(join(folder, 'elsewhere.json'), JSON.stringify({ connections }));
  });

  it('is the command’s', async () => {
    const { exitCode, stdout } = await runCli(['--config', 'elsewhere.json', 'connections', '--json'], folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"mine"');
  });

  it.each([
    [
      '--config elsewhere.json list c w --config other.json',
      "option '--config' is given before the command and after it",
    ],
    ['--config elsewhere.json ledger list', "list takes no option '--config'"],
  ])('is refused in %s', async (line, problem) => {
    const { exitCode, stderr } = await runCli(line.split(' '), folder);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`error: ${problem}\n${HINT}`);
  });
});

describe('what cannot be written', () => {
  it.runIf(existsSync('/dev/full'))('is no success of a command that only tells', async () => {
    await writeFile(join(folder, 'c.json'), JSON.stringify({ connections: { a: { provider: 'obs', region: 'r' } } }));
    const told = `node ${MAIN} connections --config c.json`;
    const full = spawnSync('sh', ['-c', `${told} > /dev/full`], { cwd: folder, encoding: 'utf8' });
    expect(full).toMatchObject({ status: 1, stderr: expect.stringMatching(/^What there was to tell .*ENOSPC/) });
    const closed = spawnSync('sh', ['-c', `${told} | true; echo done`], { cwd: folder, encoding: 'utf8' });
    expect(closed).toMatchObject({ stdout: 'done\n', stderr: '' });
  });
});

describe('colours', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    [true, undefined, undefined, true],
    [false, undefined, undefined, false],
    [false, '1', undefined, true],
    [true, '0', undefined, false],
    [true, 'false', undefined, false],
    [false, '0', undefined, false],
    [true, undefined, '1', false],
    [true, '1', '1', false],
    [true, '', '', true],
  ])('on a terminal: %s, FORCE_COLOR=%s, NO_COLOR=%s: %s', (isTTY, FORCE_COLOR, NO_COLOR, coloured) => {
    vi.stubEnv('FORCE_COLOR', FORCE_COLOR);
    vi.stubEnv('NO_COLOR', NO_COLOR);
    expect(new Terminal({ isTTY } as NodeJS.WriteStream).coloured).toBe(coloured);
  });
});
