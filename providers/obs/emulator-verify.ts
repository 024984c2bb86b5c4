import { createSecretKey, timingSafeEqual } from 'node:crypto';
import type { EmulatedRequest } from '../../src/testing/emulator-server.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { canonicalResource, signatureOf, stringToSign } from './signature.js';

/** @see OBS API reference, "错误码": RequestTimeTooSkewed */
const MAX_SKEW_MS = 15 * 60_000;

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Checks an OBS signature (V2) in full; undefined where it is right. */
export function verifyObs(request: EmulatedRequest, keys: AccessKeys, nowMs: number): Refusal | undefined {
  const { headers } = request;
  const [, accessKeyId, signature] = /^OBS ([^:\s]+):(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    return refused('AccessDenied', 'The Authorization header is missing or is not of the form "OBS AK:signature".');
  }
  const date = Date.parse(headerOf(headers, 'x-obs-date') ?? headerOf(headers, 'date') ?? '');
  if (Number.isNaN(date)) return refused('AccessDenied', 'The request carries no valid Date or x-obs-date.');
  if (Math.abs(nowMs - date) > MAX_SKEW_MS) {
    return refused('RequestTimeTooSkewed', 'The request time and the server time differ by more than 15 minutes.');
  }
  if (accessKeyId !== keys.accessKeyId) return refused('InvalidAccessKeyId', 'The access key does not exist.');
  // Which code refuses a wrong security token is inferred.
  if (headerOf(headers, 'x-obs-security-token') !== keys.securityToken) {
    return refused('AccessDenied', 'The security token is missing, wrong or not wanted.');
  }
  const resource = canonicalResource(request.path, request.query);
  const expected = signatureOf(
    createSecretKey(keys.secretAccessKey, 'utf8'),
    stringToSign({ method: request.method, headers: joined(headers), resource }),
  );
  return isEqual(expected, signature)
    ? undefined
    : refused('SignatureDoesNotMatch', 'The signature does not match the one computed from the request.');
}

function refused(code: string, message: string): Refusal {
  return { status: 403, code, message };
}

function headerOf(headers: EmulatedRequest['headers'], name: string): string | undefined {
  return joined(headers)[name];
}

function joined(headers: EmulatedRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
