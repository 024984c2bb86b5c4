import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GlueCredentials } from '../providers/glue/index.js';
import { answering, connected, eagerClient, emulated, environment, settled } from './glue-connection.js';
import { rejected } from './rejected.js';

interface Where {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: GlueCredentials;
}

const KINDS = [
  ['the library’s own client', (where: Where) => connected(where)],
  ['a client that was handed in', (where: Where) => connected({ client: eagerClient(where) })],
] as const;

const target = { workflow: 'wf', execution: 'wr_1', nodes: ['wnode_1'] };
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
const none = { effect: 'none', attempts: 0 };

/** As on a machine that knows nothing of AWS. */
function bareEnvironment(): void {
  environment({
    AWS_REGION: undefined,
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  });
}

describe.each(KINDS)('over %s', (_kind, connect) => {
  it('without a region nothing is sent, and the message says what to set', async () => {
    bareEnvironment();
    const error = await rejected(connect({ credentials: keys }).resume(target));
    expect(error).toMatchObject({ ...none, code: 'INVALID_ARGUMENT' });
    expect(error.message).toMatch(/Region is missing.*option region.*AWS_REGION/);
  });

  it('without credentials nothing is sent, and the message says what to set', async () => {
    bareEnvironment();
    const error = await rejected(connect({ region: 'eu-west-1' }).resume(target));
    expect(error).toMatchObject({ ...none, code: 'UNAUTHENTICATED' });
    expect(error.message).toMatch(/option credentials.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the vault is sealed')), 'the vault is sealed'],
    ['throws what is no error', () => Promise.reject({ message: 'no error' } as unknown as Error), '[object Object]'],
    ['supplies nothing to sign with', () => Promise.resolve({} as never), 'no accessKeyId'],
    ['supplies no secret', () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE' } as never), 'no secretAccessKey'],
  ])('a source that %s sends nothing', async (_what, credentials, why) => {
    const { endpoint, requests } = await answering(200, {}, '{"RunId":"wr_2"}');
    const error = await rejected(connect({ endpoint, region: 'eu-west-1', credentials }).resume(target));
    expect(error).toMatchObject({ ...none, code: 'UNAUTHENTICATED' });
    expect(error.message).toContain(why);
    expect(requests).toHaveLength(0);
  });

  it('a source that never answers ends with the deadline', async () => {
    const credentials = () => new Promise<never>(() => {});
    const workflow = connect({ endpoint: 'http://127.0.0.1:9', region: 'eu-west-1', credentials });
    const startedMs = performance.now();
    const error = await rejected(workflow.resume(target, { timeoutMs: 100 }));
    expect(error).toMatchObject({ ...none, code: 'DEADLINE_EXCEEDED' });
    expect(performance.now() - startedMs).toBeLessThan(150);
  });

  it.each([
    ['the deadline', 'DEADLINE_EXCEEDED', { timeoutMs: 80 }],
    ['an abort', 'CANCELLED', { signal: 'abort' }],
  ] as const)('credentials that come after %s send nothing', async (_what, code, ending) => {
    const { endpoint, sockets } = await answering(200, {}, '{"RunId":"wr_2"}');
    let supply = (): void => {};
    const credentials = () =>
      new Promise<typeof keys>((resolve) => {
        supply = () => resolve(keys);
      });
    const stop = new AbortController();
    const options = 'timeoutMs' in ending ? ending : { signal: stop.signal };
    const call = rejected(connect({ endpoint, region: 'eu-west-1', credentials }).resume(target, options));
    setTimeout(() => stop.abort(), 60);
    expect(await call).toMatchObject({ ...none, code });
    supply();
    await settled();
    expect(sockets.opened).toBe(0);
  });

  it('credentials that are renewed in the middle and come after the deadline send nothing', async () => {
    const { endpoint, sockets } = await answering(200, {}, '{"RunId":"wr_2"}');
    let supply = (): void => {};
    let asked = 0;
    const credentials = () => {
      asked += 1;
      // Run out already: the SDK asks again before it signs.
      const identity = { ...keys, expiration: new Date(Date.now() - 1000) };
      if (asked < 3) return Promise.resolve(identity);
      return new Promise<typeof identity>((resolve) => {
        supply = () => resolve(identity);
      });
    };
    const workflow = connect({ endpoint, region: 'eu-west-1', credentials });
    const error = await rejected(workflow.resume(target, { timeoutMs: 150 }));
    expect(error).toMatchObject({ ...none, code: 'DEADLINE_EXCEEDED' });
    expect(asked).toBe(3);
    supply();
    await settled();
    expect(sockets.opened).toBe(0);
  });

  it('a source is asked once for as long as what it supplied is good', async () => {
    const emulator = await emulated();
    const { endpoint, region, sample } = emulator;
    let asked = 0;
    const credentials = () => {
      asked += 1;
      return Promise.resolve({ ...emulator.credentials, expiration: new Date(Date.now() + 3_600_000) });
    };
    const workflow = connect({ endpoint, region, credentials });
    for (let call = 0; call < 3; call += 1) await workflow.resume(sample);
    expect(asked).toBe(1);
  });

  it('the default chain reads the environment', async () => {
    bareEnvironment();
    const emulator = await emulated();
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    environment({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    const { endpoint, region, sample } = emulator;
    expect(await connect({ endpoint, region }).resume(sample)).toMatchObject({ attempts: 1 });
  });

  it('no secret shows in an error, although the server echoes all of them', async () => {
    const secrets = { accessKeyId: 'AKIDSECRET01', secretAccessKey: 'sk/secret+02', sessionToken: 'token//secret==03' };
    const echo = Object.values(secrets).join(' and ');
    const body = JSON.stringify({ __type: 'ExpiredTokenException', message: `expired: ${echo}` });
    const { endpoint } = await answering(400, { 'x-amzn-RequestId': 'req token//secret==03' }, body);
    const error = await rejected(connect({ endpoint, region: 'eu-west-1', credentials: secrets }).resume(target));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 1 });
    expect(error.message).toContain('expired: [concealed] and [concealed] and [concealed]');
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
  });

  it('no secret shows either where it was renewed between the look at it and the signature', async () => {
    let asked = 0;
    const credentials = () => {
      asked += 1;
      const expiration = new Date(Date.now() - 1000);
      return Promise.resolve({ ...keys, sessionToken: `token-number-${asked}`, expiration });
    };
    const echo = Array.from({ length: 9 }, (_, index) => `token-number-${index + 1}`).join(' ');
    const body = JSON.stringify({ __type: 'ExpiredTokenException', message: echo });
    const { endpoint } = await answering(400, {}, body);
    const workflow = connect({ endpoint, region: 'eu-west-1', credentials });
    const { message } = await rejected(workflow.resume(target));
    // The last one is what the request was signed with.
    expect(asked).toBeGreaterThan(2);
    expect(message).not.toContain(`token-number-${asked}`);
    expect(message).toContain('token-number-9');
  });
});

describe('the options', () => {
  const refusing = (options: object) => () => connected(options as never);

  it('are refused with everything that is wrong with them', () => {
    const options = { region: '-', credentials: { accessKeyId: '', token: 'x' }, client: 'glue', stoppedNodes: true };
    try {
      refusing(options)();
      expect.fail('they were taken');
    } catch (error) {
      const { problems } = error as { problems: { field: string }[] };
      expect(problems.map(({ field }) => field)).toEqual(
        expect.arrayContaining([
          'region',
          'credentials.accessKeyId',
          'credentials.secretAccessKey',
          'client',
          'stoppedNodes',
        ]),
      );
    }
  });

  it('take an identity of the SDK’s own, with whatever else it carries', async () => {
    const credentials = {
      ...keys,
      expiration: new Date(),
      accountId: '123456789012',
      $source: { CREDENTIALS_CODE: 'e' },
    };
    await connected({ region: 'eu-west-1', credentials: credentials as GlueCredentials }).close();
  });

  it('beside a client name every one that it makes useless', () => {
    const options = {
      client: eagerClient({ region: 'eu-west-1' }),
      region: 'eu-west-1',
      endpoint: 'https://glue.eu-west-1.amazonaws.com',
      allowInsecureEndpoint: false,
      credentials: keys,
      proxy: 'http://127.0.0.1:3128',
      ca: 'ca',
      cert: 'cert',
      key: 'key',
    };
    const fields = Object.keys(options).filter((field) => field !== 'client');
    expect(refusing(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', effect: 'none' }) as Error);
    for (const field of fields) expect(refusing(options)).toThrow(`${field} must be left out where a client is passed`);
  });
});
