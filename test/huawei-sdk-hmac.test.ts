import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sdkDateOf, sdkHmac } from '../providers/huawei/sdk-hmac.js';
import { SdkHmacSigner } from '../providers/huawei/sdk-hmac-signer.js';
import type { ArrivedRequest } from '../providers/huawei/sdk-hmac-verify.js';
import { SdkHmacVerifier } from '../providers/huawei/sdk-hmac-verify.js';
import { VirtualClock } from '../src/testing/index.js';

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly query: Record<string, string>;
  readonly body: string;
  readonly input_headers: Record<string, string>;
  readonly canonical_request: string;
  readonly string_to_sign: string;
  readonly authorization: string;
}
interface Golden {
  readonly name: string;
  readonly ak: string;
  readonly sk: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly hashed_canonical_request?: string;
  readonly signed_headers: string;
  readonly signature: string;
}
const { credentials, sdk_hmac_sha256: vectors } = JSON.parse(
  readFileSync(new URL('fixtures/huawei-signatures.json', import.meta.url), 'utf8'),
) as {
  credentials: { ak: string; sk: string; security_token: string; project_id: string };
  sdk_hmac_sha256: { positive: Vector[]; official_golden: Golden[] };
};

const NOW = new Date('2020-08-27T12:38:10Z');

function keysOf({ input_headers }: Vector) {
  const securityToken = input_headers['X-Security-Token'];
  return { accessKeyId: credentials.ak, secretAccessKey: credentials.sk, ...(securityToken && { securityToken }) };
}

function targetOf({ url, query }: Vector): string {
  const search = new URLSearchParams(query).toString();
  return new URL(url).pathname + (search === '' ? '' : `?${search}`);
}

/** The vector as it arrives, with changes. */
function arrived(vector: Vector, change: Partial<ArrivedRequest> = {}): ArrivedRequest {
  const headers = Object.fromEntries(
    Object.entries(vector.input_headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: vector.method,
    target: targetOf(vector),
    body: Buffer.from(vector.body),
    ...change,
    headers: {
      ...headers,
      host: new URL(vector.url).host,
      authorization: vector.authorization,
      ...change.headers,
    },
  };
}

describe('signing with SDK-HMAC-SHA256', () => {
  it('covers seven recorded and three published requests', () => {
    expect(vectors.positive).toHaveLength(7);
    expect(vectors.official_golden).toHaveLength(3);
  });

  it.each(vectors.positive)('$name: the Authorization that official SDKs produce', (vector) => {
    const signer = new SdkHmacSigner(keysOf(vector), credentials.project_id);
    const { origin } = new URL(vector.url);
    const request = { origin, method: vector.method, path: targetOf(vector), headers: {}, body: vector.body };
    const { headers, ...rest } = signer.sign(request, NOW);
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'X-Project-Id': credentials.project_id,
      'X-Sdk-Date': '20200827T123810Z',
      ...(vector.input_headers['X-Security-Token'] ? { 'X-Security-Token': credentials.security_token } : {}),
      Authorization: vector.authorization,
    });
    expect(rest).toEqual({ origin, method: vector.method, path: targetOf(vector), body: vector.body });
  });

  it.each(vectors.positive)('$name: the canonical request and the string to sign', (vector) => {
    const headers = { ...vector.input_headers, Host: new URL(vector.url).host };
    const { method, body } = vector;
    const key = createSecretKey(credentials.sk, 'utf8');
    const signed = sdkHmac({ method, path: targetOf(vector), headers, body }, '20200827T123810Z', key);
    expect(signed.canonicalRequest).toBe(vector.canonical_request);
    expect(signed.stringToSign).toBe(vector.string_to_sign);
  });

  it.each(vectors.official_golden)('$name: whatever headers are signed', (golden) => {
    const { pathname, search } = new URL(golden.url);
    const { method, headers, body, sk } = golden;
    const key = createSecretKey(sk, 'utf8');
    const signed = sdkHmac({ method, path: pathname + search, headers, body }, headers['x-sdk-date'] ?? '', key);
    expect(signed.signature).toBe(golden.signature);
    expect(signed.signedHeaders).toBe(golden.signed_headers);
    const hash = golden.hashed_canonical_request;
    if (hash !== undefined) expect(signed.stringToSign.endsWith(`\n${hash}`)).toBe(true);
  });

  it('encodes everything but letters, digits and - _ . ~, once, and sorts the query', () => {
    const request = {
      method: 'GET',
      path: "/a%20b/%E5%B7%A5/x'(1)*!?b=2&a=z&a=%2F+y&c",
      headers: { 'X-Sdk-Date': ' 20200827T123810Z ' },
    };
    const { canonicalRequest } = sdkHmac(request, '20200827T123810Z', createSecretKey('secret', 'utf8'));
    expect(canonicalRequest.split('\n').slice(0, 5)).toEqual([
      'GET',
      '/a%20b/%E5%B7%A5/x%27%281%29%2A%21/',
      'a=%2F%20y&a=z&b=2&c=',
      'x-sdk-date:20200827T123810Z',
      '',
    ]);
  });

  it.each([
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a=1&a-=1', 'a=1&a-=1'],
    ['a-=1&a=1', 'a=1&a-=1'],
    ['action=skip&node_id=n', 'action=skip&node_id=n'],
  ])('sorts a plain query %s by name, then value', (given, canonical) => {
    const request = { method: 'GET', path: `/p?${given}`, headers: {} };
    const { canonicalRequest } = sdkHmac(request, '20200827T123810Z', createSecretKey('secret', 'utf8'));
    expect(canonicalRequest.split('\n')[2]).toBe(canonical);
  });

  it('replaces headers of its own and leaves the others alone', () => {
    const signer = new SdkHmacSigner({ accessKeyId: 'a', secretAccessKey: 'b' });
    const headers = { 'content-type': 'text/plain', authorization: 'old', HOST: 'old', 'X-Other': 'kept' };
    const signed = signer.sign({ origin: 'https://h:8443', method: 'GET', path: '/', headers }, NOW);
    expect(signed.headers).toEqual({
      'Content-Type': 'text/plain',
      'X-Sdk-Date': '20200827T123810Z',
      'X-Other': 'kept',
      Authorization: expect.stringContaining('SignedHeaders=content-type;host;x-sdk-date,'),
    });
  });

  it('writes the date in its own form', () => {
    expect(sdkDateOf(new Date('2026-01-02T03:04:05.678Z'))).toBe('20260102T030405Z');
  });
});

describe('verifying SDK-HMAC-SHA256', () => {
  const [restart] = vectors.positive as [Vector, ...Vector[]];
  const verifierOf = (vector: Vector, clock = new VirtualClock(NOW.getTime())) =>
    new SdkHmacVerifier(keysOf(vector), clock);

  it.each(vectors.positive)('$name is right', (vector) => {
    expect(verifierOf(vector).refusalOf(arrived(vector))).toBeUndefined();
  });

  it.each(vectors.official_golden)('$name is right', (golden) => {
    const { ak, sk, method, headers, url, body = '', signed_headers, signature } = golden;
    const date = (headers['x-sdk-date'] ?? '').replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z');
    const verifier = new SdkHmacVerifier({ accessKeyId: ak, secretAccessKey: sk }, new VirtualClock(Date.parse(date)));
    const authorization = `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=${signed_headers}, Signature=${signature}`;
    const { pathname, search } = new URL(url);
    const request = {
      method,
      target: pathname + search,
      headers: { ...headers, authorization },
      body: Buffer.from(body),
    };
    expect(verifier.refusalOf(request)).toBeUndefined();
  });

  const tampered: [string, Partial<ArrivedRequest>][] = [
    ['method', { method: 'PUT' }],
    ['path', { target: targetOf(restart).replace('wf-0001', 'wf-0002') }],
    ['node', { target: targetOf(restart).replace('node-0001', 'node-0002') }],
    ['action', { target: targetOf(restart).replace('restart', 'skip') }],
    ['a further query', { target: `${targetOf(restart)}&x=1` }],
    ['body', { body: Buffer.from('{}') }],
    ['host', { headers: { host: 'aom.cn-east-3.myhuaweicloud.com' } }],
    ['project', { headers: { 'x-project-id': 'f'.repeat(32) } }],
    ['date', { headers: { 'x-sdk-date': '20200827T123811Z' } }],
    ['content type', { headers: { 'content-type': 'text/plain' } }],
    ['signature', { headers: { authorization: restart.authorization.replace(/.$/, '0') } }],
  ];
  it.each(tampered)('refuses another %s', (_what, change) => {
    expect(verifierOf(restart).refusalOf(arrived(restart, change))).toEqual({
      providerCode: 'APIGW.0301',
      message: 'Incorrect IAM authentication information: verify aksk signature fail',
    });
  });

  it.each([
    ['no Authorization', { authorization: undefined }, 'missing or malformed'],
    ['another scheme', { authorization: 'OBS AK:signature' }, 'missing or malformed'],
    ['another key', { authorization: restart.authorization.replace('AKIDEXAMPLE', 'AKIDANOTHER') }, 'ak not exist'],
    ['a signed header missing', { 'x-project-id': undefined }, 'is missing'],
    [
      'no signed date',
      { authorization: restart.authorization.replace(';x-sdk-date', '') },
      'a signed header or x-sdk-date is missing',
    ],
    ['an unexpected security token', { 'x-security-token': 'token' }, 'wrong security token'],
  ])('refuses %s', (_what, headers, why) => {
    const refusal = verifierOf(restart).refusalOf(arrived(restart, { headers: headers as ArrivedRequest['headers'] }));
    expect(refusal?.providerCode).toBe('APIGW.0301');
    expect(refusal?.message).toContain(why);
  });

  it.each([
    [15 * 60_000, undefined],
    [-15 * 60_000, undefined],
    [15 * 60_000 + 1, 'APIGW.0303'],
    [-15 * 60_000 - 1, 'APIGW.0303'],
  ])('of a clock %i ms off answers %s', (skewMs, providerCode) => {
    const clock = new VirtualClock(NOW.getTime() + skewMs);
    expect(verifierOf(restart, clock).refusalOf(arrived(restart))?.providerCode).toBe(providerCode);
  });

  it('refuses a date that is none', () => {
    const headers = { 'x-sdk-date': '20201327T123810Z' };
    expect(verifierOf(restart).refusalOf(arrived(restart, { headers }))?.providerCode).toBe('APIGW.0303');
  });

  it('locks the key for five minutes after more than five bad signatures in a row', () => {
    const clock = new VirtualClock(NOW.getTime());
    const verifier = verifierOf(restart, clock);
    const bad = arrived(restart, { method: 'PUT' });
    for (let count = 0; count < 5; count += 1) verifier.refusalOf(bad);
    expect(verifier.refusalOf(arrived(restart))).toBeUndefined();
    for (let count = 0; count < 5; count += 1) verifier.refusalOf(bad);
    expect(verifier.locked).toBe(false);
    expect(verifier.refusalOf(bad)?.message).toContain('verify aksk signature fail');
    expect(verifier.locked).toBe(true);
    expect(verifier.refusalOf(arrived(restart))?.message).toContain('AK access failed to reach the limit');
    clock.advance(5 * 60_000 - 1);
    expect(verifier.refusalOf(arrived(restart))?.message).toContain('AK access failed to reach the limit');
    clock.advance(1);
    expect(verifier.refusalOf(arrived(restart))).toBeUndefined();
  });
});
