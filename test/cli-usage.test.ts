import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './cli-run.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resumable-usage-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HINT = '(--help shows all flags)\n';
const needsMilliseconds = 'It must be a whole number of milliseconds, 1 or more.';

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
