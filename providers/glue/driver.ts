import type { GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import type {
  Acceptance,
  Attempt,
  Discovery,
  Finding,
  LostResume,
  Selection,
  Target,
  WorkflowDriver,
} from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { headerOf } from '../../src/http/message.js';
import { HttpTransport } from '../../src/http/transport.js';
import { failureOf, unreadable } from '../../src/http/verdict.js';
import { prepareSigning } from './auth.js';
import { glueErrorOf, glueErrors, glueRequestIdOf } from './errors.js';
import type { CarriedOptions, GlueCommand, GlueExchange } from './exchange.js';
import { outcomeOf, withoutRetries } from './exchange.js';
import { stoppedNodesOf } from './graph.js';
import { observe } from './observed-client.js';
import type { GlueOptions } from './options.js';
import { findResumed } from './read-back.js';
import { TransportRequestHandler } from './request-handler.js';
import type { GlueSdk } from './sdk.js';
import { loadGlueSdk } from './sdk.js';
import { ServerClock } from './server-clock.js';
import type { WorkflowRun } from './wire.js';
import { acceptanceOf, graphInput, ID_RULE, listInput, pageOf, resumableRunOf, resumeInput, runOf } from './wire.js';

/** What can be asked of a Glue workflow. */
export type GlueAction = 'resume' | 'restart';

const MAX_RECEIPT_BYTES = 1024 * 1024;
/** A graph repeats the details of each job's runs, a listing the properties of each run. */
const MAX_READ_BYTES = 64 * 1024 * 1024;

interface Loaded {
  readonly sdk: GlueSdk;
  readonly client: GlueClient;
}

/** One ResumeWorkflowRun, and the reads that find its nodes and what became of it, one attempt at a time. */
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
  /** Told by every answer, so that telling old runs from new ones costs no read before a resume. */
  readonly #serverClock: ServerClock;

  /**
   * @param loadSdk - begins at once; its failure shows at the first call.
   * @param nowMs - this machine's clock, in epoch milliseconds.
   */
  constructor(
    options: GlueOptions,
    loadSdk: () => Promise<GlueSdk> = loadGlueSdk,
    nowMs: () => number = () => Date.now(),
  ) {
    this.#options = options;
    this.#serverClock = new ServerClock(nowMs);
    this.#transport = new HttpTransport(options);
    this.#loaded = loadSdk().then((sdk) => ({ sdk, client: options.client ?? this.#makeClient(sdk) }));
    this.#loaded.catch(() => {});
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const answer = await this.#read(target.workflow, target.execution, attempt);
    return { performed: target.action, nodes: stoppedNodesOf(resumableRunOf(answer, target), this.#options) };
  }

  async doResume(target: Target, { nodes }: Selection, attempt: Attempt): Promise<Acceptance> {
    const { sdk } = await this.#loaded;
    const command = new sdk.ResumeWorkflowRunCommand(resumeInput(target, nodes));
    const answer = await this.#exchange(command, attempt, MAX_RECEIPT_BYTES);
    return acceptanceOf(accepted(answer), target, nodes);
  }

  /** Reads every run of the workflow without its graph, and the one that may be ours with it. */
  async doFindResumed(target: Target, { nodes }: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    const { workflow, execution } = target;
    const { sdk } = await this.#loaded;
    const reads = {
      page: async (token: string | undefined) => {
        const command = new sdk.GetWorkflowRunsCommand(listInput(workflow, token));
        return pageOf(accepted(await this.#exchange(command, attempt, MAX_READ_BYTES)));
      },
      run: (id: string) => this.#runIfKnown(workflow, id, attempt),
    };
    return await findResumed(reads, this.#serverClock, execution, nodes, lost);
  }

  async close(): Promise<void> {
    const destroyed = this.#loaded.then(
      // Not one that was handed in.
      ({ client }) => (this.#options.client === undefined ? client.destroy() : undefined),
      () => {},
    );
    await Promise.all([destroyed, this.#transport.close()]);
  }

  async #read(workflow: string, id: string, attempt: Attempt): Promise<HttpAnswer> {
    const { sdk } = await this.#loaded;
    const command = new sdk.GetWorkflowRunCommand(graphInput(workflow, id));
    return accepted(await this.#exchange(command, attempt, MAX_READ_BYTES));
  }

  /** A run that is new may be listed before it can be read. */
  async #runIfKnown(workflow: string, id: string, attempt: Attempt): Promise<WorkflowRun | undefined> {
    try {
      return runOf(await this.#read(workflow, id, attempt), id);
    } catch (thrown) {
      if (thrown instanceof DriverFailure && thrown.details.code === 'NOT_FOUND') return undefined;
      throw thrown;
    }
  }

  async #exchange(wanted: GlueCommand, attempt: Attempt, maxBodyBytes: number): Promise<HttpAnswer> {
    const { client } = await this.#loaded;
    await prepareSigning(client.config, attempt);
    const exchange: GlueExchange = { attempt, maxBodyBytes, outcome: undefined };
    // To the SDK's types each command is a world of its own.
    const command = wanted as ResumeWorkflowRunCommand;
    withoutRetries(command.middlewareStack);
    const sentAtMs = this.#serverClock.nowMs;
    const answer = await outcomeOf(exchange, this.#sending(client, command, exchange));
    // Without an id of a request it may be the answer of something in between, with a clock of its own.
    if (glueRequestIdOf(answer) !== undefined) this.#serverClock.note(headerOf(answer, 'date'), sentAtMs);
    return answer;
  }

  #sending(client: GlueClient, command: ResumeWorkflowRunCommand, exchange: GlueExchange): () => Promise<unknown> {
    if (this.#options.client === undefined) {
      const carried: CarriedOptions = { exchange };
      return () => client.send(command, carried);
    }
    observe(command.middlewareStack, exchange);
    return () => client.send(command, { abortSignal: exchange.attempt.signal });
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
