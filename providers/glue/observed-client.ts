import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { concealSigned } from './auth.js';
import type { GlueExchange, GlueStack } from './exchange.js';
import type { SdkRequest, SdkResponse } from './request-handler.js';

/**
 * Watches what a client of the caller's own sends for one command, from the place closest to its request handler: takes
 * note of the moment before the request is handed over, and of the answer as it came.
 *
 * The handler may do what it likes with the request. So from that moment on nothing but an answer proves anything.
 */
export function observe(stack: GlueStack, exchange: GlueExchange): void {
  // Stays so where send() is not the SDK's, or where a middleware of the caller's answers by itself.
  exchange.outcome = unseen();
  stack.add(
    (next) => async (args) => {
      exchange.outcome = undefined;
      const result = await next(args);
      exchange.outcome ??= unseen();
      return result;
    },
    { name: 'resumableWorkflowBeginning', step: 'initialize', override: true },
  );
  stack.add(
    (next) => async (args) => {
      const { attempt } = exchange;
      concealSigned((args.request as SdkRequest).headers, attempt);
      attempt.dispatch();
      try {
        const handed = await next(args);
        const response = handed.response as SdkResponse;
        const body = await bodyOf(response, exchange);
        exchange.outcome = { status: response.statusCode, headers: lowerCased(response.headers), body };
        // The stream has been read: the SDK, and whoever else looks at it, gets the bytes. As an object of their own,
        // since the SDK gives what it reads another prototype.
        response.body = new Uint8Array(body.buffer, body.byteOffset, body.length);
        return handed;
      } catch (cause) {
        exchange.outcome = cause instanceof DriverFailure ? cause : lost(cause);
        throw cause;
      }
    },
    { name: 'resumableWorkflowObserver', step: 'deserialize', priority: 'low', override: true },
  );
}

async function bodyOf({ statusCode, body }: SdkResponse, { maxBodyBytes }: GlueExchange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(body)) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) throw new Error(`the body is larger than ${maxBodyBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new DriverFailure(
      `answered ${statusCode}, but the answer could not be read to its end (${messageOf(cause)})`,
      {
        code: 'INTERNAL',
        effect: 'unknown',
        httpStatus: statusCode,
        cause,
      },
    );
  }
  return Buffer.concat(chunks);
}

/** Everything that the SDK's own handlers return as a body, and strings, which hand-made ones do. */
function chunksOf(body: unknown): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return [];
  if (typeof body === 'string') return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [body];
  if (body instanceof Blob) return body.stream();
  return body as AsyncIterable<Uint8Array>;
}

function lowerCased(headers: Readonly<Record<string, string>>): HttpAnswer['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function lost(cause: unknown): DriverFailure {
  return new DriverFailure(`the client failed after it had been handed the request (${messageOf(cause)})`, {
    code: 'UNAVAILABLE',
    effect: 'unknown',
    cause,
  });
}

function unseen(): DriverFailure {
  return new DriverFailure('the client did not send the command as the AWS SDK does, so that nothing was seen of it', {
    code: 'INTERNAL',
    effect: 'unknown',
  });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
