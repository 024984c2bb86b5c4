import type { GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import type { Attempt } from '../../src/driver.js';
import { headerOf } from '../../src/http/header.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { HttpTransport } from '../../src/http/transport.js';
import { failureOf, unreadable } from '../../src/http/verdict.js';
import { prepareSigning } from './auth.js';
import { glueErrorOf, glueErrors, glueRequestIdOf } from './errors.js';
import type { GlueCommand, GlueExchange, GlueStack } from './exchange.js';
import { carry, carryExchanges, outcomeOf, withoutRetries } from './exchange.js';
import { observe } from './observed-client.js';
import type { GlueOptions } from './options.js';
import { TransportRequestHandler } from './request-handler.js';
import type { GlueSdk } from './sdk.js';
import type { ServerClock } from './server-clock.js';

interface Loaded {
  readonly sdk: GlueSdk;
  readonly client: GlueClient;
}

/** The way to Glue: commands go out through the AWS SDK, one request each, and what came back is judged as it came. */
export class GlueSession {
  readonly #options: GlueOptions;
  readonly #clock: ServerClock;
  readonly #transport: HttpTransport;
  readonly #loaded: Promise<Loaded>;

  /**
   * @param loadSdk - begins at once; its failure shows at the first command.
   * @param clock - is told the date of every answer.
   */
  constructor(options: GlueOptions, loadSdk: () => Promise<GlueSdk>, clock: ServerClock) {
    this.#options = options;
    this.#clock = clock;
    this.#transport = new HttpTransport(options);
    this.#loaded = loadSdk().then((sdk) => ({ sdk, client: options.client ?? this.#makeClient(sdk) }));
    this.#loaded.catch(() => {});
  }

  /**
   * Sends a command once.
   *
   * @param maxBodyBytes - the answer's largest body.
   * @throws {DriverFailure} it was not sent, its answer did not come, or is anything but a 200.
   */
  async send(make: (sdk: GlueSdk) => GlueCommand, attempt: Attempt, maxBodyBytes: number): Promise<HttpAnswer> {
    const { sdk, client } = await this.#loaded;
    const wanted = make(sdk);
    await prepareSigning(client.config, attempt);
    const exchange: GlueExchange = { attempt, maxBodyBytes, outcome: undefined };
    // To the SDK's types each command is a world of its own.
    const command = wanted as ResumeWorkflowRunCommand;
    const sentAtMs = this.#clock.nowMs;
    const answer = await outcomeOf(exchange, this.#sending(client, command, exchange));
    // Without an id of a request it may be the answer of something in between, with a clock of its own.
    if (glueRequestIdOf(answer) !== undefined) this.#clock.note(headerOf(answer, 'date'), sentAtMs);
    return accepted(answer);
  }

  async close(): Promise<void> {
    const destroyed = this.#loaded.then(
      // Not one that was handed in.
      ({ client }) => (this.#options.client === undefined ? client.destroy() : undefined),
      () => {},
    );
    await Promise.all([destroyed, this.#transport.close()]);
  }

  #sending(client: GlueClient, command: ResumeWorkflowRunCommand, exchange: GlueExchange): () => Promise<unknown> {
    if (this.#options.client === undefined) {
      carry(command, exchange);
      return () => client.send(command);
    }
    withoutRetries(command.middlewareStack);
    observe(command.middlewareStack, exchange);
    return () => client.send(command, { abortSignal: exchange.attempt.signal });
  }

  #makeClient({ GlueClient }: GlueSdk): GlueClient {
    const { region, endpoint, credentials, allowInsecureEndpoint = false } = this.#options;
    const client = new GlueClient({
      maxAttempts: 1,
      // The stack is not touched any more once it has been put together.
      cacheMiddleware: true,
      requestHandler: new TransportRequestHandler(this.#transport, allowInsecureEndpoint),
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
    const stack = client.middlewareStack as unknown as GlueStack;
    withoutRetries(stack);
    carryExchanges(stack);
    return client;
  }
}

/** @throws {DriverFailure} the answer is anything but a 200. */
function accepted(answer: HttpAnswer): HttpAnswer {
  if (answer.status === 200) return answer;
  const requestId = glueRequestIdOf(answer);
  if (answer.status < 300) throw unreadable(answer, 'that is not how it accepts', requestId);
  throw failureOf(answer, glueErrorOf(answer), glueErrors, requestId);
}
