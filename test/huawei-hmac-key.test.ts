import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacKey } from '../providers/huawei/hmac-key.js';
import { onceASecond } from '../providers/huawei/once-a-second.js';
import { sdkHmac } from '../providers/huawei/sdk-hmac.js';
import { SdkHmacSigner } from '../providers/huawei/sdk-hmac-signer.js';
import { ObsSigner } from '../providers/obs/auth.js';
import { canonicalResource, signatureOf, stringToSign } from '../providers/obs/signature.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 60, maxLength: 300 }));
/** What ids, names and their percent-encoded forms are made of, and what is in the way of the short forms. */
const piece = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', '-', '.', '_', '~', '%20', '%E5%B7%A5', '+', '=', ','),
  maxLength: 6,
});
const query = fc
  .array(fc.tuple(fc.constantFrom('x-workflow-graph-name', 'action', 'a', 'a-b', ''), piece), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
/** With the one name that every restore has, more often than chance would have it. */
const asked = fc.oneof(
  query,
  piece.map((value) => `x-workflow-graph-name=${value}`),
);
const path = fc
  .tuple(fc.array(piece, { maxLength: 3 }), fc.boolean(), asked)
  .map(([parts, asks, names]) => `/${parts.join('/')}${asks ? `?${names}` : ''}`);

describe('an HMAC out of two hashes', () => {
  it.each(['sha1', 'sha256'] as const)('with %s is that of Node, whatever the key and the texts', (algorithm) => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (secret, texts) => {
        const key = new HmacKey(algorithm, secret);
        for (const one of texts) {
          expect(key.sign(one, 'hex')).toBe(createHmac(algorithm, secret).update(one, 'utf8').digest('hex'));
          expect(key.sign(one, 'base64')).toBe(createHmac(algorithm, secret).update(one, 'utf8').digest('base64'));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a signer', () => {
  const credentials = { accessKeyId: 'ak', secretAccessKey: 'sk' };

  it('of SDK-HMAC-SHA256 signs as the plain form of the algorithm does', () => {
    const key = createSecretKey(credentials.secretAccessKey, 'utf8');
    fc.assert(
      fc.property(path, fc.option(text, { nil: undefined }), fc.boolean(), (target, body, temporary) => {
        const keys = temporary ? { ...credentials, securityToken: 'token' } : credentials;
        const request = { origin: 'https://h:8443', method: 'POST', path: target, headers: { 'X-Other': 'o' }, body };
        const {
          Authorization = '',
          'X-Other': other,
          ...headers
        } = new SdkHmacSigner(keys, 'project').sign(request, NOW).headers;
        const sent = { ...headers, Host: 'h:8443' };
        const plain = sdkHmac({ method: 'POST', path: target, headers: sent, body }, headers['X-Sdk-Date'] ?? '', key);
        expect(other).toBe('o');
        expect(Authorization).toContain(`SignedHeaders=${plain.signedHeaders}, Signature=${plain.signature}`);
      }),
      { numRuns: 500 },
    );
  });

  it('of OBS signs as the plain form of the algorithm does', () => {
    const key = createSecretKey(credentials.secretAccessKey, 'utf8');
    const signer = new ObsSigner(credentials, canonicalResource);
    fc.assert(
      fc.property(path, (target) => {
        const { headers } = signer.sign({ origin: 'https://h', method: 'PUT', path: target, headers: {} }, NOW);
        const [plainPath = '', ...rest] = target.split('?');
        const resource = canonicalResource(plainPath, new URLSearchParams(rest.join('?')));
        const plain = stringToSign({ method: 'PUT', headers: { date: NOW.toUTCString() }, resource });
        expect(headers['Authorization']).toBe(`OBS ak:${signatureOf(key, plain)}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('texts of as many bytes', () => {
  it('are signed each for itself, also where the second needs more room', () => {
    const key = new HmacKey('sha256', 'secret');
    for (const signed of ['é'.repeat(40), 'a'.repeat(80), 'é'.repeat(150), 'a'.repeat(300), 'b'.repeat(300)]) {
      expect(key.sign(signed, 'hex')).toBe(createHmac('sha256', 'secret').update(signed).digest('hex'));
    }
  });
});

describe('a date that is written once a second', () => {
  it('is written anew when the second is another one, also an earlier one', () => {
    const write = onceASecond((date) => date.toISOString());
    const texts = [1_000, 1_999, 2_000, 1_999].map((ms) => write(new Date(ms)));
    expect(texts).toEqual([1_000, 1_000, 2_000, 1_999].map((ms) => new Date(ms).toISOString()));
  });
});
