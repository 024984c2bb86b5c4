import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomOptions } from '../providers/aom/index.js';
import { createAomWorkflow, registerAom } from '../providers/aom/index.js';
import { createRegistry } from '../src/registry.js';
import { AomBench, RESTART, settle } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

describe('credentials of AOM', () => {
  const variables = ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK', 'HUAWEICLOUD_SDK_PROJECT_ID'];
  afterEach(() => {
    for (const name of variables) delete process.env[name];
  });

  it('and the project come from the variables of the SDKs', async () => {
    const { accessKeyId, secretAccessKey } = bench.emulator.credentials;
    process.env['HUAWEICLOUD_SDK_AK'] = accessKeyId;
    process.env['HUAWEICLOUD_SDK_SK'] = secretAccessKey;
    process.env['HUAWEICLOUD_SDK_PROJECT_ID'] = bench.emulator.projectId;
    const workflow = bench.connect({ credentials: undefined, projectId: undefined });
    expect(await workflow.resume(RESTART)).toMatchObject({ attempts: 1 });
  });

  it('are named with their variables where there are none', async () => {
    const error = await rejected(bench.connect({ credentials: undefined }).resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 0 });
    expect(error.message).toMatch(/credentials.*HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK/);
    expect(bench.emulator.connections).toBe(0);
  });

  it('of a function are asked for each request where they do not say when they run out', async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return { ...bench.emulator.credentials };
    };
    const workflow = bench.connect({ credentials });
    await workflow.resume(RESTART);
    await rejected(workflow.resume(RESTART));
    expect(asked).toBe(2);
  });

  it.each([
    [{ accessKeyId: 'AKIDEXAMPLE0000000' }, 'secretAccessKey is missing'],
    [{ token: 'two\nlines' }, 'token must be printable ASCII'],
    [{ username: 'u', password: 'p', domainName: 'd' }, 'accessKeyId is missing'],
    [undefined, 'must be an object with accessKeyId and secretAccessKey, or with a token. '],
  ])('of a function are checked: %j', async (supplied, why) => {
    const error = await rejected(bench.connect({ credentials: async () => supplied as never }).resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 0 });
    expect(error.message).toContain(why);
    expect(bench.emulator.connections).toBe(0);
  });

  it.each([
    ['the deadline', { timeoutMs: 60 }, 'DEADLINE_EXCEEDED'],
    ['an abort', {}, 'CANCELLED'],
  ] as const)('that arrive after %s send nothing', async (_what, options, code) => {
    const stop = new AbortController();
    let supply = (): void => {};
    const credentials = () =>
      new Promise<typeof bench.emulator.credentials>((resolve) => {
        supply = () => resolve(bench.emulator.credentials);
      });
    const call = bench.connect({ credentials }).resume(RESTART, { ...options, signal: stop.signal });
    if (!('timeoutMs' in options)) setTimeout(() => stop.abort(), 30);
    expect(await rejected(call)).toMatchObject({ code, effect: 'none', attempts: 0 });
    supply();
    await settle();
    expect(bench.emulator.connections).toBe(0);
  });
});

describe('options of AOM', () => {
  const project = '0123456789abcdef0123456789abcdef';
  const problemsOf = (options: unknown) => {
    try {
      createAomWorkflow(options as AomOptions);
    } catch (error) {
      return (error as { problems: unknown }).problems;
    }
    return [];
  };

  it('are refused all at once, each by name', () => {
    expect(problemsOf({ credentials: { username: 'u', password: '' }, retries: 3, region: 'CN North' })).toEqual(
      expect.arrayContaining([
        { field: 'name', message: 'is missing' },
        { field: 'region', message: 'must be a region id such as cn-north-4' },
        { field: 'projectId', message: 'is missing: pass it, or set HUAWEICLOUD_SDK_PROJECT_ID' },
        { field: 'credentials.password', message: 'must not be empty' },
        { field: 'credentials.domainName', message: 'is missing' },
        { field: 'retries', message: 'is not known here; remove it or mend its spelling' },
      ]),
    );
  });

  it.each([
    [{ name: 'a', projectId: project }, 'region', 'is missing: pass region or endpoint'],
    [{ name: 'a', region: 'cn-north-4', projectId: project.slice(1) }, 'projectId', 'must be 32 letters and digits'],
    [{ name: 'a', region: 'cn-north-4', projectId: `${project}0` }, 'projectId', 'must be 32 letters and digits'],
    [
      { name: 'a', region: 'cn-north-4', projectId: `../${project.slice(3)}` },
      'projectId',
      'must be 32 letters and digits',
    ],
    [
      { name: 'a', region: 'cn-north-4', projectId: project, credentials: { token: 'a', accessKeyId: 'b' } },
      'credentials.accessKeyId',
      'is not known here; remove it or mend its spelling',
    ],
    [
      {
        name: 'a',
        endpoint: 'https://aom.example',
        projectId: project,
        credentials: { username: 'u', password: 'p', domainName: 'd' },
      },
      'credentials.iamEndpoint',
      'is missing: pass it, or region',
    ],
    [
      {
        name: 'a',
        region: 'cn-north-4',
        projectId: project,
        credentials: { username: 'u', password: 'p', domainName: 'd', iamEndpoint: 'http://iam.example' },
      },
      'credentials.iamEndpoint',
      'is plain http to another machine: use https, or set allowInsecureEndpoint to send credentials in the clear',
    ],
    [
      { name: 'a', region: 'cn-north-4', projectId: project, ca: '/etc/ssl/ca.pem' },
      'ca',
      'must be the PEM itself, not the path of a file',
    ],
    [
      { name: 'a', region: 'cn-north-4', projectId: project, key: '-----BEGIN PRIVATE KEY-----' },
      'cert',
      'is missing: key is of no use without it',
    ],
    [
      { name: 'a', region: 'cn-north-4', projectId: project, cert: '-----BEGIN CERTIFICATE-----' },
      'key',
      'is missing: cert is of no use without it',
    ],
  ])('%j are refused', (options, field, message) => {
    expect(problemsOf(options)).toEqual([{ field, message }]);
  });

  it('are refused at registration already', () => {
    expect(() => registerAom(createRegistry(), { name: 'a' })).toThrowError(/region is missing/);
  });

  it('make a connection of the registry', async () => {
    const { endpoint, projectId, credentials } = bench.emulator;
    const registry = createRegistry();
    const key = registerAom(registry, { name: 'aom-north', endpoint, projectId, credentials });
    expect(await registry.get(key).resume(RESTART)).toMatchObject({ connection: 'aom-north' });
    await registry.close();
  });
});
