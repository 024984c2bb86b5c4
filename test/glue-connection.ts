import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GlueClientConfig } from '@aws-sdk/client-glue';
import { GlueClient } from '@aws-sdk/client-glue';
import { onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import type { GlueOptions } from '../providers/glue/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { withoutReadBack } from './without-read-back.js';

export type GlueWorkflow = ResumableWorkflow<'resume' | 'restart'>;

/** An emulator for one test. */
export async function emulated(options: GlueEmulatorOptions = {}): Promise<GlueEmulator> {
  const emulator = await new GlueEmulator(options).start();
  onTestFinished(() => emulator.close());
  return emulator;
}

/** A connection for one test, with a client of the library's own. */
export function connected(options: Partial<GlueOptions>): GlueWorkflow {
  const workflow = withoutReadBack(createGlueWorkflow({ name: 'glue-eu', ...options }));
  onTestFinished(() => workflow.close());
  return workflow;
}

/** A client of the caller's, as impatient to retry as the SDK allows. */
export function eagerClient(config: GlueClientConfig): GlueClient {
  let count = 0;
  const token = { getRetryCount: () => count, getRetryDelay: () => 0 };
  const client = new GlueClient({
    maxAttempts: 5,
    retryStrategy: {
      acquireInitialRetryToken: async () => token,
      refreshRetryTokenForRetry: async () => {
        count += 1;
        if (count > 8) throw new Error('the strategy has had enough');
        return token;
      },
      recordSuccess: () => {},
    },
    ...config,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** Both kinds of connection to an emulator: over the library's own client and over one that is handed in. */
export const KINDS = [
  [
    'the library’s own client',
    ({ endpoint, region, credentials }: GlueEmulator) => {
      return connected({ endpoint, region, credentials });
    },
  ],
  [
    'a client that was handed in',
    ({ endpoint, region, credentials }: GlueEmulator) => {
      return connected({ client: eagerClient({ endpoint, region, credentials }) });
    },
  ],
] as const;

/** A server that answers every request alike, for what no emulator would say. */
export async function answering(status: number, headers: Record<string, string>, body: string) {
  const requests: { readonly path: string | undefined; readonly target: string; readonly body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      requests.push({ path: request.url, target: String(request.headers['x-amz-target']), body: text });
      response.writeHead(status, headers).end(body);
    });
  });
  const sockets = { opened: 0 };
  server.on('connection', () => {
    sockets.opened += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, requests, sockets };
}

/** Sets environment variables for one test. */
export function environment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    onTestFinished(() => put(name, before));
    put(name, value);
  }
}

function put(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Long enough for a second request to show, had there been one. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
