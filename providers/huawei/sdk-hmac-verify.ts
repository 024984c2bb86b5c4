import type { KeyObject } from 'node:crypto';
import { createSecretKey, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessKeys } from './access-keys.js';
import { sdkDateOf, sdkHmac } from './sdk-hmac.js';

/** A signed request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** Why a signature is refused, in the gateway's words; always 401. */
export interface SdkHmacRefusal {
  readonly providerCode: 'APIGW.0301' | 'APIGW.0303';
  readonly message: string;
}

/** @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-0001.html: within 15 minutes */
const MAX_SKEW_MS = 15 * 60_000;
/** @see the same page: locked for five minutes after more than five failures in a row */
const FAILURES_BEFORE_LOCK = 5;
const LOCKED_MS = 5 * 60_000;
const FORM = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Verifies SDK-HMAC-SHA256 signatures of one access key, over whatever headers the request declares as signed, and locks
 * the key as the gateway does.
 */
export class SdkHmacVerifier {
  readonly #keys: AccessKeys;
  readonly #key: KeyObject;
  readonly #clock: { readonly nowMs: number };
  #failures = 0;
  #lockedUntilMs = Number.NEGATIVE_INFINITY;

  /** @param clock - tells the time in epoch milliseconds: skew and lock go by it. */
  constructor(keys: AccessKeys, clock: { readonly nowMs: number }) {
    this.#keys = keys;
    this.#key = createSecretKey(keys.secretAccessKey, 'utf8');
    this.#clock = clock;
  }

  /** Whether the key is locked for too many bad signatures. */
  get locked(): boolean {
    return this.#clock.nowMs < this.#lockedUntilMs;
  }

  /** Why the request is refused; undefined where its signature is right. */
  refusalOf(request: ArrivedRequest): SdkHmacRefusal | undefined {
    const [, accessKeyId, signedHeaders, signature] = FORM.exec(request.headers.authorization ?? '') ?? [];
    if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) {
      return iam('the Authorization header is missing or malformed');
    }
    if (accessKeyId !== this.#keys.accessKeyId) return iam('Get secretKey failed,ak:******,err:ak not exist');
    if (this.locked) return iam('AK access failed to reach the limit,forbidden');
    const headers = signedValues(request.headers, signedHeaders.split(';'));
    const sdkDate = headers?.['x-sdk-date'];
    if (headers === undefined || sdkDate === undefined) return iam('a signed header or x-sdk-date is missing');
    if (this.#isSkewed(sdkDate)) return app(`signature expired, time:${sdkDate}`);
    // Which answer a wrong security token gets is undocumented.
    if (request.headers['x-security-token'] !== this.#keys.securityToken) return iam('wrong security token');
    const expected = sdkHmac({ ...request, path: request.target, headers }, sdkDate, this.#key).signature;
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return this.#failed();
    this.#failures = 0;
    return undefined;
  }

  #failed(): SdkHmacRefusal {
    this.#failures += 1;
    if (this.#failures > FAILURES_BEFORE_LOCK) {
      this.#failures = 0;
      this.#lockedUntilMs = this.#clock.nowMs + LOCKED_MS;
    }
    return iam('verify aksk signature fail');
  }

  #isSkewed(sdkDate: string): boolean {
    const iso = sdkDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
    const date = new Date(iso);
    if (Number.isNaN(date.getTime()) || sdkDateOf(date) !== sdkDate) return true;
    return Math.abs(this.#clock.nowMs - date.getTime()) > MAX_SKEW_MS;
  }
}

/** Undefined where a header that is declared as signed did not arrive. */
function signedValues(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> | undefined {
  const values = names.map((name) => [name, headers[name]] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
}

function iam(why: string): SdkHmacRefusal {
  return { providerCode: 'APIGW.0301', message: `Incorrect IAM authentication information: ${why}` };
}

function app(why: string): SdkHmacRefusal {
  return { providerCode: 'APIGW.0303', message: `Incorrect app authentication information: ${why}` };
}
