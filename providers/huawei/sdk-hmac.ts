import type { KeyObject } from 'node:crypto';
import { createHmac, hash } from 'node:crypto';
import type { RequestSigner } from '../../src/auth/signer.js';
import type { HttpRequest } from '../../src/http/message.js';
import type { AccessKeys } from './access-keys.js';
import { HmacKey } from './hmac-key.js';
import { onceASecond } from './once-a-second.js';
import { percentEncode } from './percent-encode.js';

/** The scheme's name, as it opens the `Authorization` header and the string to sign. */
const SDK_HMAC = 'SDK-HMAC-SHA256';
const HASH_OF_NOTHING = sha256('');

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
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonicalRequest = canonicalRequestOf(request, lines, signedHeaders);
  const stringToSign = stringToSignOf(canonicalRequest, sdkDate);
  const signature = createHmac('sha256', key).update(stringToSign).digest('hex');
  return { canonicalRequest, stringToSign, signedHeaders, signature };
}

/** @param headerLines - `name:value` each, in order, each with its line's end. */
function canonicalRequestOf(
  { method, path, body }: Pick<SignableRequest, 'method' | 'path' | 'body'>,
  headerLines: string,
  signedHeaders: string,
): string {
  const mark = path.indexOf('?');
  const resource = canonicalPath(mark < 0 ? path : path.slice(0, mark));
  const query = canonicalQuery(mark < 0 ? '' : path.slice(mark + 1));
  const bodyHash = body === undefined ? HASH_OF_NOTHING : sha256(body);
  return `${method}\n${resource}\n${query}\n${headerLines}\n${signedHeaders}\n${bodyHash}`;
}

function stringToSignOf(canonicalRequest: string, sdkDate: string): string {
  return `${SDK_HMAC}\n${sdkDate}\n${sha256(canonicalRequest)}`;
}

/** The date as X-Sdk-Date wants it: `20200827T123810Z`. */
export function sdkDateOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Signs requests with one access key. The signed headers are content-type, host, x-project-id, x-sdk-date and x-security-token. */
export class SdkHmacSigner implements RequestSigner {
  readonly #keys: AccessKeys;
  readonly #key: HmacKey;
  readonly #projectId: string | undefined;
  readonly #signedHeaders: string;
  /** The headers that are its own to set. */
  readonly #own: ReadonlySet<string>;
  readonly #dateOf = onceASecond(sdkDateOf);
  /** Of the origin that was signed for last, the only one of a connection. */
  #host = { origin: '', name: '' };

  /** @param projectId - sent and signed as X-Project-Id, where given. */
  constructor(keys: AccessKeys, projectId?: string) {
    this.#keys = keys;
    this.#key = new HmacKey('sha256', keys.secretAccessKey);
    this.#projectId = projectId;
    const project = projectId === undefined ? '' : ';x-project-id';
    const token = keys.securityToken === undefined ? '' : ';x-security-token';
    this.#signedHeaders = `content-type;host${project};x-sdk-date${token}`;
    this.#own = new Set([...this.#signedHeaders.split(';'), 'authorization']);
  }

  sign(request: HttpRequest, now: Date): HttpRequest {
    const { accessKeyId, securityToken } = this.#keys;
    const { origin, method, path, body, maxBodyBytes } = request;
    const sdkDate = this.#dateOf(now);
    const host = this.#hostOf(origin);
    const headers: Record<string, string> = { 'Content-Type': 'application/json', Host: host, 'X-Sdk-Date': sdkDate };
    let contentType = 'application/json';
    for (const name of Object.keys(request.headers)) {
      const lowerCased = name.toLowerCase();
      if (lowerCased === 'content-type') contentType = request.headers[name] ?? '';
      else if (!this.#own.has(lowerCased)) headers[name] = request.headers[name] ?? '';
    }
    headers['Content-Type'] = contentType;
    // In the order of their names, as they are signed.
    let lines = `content-type:${contentType.trim()}\nhost:${host}\n`;
    if (this.#projectId !== undefined) {
      headers['X-Project-Id'] = this.#projectId;
      lines += `x-project-id:${this.#projectId.trim()}\n`;
    }
    lines += `x-sdk-date:${sdkDate}\n`;
    if (securityToken !== undefined) {
      headers['X-Security-Token'] = securityToken;
      lines += `x-security-token:${securityToken.trim()}\n`;
    }
    const signedHeaders = this.#signedHeaders;
    const stringToSign = stringToSignOf(canonicalRequestOf(request, lines, signedHeaders), sdkDate);
    const signature = this.#key.sign(stringToSign, 'hex');
    headers['Authorization'] =
      `${SDK_HMAC} Access=${accessKeyId}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return { origin, method, path, headers, body, maxBodyBytes };
  }

  #hostOf(origin: string): string {
    if (this.#host.origin !== origin) this.#host = { origin, name: new URL(origin).host };
    return this.#host.name;
  }
}

/** Written the same way in every form: these are all that our own ids need in nearly every call. */
const PLAIN_PATH = /^[\w.~/-]*$/;
const PLAIN_QUERY = /^[\w.~-]+=[\w.~-]*(?:&[\w.~-]+=[\w.~-]*)*$/;

/** Each segment encoded, with a slash at the end that is there for signing only. */
function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path.endsWith('/') ? path : `${path}/`;
  const decoded = path.split('/').map(unescaped).join('/');
  const encoded = decoded.split('/').map(percentEncode).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const isPlain = PLAIN_QUERY.test(query);
  if (isPlain && isInOrder(query)) return query;
  const pairs = isPlain
    ? query.split('&').map((pair) => pair.split('=') as [string, string])
    : [...new URLSearchParams(query)].map(([name, value]) => [percentEncode(name), percentEncode(value)] as const);
  return pairs
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Whether the names of a plain query come in order, and none twice. */
function isInOrder(query: string): boolean {
  let before = '';
  for (let start = 0; start < query.length; ) {
    const name = query.slice(start, query.indexOf('=', start));
    if (name <= before) return false;
    before = name;
    const end = query.indexOf('&', start);
    if (end < 0) return true;
    start = end + 1;
  }
  return true;
}

function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
