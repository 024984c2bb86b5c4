import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ObsSigner } from '../providers/obs/auth.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { canonicalResource } from '../providers/obs/signature.js';
import { VirtualClock } from '../src/testing/index.js';
import vectors from './fixtures/huawei-signatures.json' with { type: 'json' };

const { ak, sk, security_token } = vectors.credentials;
const SIGNED_AT = 'Thu, 27 Aug 2020 12:38:10 GMT';
const { positive, negative_must_not_match: negative } = vectors.obs_v2;

let emulator: ObsEmulator | undefined;
afterEach(() => emulator?.close());

type Vector = (typeof positive)[number];

const headersOf = (vector: Vector): Record<string, string> => Object.fromEntries(vector.headers);
const isTemporary = (vector: Vector): boolean => headersOf(vector)['x-obs-security-token'] !== undefined;

function sign(
  vector: Pick<Vector, 'method' | 'request_target'>,
  temporary: boolean,
  dateHeader?: 'Date' | 'x-obs-date',
) {
  const keys = { accessKeyId: ak, secretAccessKey: sk, ...(temporary ? { securityToken: security_token } : {}) };
  return new ObsSigner(keys, canonicalResource, dateHeader).sign(
    {
      origin: 'http://127.0.0.1',
      method: vector.method,
      path: vector.request_target,
      headers: { 'Content-Type': 'application/json' },
    },
    new Date(SIGNED_AT),
  );
}

async function startFor(temporary: boolean): Promise<ObsEmulator> {
  emulator = await new ObsEmulator({
    clock: new VirtualClock(Date.parse(SIGNED_AT)),
    credentials: { accessKeyId: ak, secretAccessKey: sk, ...(temporary ? { securityToken: security_token } : {}) },
  }).start();
  return emulator;
}

/** Replays recorded bytes: `fetch` would not send a Host or Date of our choice. */
function replay(origin: string, method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const sent = httpRequest({ hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('OBS signature, positive vectors', () => {
  it.each(positive)('$name is produced by the signer', (vector) => {
    const dateHeader = headersOf(vector)['x-obs-date'] === undefined ? 'Date' : 'x-obs-date';
    const { headers } = sign(vector, isTemporary(vector), dateHeader);
    expect(headers['Authorization']).toBe(vector.authorization);
    expect(headers[dateHeader]).toBe(SIGNED_AT);
  });

  it.each(positive)('$name is accepted by the emulator', async (vector) => {
    const { endpoint, journal } = await startFor(isTemporary(vector));
    const answer = await replay(endpoint, vector.method, vector.request_target, headersOf(vector), vector.body);
    expect(answer.status).toBe(200);
    expect(journal.entries[0]?.operation).not.toBe('unauthenticated');
  });
});

describe('OBS signature, negative vectors', () => {
  it.each(negative)('$name is never produced by the signer', (vector) => {
    for (const temporary of [false, true]) {
      for (const dateHeader of ['Date', 'x-obs-date'] as const) {
        const { headers } = sign({ method: 'PUT', request_target: vector.request_target }, temporary, dateHeader);
        expect(headers['Authorization']).not.toBe(vector.authorization);
      }
    }
  });

  it.each(negative)('$name is answered 403 by the emulator', async (vector) => {
    const { endpoint, journal } = await startFor(false);
    const headers = { 'Content-Type': 'application/json', Date: SIGNED_AT, Authorization: vector.authorization };
    const answer = await replay(endpoint, 'PUT', vector.request_target, headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('SignatureDoesNotMatch');
    expect(journal.committed).toHaveLength(0);
  });

  it('signs the decoded query value where the wire carries an encoded one', () => {
    const vector = negative.find(({ name }) => name === 'neg-encoded-graph-name');
    const { headers } = sign({ method: 'PUT', request_target: vector?.request_target ?? '' }, false);
    expect(headers['Authorization']).toBe(vector?.correct_authorization);
  });
});

describe('OBS emulator, who may ask', () => {
  const target = positive[0]?.request_target ?? '';

  it.each([
    ['no Authorization', {}, 'AccessDenied'],
    ['another scheme', { Authorization: 'AWS4-HMAC-SHA256 x' }, 'AccessDenied'],
    ['an unknown access key', { Authorization: 'OBS NOBODY:uVpHpwie4L+8PQI3b4utGNkvC8c=' }, 'InvalidAccessKeyId'],
    ['no date', { Date: '', Authorization: positive[0]?.authorization ?? '' }, 'AccessDenied'],
    [
      'a date 16 minutes off',
      { Date: 'Thu, 27 Aug 2020 12:22:10 GMT', Authorization: positive[0]?.authorization ?? '' },
      'RequestTimeTooSkewed',
    ],
    [
      'a token that it does not know',
      { 'x-obs-security-token': 'x', Authorization: positive[0]?.authorization ?? '' },
      'AccessDenied',
    ],
  ])('refuses %s with 403', async (_what, headers, code) => {
    const { endpoint } = await startFor(false);
    const answer = await replay(endpoint, 'PUT', target, {
      'Content-Type': 'application/json',
      Date: SIGNED_AT,
      ...headers,
    } as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
  });
});
