import type { KeyObject } from 'node:crypto';
import { createHmac } from 'node:crypto';

/**
 * The resource as it enters the signature: path as on the wire, then the signed query names with their decoded values.
 *
 * @param path - percent-encoded.
 * @param query - decoded.
 */
export type CanonicalResource = (path: string, query: URLSearchParams) => string;

/**
 * The query names that three official SDKs sign. The published list leaves out every `x-workflow-` name, and following
 * it gives another signature.
 *
 * @see inferred from the official Python, Node and browser SDKs, which agree on these
 */
const SIGNED_QUERY_NAMES = new Set([
  'obsworkflowtriggerpolicy',
  'x-workflow-execution-state',
  'x-workflow-execution-type',
  'x-workflow-graph-name',
  'x-workflow-limit',
  'x-workflow-next-marker',
  'x-workflow-prefix',
  'x-workflow-start',
  'x-workflow-template-name',
]);

/** How the official SDKs write the resource of a call without a bucket. No live service has confirmed it. */
export const canonicalResource: CanonicalResource = (path, query) => {
  const signed = [...query]
    .filter(([name]) => SIGNED_QUERY_NAMES.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
};

/** What a signature is made over. Header names in lower case. */
export interface Signed {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The canonical resource. */
  readonly resource: string;
}

/**
 * The text that the OBS signature (V2, HMAC-SHA1) signs.
 *
 * @see OBS API reference, "Header中携带签名", tables 1 and 3: with `x-obs-date` the Date line is empty
 */
export function stringToSign({ method, headers, resource }: Signed): string {
  const date = headers['x-obs-date'] === undefined ? (headers['date'] ?? '') : '';
  const obsHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-obs-') && headers[name] !== undefined)
    .sort()
    .map((name) => `${name}:${headers[name]}\n`);
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date];
  return `${lines.join('\n')}\n${obsHeaders.join('')}${resource}`;
}

/** Base64 of HMAC-SHA1, as both sides compute it. */
export function signatureOf(key: KeyObject, text: string): string {
  return createHmac('sha1', key).update(text, 'utf8').digest('base64');
}
