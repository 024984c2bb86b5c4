import type { IncomingMessage } from 'node:http';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const BLANKS = Buffer.alloc(64 * 1024, ' ');

/** What becomes of an answer on its way. */
export interface Alteration {
  /** Another status. @default the service's */
  readonly status?: ((status: number) => number) | undefined;
  /** How many blanks follow the body: they are nothing to JSON or XML but long. @default 0 */
  readonly paddingBytes?: number | undefined;
}

/** An HTTP relay to a service, for the answers that no harness can make up: the service's own, altered. */
export interface Relay {
  readonly endpoint: string;
  /** Whether a client has taken all of an answer that was altered. */
  readonly takenToTheEnd: boolean;
  close(): Promise<void>;
}

/**
 * @param altersNow - asked for each answer, when it has come from the service.
 */
export async function relayTo(upstream: string, altersNow: () => boolean, alteration: Alteration): Promise<Relay> {
  const { hostname: host, port } = new URL(upstream);
  let takenToTheEnd = false;
  const server = createServer((request, response) => {
    const relayed = async (): Promise<void> => {
      const { method, url: path, headers } = request;
      const sent = ask({ host, port, method, path, headers, agent: false });
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve).once('error', reject);
      });
      sent.end(await bodyOf(request));
      const answer = await answered;
      const body = await bodyOf(answer);
      const altered = altersNow();
      const { status = (same: number) => same, paddingBytes = 0 } = altered ? alteration : {};
      const { 'transfer-encoding': _chunked, connection: _own, ...kept } = answer.headers;
      response.writeHead(status(answer.statusCode ?? 0), { ...kept, 'content-length': body.length + paddingBytes });
      // Only as fast as it is taken.
      await pipeline(Readable.from(padded(body, paddingBytes)), response);
      takenToTheEnd ||= altered;
    };
    // A client that goes away in the middle is what is hoped for.
    relayed().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get takenToTheEnd() {
      return takenToTheEnd;
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function* padded(body: Buffer, paddingBytes: number): Generator<Buffer> {
  if (body.length > 0) yield body;
  for (let left = paddingBytes; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, left);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
