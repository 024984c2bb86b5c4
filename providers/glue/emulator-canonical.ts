import type { EmulatedRequest } from '../../src/testing/emulator-server.js';

/**
 * The canonical request of Signature Version 4 over the headers that the client declares.
 *
 * @param payloadHash - of the body that really arrived, whatever the client says about it
 */
export function canonicalRequest(
  { method, path, query, headers }: EmulatedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  // Sorted here, whatever the client did: the signature only fits a client that sorted as well.
  const names = [...signedHeaders].sort();
  const lines = names.map((name) => `${name}:${headerText(headers[name])}\n`);
  return [method, canonicalPath(path), canonicalQuery(query), lines.join(''), names.join(';'), payloadHash].join('\n');
}

function headerText(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value ?? []).join(',');
  return text.trim().replace(/ +/g, ' ');
}

/** Services other than S3 normalise the path and encode it once more. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encode(segment));
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${end}`;
}

function canonicalQuery(query: URLSearchParams): string {
  const pairs = [...query].map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
