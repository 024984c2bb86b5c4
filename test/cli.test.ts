import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { runCli, startCli } from './cli-run.js';
import { loadReporter } from './load-reporter.js';

vi.setConfig({ testTimeout: 30_000 });

let emulator: ObsEmulator;
let folder: string;
const secret = 'SKEXAMPLEsecretKey0123456789abcdefghij00';

beforeEach(async () => {
  emulator = await new ObsEmulator().start();
  folder = await mkdtemp(join(tmpdir(), 'resumable-cli-'));
});
afterEach(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

const obs = (more: object = {}): object => ({
  provider: 'obs',
  endpoint: emulator.endpoint,
  credentials: { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: secret },
  ...more,
});
const configure = (connections: object, file = 'resumable.config.json'): Promise<void> =>
  writeFile(join(folder, file), JSON.stringify({ connections }));
/** What stands in a configuration for an environment variable. */
const fromEnv = (name: string): string => `$\{${name}}`;
const resume = ['resume', 'obs-north', 'graph_1', 'exec-001'];

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('resumable resume', () => {
  it('prints the execution to follow on stdout, the rest on stderr, and exits with 0', async () => {
    await configure({ 'obs-north': obs() });
    const { exitCode, stdout, stderr } = await runCli(resume, folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'exec-001\n' });
    expect(stderr).toMatch(/resumed.*graph_1.*obs-north/);
    expect(emulator.journal.committed).toHaveLength(1);
  });

  it('prints the receipt with --json', async () => {
    await configure({ 'obs-north': obs() });
    const { exitCode, stdout } = await runCli([...resume, '--json'], folder);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'accepted', receipt: { execution: 'exec-001', attempts: 1 } });
  });

  it('exits with 1 where nothing was resumed', async () => {
    await configure({ 'obs-north': obs() });
    const { exitCode, stdout, stderr } = await runCli(['resume', 'obs-north', 'graph_1', 'nope', '--json'], folder);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', error: { code: 'NOT_FOUND', effect: 'none' } });
    expect(stderr).toContain('Nothing was resumed.');
  });

  it.each(['skip', 'restart'])('exits with 1 where the connection cannot %s, and sends nothing', async (action) => {
    await configure({ 'obs-north': obs() });
    const { exitCode, stderr } = await runCli([...resume, '--action', action, '--node', 'a'], folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('UNIMPLEMENTED');
    expect(emulator.connections).toBe(0);
  });

  it('exits with 3 where the effect is unknown', async () => {
    await configure({ 'obs-north': obs() });
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const { exitCode, stdout, stderr } = await runCli(
      [...resume, '--timeout-ms', '1000', '--no-read-back', '--json'],
      folder,
    );
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'unknown',
      error: { code: 'DEADLINE_EXCEEDED', effect: 'unknown' },
    });
    expect(stderr).toContain('unknown');
    expect(emulator.journal.mutating).toHaveLength(1);
  });

  it('tells the verdict on Ctrl-C after the request was sent: unknown, exit code 3', async () => {
    await configure({ 'obs-north': obs() });
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const { child, done } = startCli([...resume, '--json'], folder);
    await until(() => emulator.journal.mutating.length === 1);
    child.kill('SIGINT');
    const { exitCode, stdout } = await done;
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'unknown', error: { code: 'CANCELLED', effect: 'unknown' } });
  });

  it('tells the verdict on Ctrl-C before anything was sent: refused, exit code 1', async () => {
    let connected = false;
    const silent = createTcpServer(() => {
      connected = true;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await configure({ 'obs-north': obs({ endpoint: `https://127.0.0.1:${(silent.address() as AddressInfo).port}` }) });
    const { child, done } = startCli(resume, folder);
    await until(() => connected);
    child.kill('SIGINT');
    const { exitCode, stderr } = await done;
    silent.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('CANCELLED');
  });

  it('loads only the provider in use', async () => {
    await configure({ 'obs-north': obs(), 'glue-eu': { provider: 'glue', region: 'eu-west-1' } });
    const { exitCode, stderr } = await startCli(resume, folder, {}, ['--import', loadReporter(2)]).done;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/LOADED .*providers\/obs\/index\.js/);
    expect(stderr).not.toMatch(/LOADED .*(providers\/(glue|aom)\/|@aws-sdk|\/yaml\/)/);
  });
});

describe('wrong usage exits with 2 and sends nothing', () => {
  afterEach(() => expect(emulator.connections).toBe(0));

  it.each([
    [[], /Usage: resumable/],
    [['resume', 'obs-north'], /missing required arguments 'workflow', 'execution'/],
    [[...resume, '--action', 'retry'], /Allowed choices are resume, restart, skip, continue/],
    [[...resume, '--timeout-ms', 'soon'], /whole number of milliseconds/],
    [[...resume, '--colour'], /unknown option '--colour'/],
    [['resume', 'obs-south', 'w', 'e'], /no connection "obs-south"\. There are: obs-north\./],
    [['explode'], /unknown command/],
  ] as const)('%j', async (args, said) => {
    await configure({ 'obs-north': obs() });
    const { exitCode, stdout, stderr } = await runCli(args, folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });

  it('without a configuration', async () => {
    const { exitCode, stderr } = await runCli(resume, folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('make resumable.config.json or resumable.config.yaml');
  });

  it('with a file that is no JSON, without quoting it', async () => {
    await writeFile(
      join(folder, 'resumable.config.json'),
      `{"connections":\n {"a": {"secretAccessKey": "${secret}" oops`,
    );
    const { exitCode, stderr } = await runCli(resume, folder);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is not valid JSON \(line 2\)/);
    expect(stderr).not.toContain(secret);
  });

  it('with every problem of the file at once', async () => {
    const connections = {
      'obs-north': { provider: 'obs', endpoint: `${fromEnv('NO_SUCH_A')}/${fromEnv('NO_SUCH_B')}` },
      other: { region: 'x' },
      third: 7,
    };
    await writeFile(join(folder, 'resumable.config.json'), JSON.stringify({ connections, retries: 3 }));
    const { exitCode, stderr } = await runCli(resume, folder);
    expect(exitCode).toBe(2);
    for (const part of [
      'connections.obs-north.endpoint needs the environment variable NO_SUCH_A',
      'connections.obs-north.endpoint needs the environment variable NO_SUCH_B',
      'connections.other.provider is missing',
      'connections.third must be an object',
      'retries is not known here',
    ]) {
      expect(stderr).toContain(part);
    }
  });

  it('without a connection', async () => {
    await configure({});
    const { exitCode, stderr } = await runCli(['connections'], folder);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('at least one connection'),
    });
  });

  it('in a line or two, and not with all flags', async () => {
    const { exitCode, stderr } = await runCli(['resume', '--nodes', 'x'], folder);
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n').length).toBeLessThan(5);
    expect(stderr).toContain('--help');
  });

  it('with every problem of the connection’s options at once', async () => {
    await configure({
      'obs-north': { provider: 'obs', endpoint: 'nowhere', slowDown: 'x', credentials: { accessKeyId: 'a' } },
    });
    const { exitCode, stderr } = await runCli(resume, folder);
    expect(exitCode).toBe(2);
    for (const field of ['endpoint', 'slowDown', 'credentials.secretAccessKey']) {
      expect(stderr).toContain(`connections.obs-north.${field} `);
    }
  });

  it('with a provider that nobody has installed', async () => {
    await configure({ 'obs-north': { provider: 'no-such-cloud' } });
    const { exitCode, stderr } = await runCli(resume, folder);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/no provider "no-such-cloud" .*Built in: glue, obs, aom\./);
  });
});

it('tells its version', async () => {
  expect((await runCli(['--version'], folder)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('the configuration', () => {
  it('needs the variables of the connection that is used, and no others', async () => {
    const other = { provider: 'obs', endpoint: fromEnv('NO_SUCH_A'), region: fromEnv('NO_SUCH_B') };
    await configure({ 'obs-north': obs(), other, 'obs-north.too': other });
    expect((await runCli(resume, folder)).exitCode).toBe(0);
    const { exitCode, stderr } = await runCli(['resume', 'other', 'graph_1', 'exec-001'], folder);
    expect(exitCode).toBe(2);
    for (const [option, name] of [
      ['endpoint', 'NO_SUCH_A'],
      ['region', 'NO_SUCH_B'],
    ]) {
      expect(stderr).toContain(`connections.other.${option} needs the environment variable ${name}, which is not set`);
    }
    expect((await runCli(['connections'], folder)).stderr).toContain('connections.other.endpoint needs');
  });

  it('may be YAML, and takes secrets from the environment', async () => {
    await writeFile(
      join(folder, 'resumable.config.yaml'),
      [
        'connections:',
        '  obs-north:',
        '    provider: obs',
        `    endpoint: ${emulator.endpoint}`,
        '    credentials:',
        `      accessKeyId: ${fromEnv('MY_AK')}`,
        `      secretAccessKey: ${fromEnv('MY_SK')}`,
      ].join('\n'),
    );
    const { exitCode, stdout } = await runCli(resume, folder, { MY_AK: 'AKIDEXAMPLE0000000', MY_SK: secret });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'exec-001\n' });
  });

  it('may lie elsewhere', async () => {
    await configure({ 'obs-north': obs() }, 'mine.json');
    expect(await runCli([...resume, '--config', 'mine.json'], folder)).toMatchObject({ exitCode: 0 });
  });

  it('may name a provider that is a package of its own', async () => {
    const custom = join(folder, 'custom.mjs');
    await writeFile(
      custom,
      `export function createCustomWorkflow({ name }) {
        return { name, provider: 'custom', capabilities: { actions: {}, notices: [] }, close: async () => {},
          resume: async ({ execution }) => ({ connection: name, provider: 'custom', workflow: 'w', execution,
            previousExecution: execution, sameExecution: true, action: 'resume', performed: 'resume', nodes: [],
            warnings: [], durationMs: 0 }) };
      }`,
    );
    await configure({ mine: { provider: `file://${custom}` } });
    expect(await runCli(['resume', 'mine', 'w', 'e-7'], folder)).toMatchObject({ exitCode: 0, stdout: 'e-7\n' });
  });
});

describe('resumable connections', () => {
  it('shows what each connection can do, with its notices, and sends nothing', async () => {
    const aom = { provider: 'aom', region: 'cn-north-4', projectId: '0123456789abcdef0123456789abcdef' };
    await configure({ 'obs-north': obs(), 'glue-eu': { provider: 'glue', region: 'eu-west-1' }, 'aom-north': aom });
    const { exitCode, stdout } = await runCli(['connections', '--json'], folder);
    expect(exitCode).toBe(0);
    const listed = JSON.parse(stdout) as { name: string; actions: object; newExecution: boolean; notices: string[] }[];
    expect(listed.map(({ name, actions }) => [name, Object.keys(actions)])).toEqual([
      ['obs-north', ['resume']],
      ['glue-eu', ['resume', 'restart']],
      ['aom-north', ['resume', 'restart', 'skip', 'continue']],
    ]);
    expect(listed.map(({ newExecution }) => newExecution)).toEqual([false, true, false]);
    expect((await runCli(['connections'], folder)).stdout).toMatch(/obs-north \(obs\)[\s\S]*takes no nodes[\s\S]*DWR/);
    expect(emulator.connections).toBe(0);
  });
});
