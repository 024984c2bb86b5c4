import type { Dispatcher } from 'undici';
import { Pool, ProxyAgent } from 'undici';
import type { Attempt } from '../driver.js';
import { TrackedConnector } from './connector.js';
import { Exchange } from './exchange.js';
import type { HttpAnswer, HttpRequest } from './message.js';

/** How a connection reaches its provider. Certificates are always verified. */
export interface TransportOptions {
  /** An HTTP proxy that is asked to tunnel: `http://proxy.internal:3128`. */
  readonly proxy?: string | undefined;
  /** Certificate authorities to trust instead of Node's own, PEM. */
  readonly ca?: string | undefined;
  /** A client certificate, PEM. */
  readonly cert?: string | undefined;
  /** The client certificate's private key, PEM. */
  readonly key?: string | undefined;
}

const MAX_CONNECTIONS = 32;
/** A server that closes idle connections does so after 5 s at the earliest that is common. */
const MAX_IDLE_MS = 4_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Huawei's tokens come in a header and reach 40 KB. */
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * Sends one request once, and knows whether it left.
 *
 * One pool per origin, of its own: a dispatcher from outside might retry. No redirects, no HTTP/2, no pipelining; the
 * deadline is the attempt's, not undici's timers'.
 */
export class HttpTransport {
  readonly #options: TransportOptions;
  readonly #connector: TrackedConnector;
  readonly #proxyConnector: TrackedConnector;
  readonly #proxySecrets: readonly string[];
  readonly #dispatchers = new Map<string, Dispatcher>();
  #proxy: ProxyAgent | undefined;
  #closed = false;

  constructor(options: TransportOptions = {}) {
    this.#options = options;
    const connecting = { ...this.#tls(), timeout: CONNECT_TIMEOUT_MS };
    this.#connector = new TrackedConnector(connecting);
    this.#proxyConnector = new TrackedConnector(connecting);
    this.#proxySecrets = secretsOf(options.proxy);
  }

  /**
   * @throws {DriverFailure} with effect `none` where nothing was handed to an established connection, otherwise
   * `unknown`.
   */
  send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer>;
  /**
   * @param understood - what the answer means, or throws why it is none. It is asked as the answer comes in, without a turn
   * in between and in no caller's asynchronous context: it must do nothing but read. A copy of the answer is for
   * `headerOf`; its `headers` are behind a getter, which a copy has not.
   */
  send<T>(request: HttpRequest, attempt: Attempt, understood: (answer: HttpAnswer) => T): Promise<T>;
  send<T>(
    request: HttpRequest,
    attempt: Attempt,
    understood: (answer: HttpAnswer) => T | HttpAnswer = asItCame,
  ): Promise<T | HttpAnswer> {
    for (const secret of this.#proxySecrets) attempt.conceal(secret);
    const exchange = new Exchange(attempt, request, understood);
    if (this.#closed) {
      exchange.onError(new Error('the connection has been closed by close()'));
      return exchange.result;
    }
    this.#dispatcherFor(request.origin).dispatch(
      {
        origin: request.origin,
        method: request.method as Dispatcher.HttpMethod,
        path: request.path,
        headers: request.headers,
        body: request.body ?? null,
      },
      exchange,
    );
    return exchange.result;
  }

  /** Closes every connection, those in use too. */
  async close(): Promise<void> {
    this.#closed = true;
    // First of all they are told why.
    const destroyed = [...this.#dispatchers.values()].map((dispatcher) => dispatcher.destroy());
    this.#connector.close();
    this.#proxyConnector.close();
    this.#dispatchers.clear();
    await Promise.all(destroyed);
  }

  #dispatcherFor(origin: string): Dispatcher {
    let dispatcher = this.#dispatchers.get(origin);
    if (dispatcher === undefined) {
      dispatcher = this.#options.proxy === undefined ? new Pool(origin, this.#poolOptions()) : this.#proxyFor();
      this.#dispatchers.set(origin, dispatcher);
    }
    return dispatcher;
  }

  #proxyFor(): ProxyAgent {
    const { proxy = '' } = this.#options;
    const tls = this.#tls();
    // Always a tunnel: a forwarding proxy would be handed the request before the provider's connection stands.
    this.#proxy ??= new ProxyAgent({
      ...this.#poolOptions(),
      uri: proxy,
      proxyTunnel: true,
      requestTls: tls,
      proxyTls: tls,
      // undici's own would wait five minutes for a proxy that swallows CONNECT, and so use up all its connections.
      clientFactory: (origin) =>
        new Pool(origin, {
          connections: MAX_CONNECTIONS,
          headersTimeout: CONNECT_TIMEOUT_MS,
          connect: this.#proxyConnector.connect,
        }),
    });
    return this.#proxy;
  }

  #poolOptions(): Pool.Options {
    return {
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: MAX_IDLE_MS,
      keepAliveMaxTimeout: MAX_IDLE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: this.#connector.connect,
    };
  }

  /** Says `rejectUnauthorized` itself, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach these connections. */
  #tls() {
    const { ca, cert, key } = this.#options;
    return {
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
  }
}

/** With all of its headers, so that it can be copied. */
function asItCame({ status, headers, body }: HttpAnswer): HttpAnswer {
  return { status, headers, body };
}

/** A proxy's password, in the forms in which it may be echoed. */
function secretsOf(proxy: string | undefined): string[] {
  if (proxy === undefined) return [];
  const { username, password } = new URL(proxy);
  if (password === '') return [];
  const [user, plain] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [password, plain, Buffer.from(`${user}:${plain}`).toString('base64')];
}
