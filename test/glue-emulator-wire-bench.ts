import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

export const NOW = Date.UTC(2026, 2, 4, 23, 59, 58);
const DATE = '20260304T235958Z';
export const BODY = '{"Name":"nightly-etl"}';
export const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSGlue.GetWorkflow' };

export async function boot(options: GlueEmulatorOptions = {}) {
  const emulator = await new GlueEmulator({ clock: new VirtualClock(NOW), ...options }).start();
  onTestFinished(() => emulator.close());
  return emulator;
}

export interface Draft {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The names that are signed, instead of all. */
  readonly signed?: readonly string[];
  readonly date?: string;
  /** The day of the scope. @default the date's */
  readonly day?: string;
  /** Signs the headers in the wrong order. */
  readonly unsorted?: boolean;
  readonly region?: string;
  readonly service?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** What is changed after the signature was made. */
  readonly tamper?: (sent: { headers: Record<string, string>; body: string; path: string }) => void;
}

/** Signs as the specification of Signature Version 4 says, on its own, so that the emulator is held against it. */
export async function send(emulator: GlueEmulator, draft: Draft = {}) {
  const { method = 'POST', path = '/', body = BODY, date = DATE, region = 'us-east-1', service = 'glue' } = draft;
  const { credentials, endpoint } = emulator;
  const { accessKeyId = credentials.accessKeyId, secretAccessKey = credentials.secretAccessKey } = draft;
  const token = draft.sessionToken === undefined ? {} : { 'x-amz-security-token': draft.sessionToken };
  const dated = draft.headers?.['date'] === undefined ? { 'x-amz-date': date } : {};
  const headers: Record<string, string> = {
    host: new URL(endpoint).host,
    ...dated,
    ...token,
    ...(draft.headers ?? HEADERS),
  };
  const sorted = [...(draft.signed ?? Object.keys(headers))].sort();
  const names = draft.unsorted === true ? sorted.reverse() : sorted;
  const canonical = [
    method,
    path.split('?')[0],
    path.split('?')[1] ?? '',
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, ' ') ?? ''}`),
    '',
    names.join(';'),
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = [draft.day ?? date.slice(0, 8), region, service, 'aws4_request'];
  const hash = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash].join('\n');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const signature = hmac(scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`), toSign).toString('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const sent = { headers, body, path };
  draft.tamper?.(sent);
  return raw(emulator, method, sent);
}

/** Sends exactly what it is told; fetch would choose headers of its own. */
async function raw(
  emulator: GlueEmulator,
  method: string,
  { headers, body, path }: { headers: Record<string, string>; body: string; path: string },
) {
  const { hostname, port } = new URL(emulator.endpoint);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, method, path, headers, agent: false }, resolve).on('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  return { status: response.statusCode, headers: response.headers, answer };
}
