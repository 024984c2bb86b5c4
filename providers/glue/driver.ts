import type { GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import type { HttpAnswer } from '../../src/http/message.js';
import { HttpTransport } from '../../src/http/transport.js';
import { failureOf, unreadable } from '../../src/http/verdict.js';
import type { Acceptance, Attempt, Selection, Target, WorkflowDriver } from '../../src/types.js';
import { prepareSigning } from './auth.js';
import { glueErrorOf, glueErrors, glueRequestIdOf } from './errors.js';
import type { CarriedOptions, GlueCommand, GlueExchange } from './exchange.js';
import { outcomeOf, withoutRetries } from './exchange.js';
import { stoppedNodesOf } from './graph.js';
import { observe } from './observed-client.js';
import type { GlueOptions } from './options.js';
import { TransportRequestHandler } from './request-handler.js';
import type { GlueSdk } from './sdk.js';
import { loadGlueSdk } from './sdk.js';
import { acceptanceOf, graphInput, ID_RULE, resumeInput, runOf } from './wire.js';

/** What can be asked of a Glue workflow. */
export type GlueAction = 'resume' | 'restart';

const MAX_RECEIPT_BYTES = 1024 * 1024;
/** A graph repeats the details of each job's runs. */
const MAX_GRAPH_BYTES = 64 * 1024 * 1024;

interface Loaded {
  readonly sdk: GlueSdk;
  readonly client: GlueClient;
}

/** One ResumeWorkflowRun, and the read that finds its nodes, one attempt at a time. */
export class GlueDriver implements WorkflowDriver<GlueAction> {
  readonly provider = 'glue';
  readonly capabilities = {
    actions: {
      // How many nodes a request may name is not documented.
      resume: { min: 0, max: Number.POSITIVE_INFINITY },
      restart: { min: 1, max: Number.POSITIVE_INFINITY },
    },
    newExecution: true,
    discoversNodes: true,
    ids: { workflow: ID_RULE, execution: ID_RULE, node: ID_RULE },
    notices: [],
  };
  readonly #options: GlueOptions;
  readonly #transport: HttpTransport;
  readonly #loaded: Promise<Loaded>;

  /** @param loadSdk - begins at once; its failure shows at the first call. */
  constructor(options: GlueOptions, loadSdk: () => Promise<GlueSdk> = loadGlueSdk) {
    this.#options = options;
    this.#transport = new HttpTransport(options);
    this.#loaded = loadSdk().then((sdk) => ({ sdk, client: options.client ?? this.#makeClient(sdk) }));
    this.#loaded.catch(() => {});
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Selection> {
    const { sdk } = await this.#loaded;
    const command = new sdk.GetWorkflowRunCommand(graphInput(target));
    const answer = await this.#exchange(command, attempt, MAX_GRAPH_BYTES);
    return { performed: target.action, nodes: stoppedNodesOf(runOf(accepted(answer), target), this.#options) };
  }

  async doResume(target: Target, { nodes }: Selection, attempt: Attempt): Promise<Acceptance> {
    const { sdk } = await this.#loaded;
    const command = new sdk.ResumeWorkflowRunCommand(resumeInput(target, nodes));
    const answer = await this.#exchange(command, attempt, MAX_RECEIPT_BYTES);
    return acceptanceOf(accepted(answer), target, nodes);
  }

  async close(): Promise<void> {
    const destroyed = this.#loaded.then(
      // Not one that was handed in.
      ({ client }) => (this.#options.client === undefined ? client.destroy() : undefined),
      () => {},
    );
    await Promise.all([destroyed, this.#transport.close()]);
  }

  async #exchange(wanted: GlueCommand, attempt: Attempt, maxBodyBytes: number): Promise<HttpAnswer> {
    const { client } = await this.#loaded;
    await prepareSigning(client.config, attempt);
    const exchange: GlueExchange = { attempt, maxBodyBytes, outcome: undefined };
    // To the SDK's types each command is a world of its own.
    const command = wanted as ResumeWorkflowRunCommand;
    withoutRetries(command.middlewareStack);
    if (this.#options.client === undefined) {
      const carried: CarriedOptions = { exchange };
      return outcomeOf(exchange, () => client.send(command, carried));
    }
    observe(command.middlewareStack, exchange);
    return outcomeOf(exchange, () => client.send(command, { abortSignal: attempt.signal }));
  }

  #makeClient({ GlueClient }: GlueSdk): GlueClient {
    const { region, endpoint, credentials, allowInsecureEndpoint = false } = this.#options;
    return new GlueClient({
      maxAttempts: 1,
      requestHandler: new TransportRequestHandler(this.#transport, allowInsecureEndpoint),
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }
}

/** @throws {DriverFailure} the answer is anything but a 200. */
function accepted(answer: HttpAnswer): HttpAnswer {
  if (answer.status === 200) return answer;
  const requestId = glueRequestIdOf(answer);
  if (answer.status < 300) throw unreadable(answer, 'that is not how it accepts', requestId);
  throw failureOf(answer, glueErrorOf(answer), glueErrors, requestId);
}
