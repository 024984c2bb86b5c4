import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AomEmulatorOptions } from '../providers/aom/emulator.js';
import { AomEmulator, createAomEmulator } from '../providers/aom/emulator.js';
import { VirtualClock } from '../src/testing/index.js';
import { callWithToken, sendRaw, TWO_NODES } from './aom-bench.js';

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly query: Record<string, string>;
  readonly body: string;
  readonly input_headers: Record<string, string>;
  readonly authorization: string;
}
const vectors = (
  JSON.parse(readFileSync(new URL('fixtures/huawei-signatures.json', import.meta.url), 'utf8')) as {
    sdk_hmac_sha256: { positive: Vector[] };
  }
).sdk_hmac_sha256.positive;
const RECORDED_AT_MS = Date.parse('2020-08-27T12:38:10Z');

let emulator: AomEmulator;
beforeEach(() => start());
afterEach(() => emulator.close());

async function start(options: AomEmulatorOptions = {}): Promise<void> {
  emulator = await new AomEmulator(options).start();
  emulator.define(TWO_NODES);
}

async function restart(options: AomEmulatorOptions): Promise<void> {
  await emulator.close();
  await start(options);
}

/** The recorded request, byte for byte, except for a change. */
function replay(vector: Vector, change: { path?: string; headers?: Record<string, string>; body?: string } = {}) {
  const search = new URLSearchParams(vector.query).toString();
  const { pathname, host } = new URL(vector.url);
  return sendRaw(emulator.endpoint, {
    method: vector.method,
    path: change.path ?? pathname + (search === '' ? '' : `?${search}`),
    headers: { ...vector.input_headers, Host: host, Authorization: vector.authorization, ...change.headers },
    body: change.body ?? vector.body,
  });
}

const call = (method: string, path: string, body?: string) => callWithToken(emulator, method, path, body);
const operate = (action: string) =>
  call('POST', `workflow/wf-0001/executions/ex-0001/operation?action=${action}&node_id=node-0001`);

describe('a recorded request to the AOM emulator', () => {
  const EXPECTED: Record<string, [number, string]> = {
    'aom-operation-restart': [200, 'operation'],
    'aom-operation-skip': [200, 'operation'],
    'aom-operation-continue': [400, 'operation'],
    'aom-operation-security-token': [200, 'operation'],
    'aom-execution-status': [200, 'status'],
    'aom-workflow-list-body': [200, 'workflow-list'],
    'dwr-v3-retry': [404, 'unknown'],
  };

  it.each(vectors)('$name is authenticated', async (vector) => {
    const { credentials } = emulator;
    const securityToken = vector.input_headers['X-Security-Token'];
    const clock = new VirtualClock(RECORDED_AT_MS);
    await restart({ clock, credentials: { ...credentials, securityToken } });
    const answer = await replay(vector);
    const [entry] = emulator.journal.entries;
    expect([answer.status, entry?.operation]).toEqual(EXPECTED[vector.name]);
    if (vector.name === 'dwr-v3-retry') expect(answer.body).toContain('APIGW.0101');
  });

  it.each(vectors)('$name is refused when it was tampered with, and once it is old', async (vector) => {
    const { credentials } = emulator;
    const clock = new VirtualClock(RECORDED_AT_MS);
    await restart({ clock, credentials: { ...credentials, securityToken: vector.input_headers['X-Security-Token'] } });
    const changes = [
      { path: `${new URL(vector.url).pathname}/more` },
      { headers: { Host: 'aom.example' } },
      { headers: { 'X-Project-Id': 'f'.repeat(32) } },
      ...(vector.method === 'GET' ? [] : [{ body: '{"other":true}' }]),
    ];
    for (const change of changes) {
      const answer = await replay(vector, change);
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('verify aksk signature fail');
    }
    clock.advance(15 * 60_000 + 1);
    expect((await replay(vector)).body).toContain('APIGW.0303');
    const refused = emulator.journal.entries.filter(({ operation }) => operation === 'unauthenticated');
    expect(refused).toHaveLength(changes.length + 1);
  });

  it('locks the key after more than five bad ones', async () => {
    const clock = new VirtualClock(RECORDED_AT_MS);
    await restart({ clock });
    const [vector] = vectors as [Vector];
    for (let count = 0; count < 6; count += 1) await replay(vector, { headers: { Host: 'aom.example' } });
    expect((await replay(vector)).body).toContain('AK access failed to reach the limit');
    clock.advance(5 * 60_000);
    expect((await replay(vector)).status).toBe(200);
  });

  it('is refused without any proof, and with a token that was never issued', async () => {
    const path = `/v1/${emulator.projectId}/cms/workflow/wf-0001/executions`;
    const headers = { 'X-Auth-Token': 'MIInever' };
    expect((await sendRaw(emulator.endpoint, { method: 'GET', path, headers: {} })).body).toContain('APIGW.0301');
    expect((await sendRaw(emulator.endpoint, { method: 'GET', path, headers })).body).toContain('decrypt token fail');
  });
});

describe('the AOM emulator', () => {
  it.each([
    ['GET', 'workflow/wf-0001'],
    ['GET', 'workflow/wf-0001/executions/ex-0001/operation'],
    ['POST', 'workflow/wf-0001/executions/ex-0001/operation/more'],
    ['DELETE', 'workflow/wf-0001/executions/ex-0001'],
  ])('answers as its gateway does where there is no API: %s %s', async (method, path) => {
    const { status, json } = await call(method, path);
    expect(status).toBe(404);
    expect(json).toEqual({
      error_code: 'APIGW.0101',
      error_msg: expect.stringContaining('does not exist'),
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(emulator.journal.entries[0]).toMatchObject({ operation: 'unknown', mutating: false });
  });

  it('refuses a project that is not its own', async () => {
    const answer = await sendRaw(emulator.endpoint, {
      method: 'POST',
      path: `/v1/${'f'.repeat(32)}/cms/workflow/wf-0001/executions/ex-0001/operation?action=restart&node_id=node-0001`,
      headers: { 'X-Auth-Token': emulator.issueToken() },
    });
    expect(answer).toMatchObject({ status: 403 });
    expect(emulator.journal.committed).toHaveLength(0);
  });

  it.each([
    [{}, { error_code: 'AOM.31001418', error_msg: expect.any(String), http_code: 400 }],
    [
      { errorMessageKey: 'error_message', httpCodeStyle: 'string' },
      { error_message: expect.any(String), http_code: '400' },
    ],
    [{ httpCodeStyle: 'htp_code' }, { htp_code: '400' }],
  ] as const)('writes errors as the documents do, in each way: %j', async (knobs, body) => {
    await restart({ knobs });
    expect((await operate('continue')).json).toMatchObject(body);
  });

  it.each([
    ['string', '{"result":"success"}'],
    ['object', '{"result":{}}'],
    ['missing', '{}'],
  ] as const)('writes success with result as %s', async (result, body) => {
    await restart({ knobs: { result, contentType: false, requestIdHeader: 'x-trace' } });
    const answer = await operate('restart');
    expect(answer.body).toBe(body);
    expect(answer.headers['content-type']).toBeUndefined();
    expect(answer.headers['x-trace']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses a login that is none', async () => {
    const answer = await sendRaw(emulator.endpoint, {
      method: 'POST',
      path: '/v3/auth/tokens',
      headers: {},
      body: '{}',
    });
    expect(answer).toMatchObject({ status: 400 });
    expect(emulator.journal.entries[0]).toMatchObject({ operation: 'token', body: '[concealed]', mutating: false });
  });

  it('says how to connect to it, and can be made from settings that fit every provider', async () => {
    const own = await createAomEmulator({ accessKeyId: 'AKOTHER', projectId: 'f'.repeat(32) }).start();
    expect(own.describe()).toEqual({
      provider: 'aom',
      endpoint: own.endpoint,
      region: 'cn-north-4',
      projectId: 'f'.repeat(32),
      credentials: { accessKeyId: 'AKOTHER', secretAccessKey: emulator.credentials.secretAccessKey },
      workflow: 'wf-0001',
      execution: 'ex-0001',
      nodes: ['run-script'],
    });
    await own.close();
  });
});
