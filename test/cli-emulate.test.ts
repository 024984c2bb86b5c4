import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { EmulatedConnection } from '../src/testing/index.js';
import { runCli, startCli } from './cli-run.js';

vi.setConfig({ testTimeout: 30_000 });

async function emulate(args: readonly string[]) {
  const run = startCli(['emulate', ...args], tmpdir());
  for (let tries = 0; tries < 400 && run.stdoutSoFar().split('\n').length < 4; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const lines = run
    .stdoutSoFar()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EmulatedConnection);
  const of = (provider: string): EmulatedConnection =>
    lines.find((line) => line.provider === provider) as EmulatedConnection;
  return { lines, of, stop: () => run.child.kill('SIGINT'), done: run.done };
}

describe('resumable emulate', () => {
  it('prints a line for each service, whose failed workflow can be resumed with what the line says', async () => {
    const { lines, of, stop, done } = await emulate([]);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual([
        'provider',
        'endpoint',
        'region',
        'projectId',
        'credentials',
        'workflow',
        'execution',
        'nodes',
      ]);
    }
    const [glue, obs, aom] = [of('glue'), of('obs'), of('aom')];
    const { endpoint, region, projectId, credentials } = aom;
    const workflows = [
      [
        glue,
        createGlueWorkflow({
          name: 'g',
          endpoint: glue.endpoint,
          region: glue.region,
          credentials: glue.credentials as never,
        }),
      ],
      [obs, createObsWorkflow({ name: 'o', endpoint: obs.endpoint, credentials: obs.credentials as never })],
      [
        aom,
        createAomWorkflow({
          name: 'a',
          endpoint,
          region,
          projectId: projectId ?? '',
          credentials: credentials as never,
        }),
      ],
    ] as const;
    for (const [{ workflow, execution, nodes }, connection] of workflows) {
      const receipt = await connection.resume({ workflow, execution });
      expect(receipt.nodes).toEqual(nodes);
      await connection.close();
    }
    stop();
    expect(await done).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('takes ports, credentials, a project and a frozen clock', async () => {
    const { of, stop, done } = await emulate([
      ...['--port', 'obs=0', '--access-key', 'AKMINE', '--secret-key', 'SKMINE', '--security-token', 'TMINE'],
      ...['--project-id', 'fedcba9876543210fedcba9876543210', '--clock', '2020-08-27T12:38:10Z'],
    ]);
    const keys = { accessKeyId: 'AKMINE', secretAccessKey: 'SKMINE' };
    expect(of('obs').credentials).toEqual({ ...keys, securityToken: 'TMINE' });
    expect(of('aom')).toMatchObject({
      projectId: 'fedcba9876543210fedcba9876543210',
      credentials: { ...keys, securityToken: 'TMINE' },
    });
    expect(of('glue').credentials).toEqual({ ...keys, sessionToken: 'TMINE' });
    const answer = await fetch(of('obs').endpoint);
    expect(answer.headers.get('date')).toBe('Thu, 27 Aug 2020 12:38:10 GMT');
    stop();
    expect(await done).toMatchObject({ exitCode: 0 });
  });

  it('can be steered over HTTP: faults, journal, clock', async () => {
    const { of, stop, done } = await emulate([]);
    const { endpoint, credentials, workflow, execution } = of('obs');
    const control = (path: string, body?: object): Promise<Response> =>
      fetch(`${endpoint}/_emulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    expect((await control('faults', { kind: 'reset', when: 'after' })).status).toBe(200);
    expect((await control('faults', { kind: 'nonsense', when: 'never' })).status).toBe(400);
    const connection = createObsWorkflow({ name: 'o', endpoint, credentials: credentials as never });
    await expect(connection.resume({ workflow, execution }, { readBack: 'off' })).rejects.toMatchObject({
      effect: 'unknown',
    });
    await connection.close();
    const journal = await (await control('journal')).text();
    expect(JSON.parse(journal)).toMatchObject({
      entries: [{ operation: 'restore', committed: true, fault: 'reset after commit' }],
    });
    expect(journal).not.toContain('Authorization');
    stop();
    await done;
  });

  it.each([
    [['--port', 'nowhere=1'], /--port takes/],
    [['--port', 'obs=99999'], /--port takes .* a port from 0 to 65535; got "obs=99999"/],
    [['--port', 'obs=1=2'], /--port takes/],
    [['--clock', 'noon'], /--clock takes a time/],
    [['--clock', '2026-02-31'], /--clock takes a time/],
    [['--port', 'obs=1', '--port', 'obs=2'], /--port obs=… is given twice/],
    [['--project-id', 'mine'], /--project-id takes 32 letters and digits/],
    [
      ['--secret-key', '', '--port', 'x', '--clock', 'noon', '--port', 'y'],
      /^--port .*"x"\.\n--port .*"y"\.\n--clock .*\n--secret-key must not be empty\.\n$/,
    ],
  ])('refuses %j', async (args, said) => {
    const { exitCode, stderr } = await runCli(['emulate', ...args], tmpdir());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
  });

  it('says when a port is taken', async () => {
    const { of, stop, done } = await emulate([]);
    const { port } = new URL(of('aom').endpoint);
    const second = await runCli(['emulate', '--port', `glue=${port}`], tmpdir());
    expect(second).toMatchObject({ exitCode: 2, stdout: '' });
    expect(second.stderr).toContain('EADDRINUSE');
    stop();
    await done;
  });
});

interface DemoLine {
  readonly step: string;
  readonly connection: string;
  readonly status?: string;
  readonly settled?: boolean;
  readonly snapshot?: { readonly state: string };
}

describe('resumable demo', () => {
  it('tells the same story on each service, shows a refusal, and ends by itself with 0', async () => {
    const { exitCode, stdout, stderr } = await runCli(['demo', '--json'], tmpdir());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as DemoLine);
    const steps = lines.filter(({ step, settled }) => step !== 'follow' || settled === true);
    expect(
      steps.map(({ step, connection, status, snapshot }) => [step, connection, status ?? snapshot?.state]),
    ).toEqual([
      ...['my-glue', 'my-obs', 'my-aom'].flatMap((connection) => [
        ['inspect', connection, 'failed'],
        ['plan', connection, undefined],
        ['resume', connection, 'accepted'],
        ['follow', connection, 'succeeded'],
      ]),
      ['refusal', 'my-glue', 'refused'],
    ]);
    expect(lines.length).toBeGreaterThan(3 * steps.length);
  });

  it('is plain text of 80 columns when piped, the same each time, and coloured when asked', async () => {
    const colour = '\u001b';
    const runs = await Promise.all([runCli(['demo'], tmpdir()), runCli(['demo'], tmpdir())]);
    const [one, other] = runs.map(({ stdout }) =>
      stdout.replaceAll(/127\.0\.0\.1:\d+|\d{4}-\d\d-\d\d \S+|(request|took) +.*|wr_\w+/g, '…'),
    );
    expect(one).toBe(other);
    expect(one).not.toContain(colour);
    expect(runs[0].stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const word of ['transform', 'transcode', 'run-script'])
      expect(one).toMatch(new RegExp(`✔ succeeded {2}${word}`));
    expect((await runCli(['demo'], tmpdir(), { FORCE_COLOR: '1' })).stdout).toContain(colour);
  });
});
