import type { KeyObject } from 'node:crypto';
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { RequestSigner } from '../../src/auth/signer.js';
import type { HttpRequest } from '../../src/http/message.js';
import type { AccessKeys } from './access-keys.js';
import { percentEncode } from './percent-encode.js';

/** The scheme's name, as it opens the `Authorization` header and the string to sign. */
const SDK_HMAC = 'SDK-HMAC-SHA256';

/** A request as the signature sees it. */
export interface SignableRequest {
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly path: string;
  /** The signed headers, all of them and no other; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

/** A signature and what it was made of. */
export interface SdkHmacSignature {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  /** Lower-case names in order, joined by `;`. */
  readonly signedHeaders: string;
  /** Hexadecimal. */
  readonly signature: string;
}

/**
 * Signs with SDK-HMAC-SHA256. The secret is the key as it is: nothing is derived from it.
 *
 * A path that needs percent-encoding is signed decoded and encoded once, as Huawei's Go and Python signers do it; the
 * Node signer encodes such a path twice, so that form is unproven.
 *
 * @param sdkDate - the value of the header X-Sdk-Date.
 * @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
 */
export function sdkHmac(request: SignableRequest, sdkDate: string, key: KeyObject): SdkHmacSignature {
  const headers = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([one], [other]) => compare(one, other));
  const signedHeaders = headers.map(([name]) => name).join(';');
  const mark = request.path.indexOf('?');
  const canonicalRequest = [
    request.method,
    canonicalPath(mark < 0 ? request.path : request.path.slice(0, mark)),
    canonicalQuery(mark < 0 ? '' : request.path.slice(mark + 1)),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    signedHeaders,
    sha256(request.body ?? ''),
  ].join('\n');
  const stringToSign = `${SDK_HMAC}\n${sdkDate}\n${sha256(canonicalRequest)}`;
  const signature = createHmac('sha256', key).update(stringToSign).digest('hex');
  return { canonicalRequest, stringToSign, signedHeaders, signature };
}

/** The date as X-Sdk-Date wants it: `20200827T123810Z`. */
export function sdkDateOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Signs requests with one access key. The signed headers are content-type, host, x-project-id, x-sdk-date and x-security-token. */
export class SdkHmacSigner implements RequestSigner {
  readonly #keys: AccessKeys;
  readonly #key: KeyObject;
  readonly #projectId: string | undefined;

  /** @param projectId - sent and signed as X-Project-Id, where given. */
  constructor(keys: AccessKeys, projectId?: string) {
    this.#keys = keys;
    this.#key = createSecretKey(keys.secretAccessKey, 'utf8');
    this.#projectId = projectId;
  }

  sign(request: HttpRequest, now: Date): HttpRequest {
    const { accessKeyId, securityToken } = this.#keys;
    const sdkDate = sdkDateOf(now);
    const given = Object.entries(request.headers);
    const contentType = given.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/json';
    const headers = {
      'Content-Type': contentType,
      Host: new URL(request.origin).host,
      'X-Sdk-Date': sdkDate,
      ...(this.#projectId === undefined ? {} : { 'X-Project-Id': this.#projectId }),
      ...(securityToken === undefined ? {} : { 'X-Security-Token': securityToken }),
    };
    const { method, path, body } = request;
    const { signedHeaders, signature } = sdkHmac({ method, path, headers, body }, sdkDate, this.#key);
    const replaced = new Set([...signedHeaders.split(';'), 'authorization']);
    const others = Object.fromEntries(given.filter(([name]) => !replaced.has(name.toLowerCase())));
    const Authorization = `${SDK_HMAC} Access=${accessKeyId}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return { ...request, headers: { ...others, ...headers, Authorization } };
  }
}

/** Each segment encoded, with a slash at the end that is there for signing only. */
function canonicalPath(path: string): string {
  const decoded = path.split('/').map(unescaped).join('/');
  const encoded = decoded.split('/').map(percentEncode).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
