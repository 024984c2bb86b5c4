import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpAnswer } from '../../src/http/message.js';
import type { HttpTransport } from '../../src/http/transport.js';
import { isLoopback } from '../../src/settings.js';
import { concealSigned } from './auth.js';
import type { Carrier, GlueExchange } from './exchange.js';
import { exchangeOf } from './exchange.js';

/** A signed request as the SDK hands it over. */
export interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer as the SDK takes it. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  body?: unknown;
}

/** The SDK's way to the network, over this package's own transport: one attempt, and it is known whether it left. */
export class TransportRequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #transport: HttpTransport;
  readonly #allowInsecure: boolean;

  /** @param allowInsecure - whether plain http may go to another machine: the SDK finds endpoints in the environment too. */
  constructor(transport: HttpTransport, allowInsecure: boolean) {
    this.#transport = transport;
    this.#allowInsecure = allowInsecure;
  }

  /** @param request - carries its exchange. */
  async handle(request: SdkRequest & Carrier): Promise<{ response: SdkResponse }> {
    const exchange = exchangeOf(request);
    if (exchange === undefined) throw new Error('this handler sends only what is asked for through a connection');
    try {
      const answer = await this.#send(request, exchange);
      exchange.outcome = answer;
      return { response: sdkResponseOf(answer) };
    } catch (thrown) {
      if (thrown instanceof DriverFailure) exchange.outcome = thrown;
      throw thrown;
    }
  }

  /** Asked of every handler by the SDK; there is nothing to set here. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  #send(request: SdkRequest, { attempt, maxBodyBytes }: GlueExchange): Promise<HttpAnswer> {
    const { method, protocol, hostname, port, headers, body } = request;
    const origin = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
    if (protocol !== 'https:' && !this.#allowInsecure && !isLoopback(hostname)) throw insecure(origin);
    // Credentials may have come after the call's end.
    attempt.throwIfEnded();
    concealSigned(headers, attempt);
    return this.#transport.send(
      { origin, method, path: pathOf(request), headers, body: body as string | Uint8Array, maxBodyBytes },
      attempt,
    );
  }
}

/** Without the body: the answer is judged as it came, and the SDK would read it a second time. */
function sdkResponseOf({ status, headers }: HttpAnswer): SdkResponse {
  const plain: Record<string, string> = {};
  for (const name of Object.keys(headers)) plain[name] = String(headers[name]);
  return { statusCode: status, headers: plain };
}

function pathOf({ path, query = {} }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    return [value].flat().map((one) => `${encoded(name)}=${encoded(one ?? '')}`);
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** As signatures have it: everything but letters, digits and `-_.~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function insecure(origin: string): DriverFailure {
  const why = `the endpoint ${origin} that the AWS SDK found is plain http to another machine`;
  return new DriverFailure(`${why}: use https, or set allowInsecureEndpoint to send in the clear`, {
    code: 'INVALID_ARGUMENT',
    effect: 'none',
  });
}
