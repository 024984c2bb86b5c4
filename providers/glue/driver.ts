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
import type { Inspection, ListPage, PageRequest, Projection } from '../../src/inspection.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import type { Read, Receipt } from '../../src/types.js';
import { inspectionOf } from './inspection.js';
import type { GlueOptions } from './options.js';
import { identityOf } from './options.js';
import { chosenOf, projectionOf } from './projection.js';
import { findResumed } from './read-back.js';
import type { RunPage } from './run-pages.js';
import { childrenOf, listPageOf } from './run-pages.js';
import type { GlueSdk } from './sdk.js';
import { loadGlueSdk } from './sdk.js';
import { ServerClock } from './server-clock.js';
import { GlueSession } from './session.js';
import { standingRunOf } from './standing-run.js';
import type { WorkflowRun } from './wire.js';
import { acceptanceOf, graphInput, ID_RULE, listInput, pageOf, resumableRunOf, resumeInput, runOf } from './wire.js';

/** What can be asked of a Glue workflow. */
export type GlueAction = 'resume' | 'restart';

const MAX_RECEIPT_BYTES = 1024 * 1024;
/** A graph repeats the details of each job's runs, a listing the properties of each run. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
const READS: readonly Read[] = ['inspect', 'plan', 'list', 'lineage'];

/** One ResumeWorkflowRun, and the reads around it, one attempt at a time. */
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
    reads: READS,
    notices: [],
  };
  readonly identity: string;
  readonly #options: GlueOptions;
  readonly #session: GlueSession;
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
    this.identity = identityOf(options);
    this.#options = options;
    this.#serverClock = new ServerClock(nowMs);
    this.#session = new GlueSession(options, loadSdk, this.#serverClock);
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const standing = standingRunOf(resumableRunOf(await this.#read(target, attempt), target));
    const { starts, refusals } = chosenOf(standing, target, this.#options);
    if (refusals.length > 0) {
      throw new DriverFailure(refusals.join('; '), { code: 'FAILED_PRECONDITION', effect: 'none' });
    }
    return { performed: target.action, nodes: starts.flatMap((place) => standing.graph.nodes[place]?.UniqueId ?? []) };
  }

  async doResume(target: Target, { nodes }: Selection, attempt: Attempt): Promise<Acceptance> {
    const input = resumeInput(target, nodes);
    const answer = await this.#session.send(
      ({ ResumeWorkflowRunCommand }) => new ResumeWorkflowRunCommand(input),
      attempt,
      MAX_RECEIPT_BYTES,
    );
    return acceptanceOf(answer, target, nodes);
  }

  /** Reads every run of the workflow without its graph, and the one that may be ours with it. */
  async doFindResumed(target: Target, { nodes }: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    const { workflow, execution } = target;
    const reads = {
      page: (token: string | undefined) => this.#page(workflow, token, false, attempt),
      run: (id: string) => this.#runIfKnown({ workflow, execution: id }, attempt),
    };
    return await findResumed(reads, this.#serverClock, execution, nodes, lost);
  }

  /** @param resumed - the resume that made the run: what it restarted must be seen to have run before it counts as succeeded. */
  async doInspect(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    const run = runOf(await this.#read(ref, attempt), ref.execution);
    return inspectionOf(standingRunOf(run), resumed);
  }

  /** Reads the run with its graph, then every run of the workflow without. */
  async doPlan(target: Target, attempt: Attempt): Promise<Projection> {
    const { workflow, execution } = target;
    const run = runOf(await this.#read(target, attempt), execution);
    const children = await childrenOf((token) => this.#page(workflow, token, false, attempt), execution);
    return projectionOf(run, children, target, this.#options);
  }

  async doList(workflow: string, { token, states }: PageRequest, attempt: Attempt): Promise<ListPage> {
    return listPageOf(await this.#page(workflow, token, states, attempt), states);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  async #page(workflow: string, token: string | undefined, graphs: boolean, attempt: Attempt): Promise<RunPage> {
    const input = listInput(workflow, token, graphs);
    const answer = await this.#session.send(
      ({ GetWorkflowRunsCommand }) => new GetWorkflowRunsCommand(input),
      attempt,
      MAX_READ_BYTES,
    );
    return pageOf(answer);
  }

  #read({ workflow, execution }: ExecutionRef, attempt: Attempt): Promise<HttpAnswer> {
    const input = graphInput(workflow, execution);
    return this.#session.send(({ GetWorkflowRunCommand }) => new GetWorkflowRunCommand(input), attempt, MAX_READ_BYTES);
  }

  /** A run that is new may be listed before it can be read. */
  async #runIfKnown(ref: ExecutionRef, attempt: Attempt): Promise<WorkflowRun | undefined> {
    try {
      return runOf(await this.#read(ref, attempt), ref.execution);
    } catch (thrown) {
      if (thrown instanceof DriverFailure && thrown.details.code === 'NOT_FOUND') return undefined;
      throw thrown;
    }
  }
}
