import type { KeyObject } from 'node:crypto';
import { createHmac, hash } from 'node:crypto';
import { percentEncode } from './percent-encode.js';

/** The scheme's name, as it opens the `Authorization` header and the string to sign. */
export const SDK_HMAC = 'SDK-HMAC-SHA256';
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

/** A target as it is signed. */
export interface CanonicalTarget {
  /** Each segment percent-encoded once, with a slash at the end that is there for signing only. */
  readonly canonicalPath: string;
  /** Names and values percent-encoded once, in the order of the names, then of the values. */
  readonly canonicalQuery: string;
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
  const { method, path, body } = request;
  const canonicalRequest = canonicalRequestOf({ method, ...canonicalTargetOf(path), body }, lines, signedHeaders);
  const stringToSign = stringToSignOf(canonicalRequest, sdkDate);
  const signature = createHmac('sha256', key).update(stringToSign).digest('hex');
  return { canonicalRequest, stringToSign, signedHeaders, signature };
}

/** Path and query as they are signed, whatever form they go over the wire in. */
export function canonicalTargetOf(path: string): CanonicalTarget {
  const mark = path.indexOf('?');
  return {
    canonicalPath: canonicalPath(mark < 0 ? path : path.slice(0, mark)),
    canonicalQuery: canonicalQuery(mark < 0 ? '' : path.slice(mark + 1)),
  };
}

/**
 * The request as it is hashed for the signature.
 *
 * @param headerLines - `name:value` each, in order, each with its line's end.
 */
export function canonicalRequestOf(
  { method, canonicalPath, canonicalQuery, body }: Pick<SignableRequest, 'method' | 'body'> & CanonicalTarget,
  headerLines: string,
  signedHeaders: string,
): string {
  const bodyHash = body === undefined ? HASH_OF_NOTHING : sha256(body);
  return `${method}\n${canonicalPath}\n${canonicalQuery}\n${headerLines}\n${signedHeaders}\n${bodyHash}`;
}

/** The text that the signature is an HMAC of. */
export function stringToSignOf(canonicalRequest: string, sdkDate: string): string {
  return `${SDK_HMAC}\n${sdkDate}\n${sha256(canonicalRequest)}`;
}

/** The date as X-Sdk-Date wants it: `20200827T123810Z`. */
export function sdkDateOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Written the same way in every form. */
const PLAIN_PATH = /^[\w.~/-]*$/;
const PLAIN_QUERY = /^[\w.~-]+=[\w.~-]*(?:&[\w.~-]+=[\w.~-]*)*$/;

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
