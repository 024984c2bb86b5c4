import type { EmulatedConnection, EmulatorSettings } from '../../src/testing/emulated-connection.js';
import { checkEmulatorSettings } from '../../src/testing/emulator-schema.js';
import type { EmulatedOperation, EmulatedRequest } from '../../src/testing/emulator-server.js';
import { EmulatorServer } from '../../src/testing/emulator-server.js';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { GlueContext } from './emulator-context.js';
import { runOf, workflowOf } from './emulator-context.js';
import type { EndState, NodeOutcome, NodeReference, WorkflowDefinition } from './emulator-definition.js';
import { Engine } from './emulator-engine.js';
import { answerOf, glueError } from './emulator-error.js';
import { describeRun } from './emulator-graph.js';
import { Input } from './emulator-input.js';
import type { GlueKnobs } from './emulator-knobs.js';
import { DEFAULT_KNOBS } from './emulator-knobs.js';
import { OPERATIONS } from './emulator-operations.js';
import type { GlueEmulatorOptions } from './emulator-options.js';
import { DEFAULT_CREDENTIALS, describeCredentials, optionsOf } from './emulator-options.js';
import { Outcomes } from './emulator-outcomes.js';
import type { ResumedRun } from './emulator-resume.js';
import { resumeRun } from './emulator-resume.js';
import type { GlueSample } from './emulator-sample.js';
import { SAMPLE_AGE_MS, SAMPLE_FAILURE, SAMPLE_OUTCOMES, SAMPLE_WORKFLOW } from './emulator-sample.js';
import { checkDefinition, checkOptions, checkOutcomes } from './emulator-schema.js';
import type { GivenRun } from './emulator-start.js';
import { addRun, startRun } from './emulator-start.js';
import { GlueStore, nodesMeant } from './emulator-store.js';
import type { GlueWorkflowRun } from './emulator-wire.js';
import type { GlueEmulatorCredentials } from './sigv4-verify.js';
import { SignatureVerifier } from './sigv4-verify.js';

export type {
  ConditionDefinition,
  EndState,
  NodeOutcome,
  NodeReference,
  TriggerDefinition,
  WorkflowDefinition,
} from './emulator-definition.js';
export { glueError } from './emulator-error.js';
export type { GlueKnobs, GlueRefusalName } from './emulator-knobs.js';
export type { GlueEmulatorOptions } from './emulator-options.js';
export type { ResumedRun } from './emulator-resume.js';
export type { GlueSample } from './emulator-sample.js';
export type { GivenRun } from './emulator-start.js';
export type {
  GlueCondition,
  GlueCrawl,
  GlueEdge,
  GlueGraph,
  GlueJobRun,
  GlueNode,
  GlueStatistics,
  GlueTrigger,
  GlueWorkflowRun,
} from './emulator-wire.js';
export type { GlueEmulatorCredentials } from './sigv4-verify.js';

const TARGET_PREFIX = 'AWSGlue.';

/**
 * Plays the workflow runs of AWS Glue: runs progress in virtual time, a resume is a new run.
 *
 * The documented rules of a resume are played; every {@link GlueKnobs} is a guess. It was never compared with AWS.
 */
export class GlueEmulator extends EmulatorServer {
  readonly provider = 'glue';
  readonly region: string;
  readonly credentials: GlueEmulatorCredentials;
  /** Can be changed at any time. */
  readonly knobs: GlueKnobs;
  readonly sample: GlueSample;
  readonly #context: GlueContext;
  readonly #verifier: SignatureVerifier;

  /** @throws {ResumeError} INVALID_ARGUMENT with every problem: an option that is not known, or cannot be. */
  constructor(options: GlueEmulatorOptions = {}) {
    checkOptions(options);
    super(options);
    const { region = 'us-east-1', credentials = DEFAULT_CREDENTIALS, knobs } = options;
    this.region = region;
    this.credentials = credentials;
    this.knobs = { ...DEFAULT_KNOBS, ...knobs };
    const outcomes = new Outcomes();
    const engine = new Engine(outcomes, this.knobs);
    this.#context = { store: new GlueStore(), engine, outcomes, knobs: this.knobs };
    this.#verifier = new SignatureVerifier(region, credentials, this.knobs);
    this.sample = this.#seed();
  }

  describe(): EmulatedConnection {
    const { provider, endpoint, region, sample } = this;
    return {
      provider,
      endpoint,
      region,
      projectId: null,
      credentials: describeCredentials(this.credentials),
      ...sample,
    };
  }

  /**
   * Defines a workflow, or defines it anew: runs keep the graph that they started with.
   *
   * @throws {ResumeError} INVALID_ARGUMENT with every problem; Error where the definition contradicts itself.
   */
  define(definition: WorkflowDefinition): void {
    checkDefinition(definition);
    this.#context.store.define(definition, this.clock.nowMs);
  }

  /**
   * Says how a node ends: each start of it, in whatever run, takes the next outcome, and the last one stays. Without a
   * script a node succeeds.
   *
   * @throws {ResumeError} INVALID_ARGUMENT with every problem of the outcomes; Error where nothing, or more than one kind
   * of node, is called so.
   */
  script(workflow: string, node: NodeReference, outcomes: readonly (EndState | NodeOutcome)[]): void {
    checkOutcomes(outcomes);
    // What has started by now keeps the outcome that it took.
    this.#play();
    for (const { UniqueId = '', Type } of nodesMeant(workflowOf(this.#context, workflow), node)) {
      this.#context.outcomes.script(workflow, UniqueId, Type === 'CRAWLER' ? 'CRAWLER' : 'JOB', outcomes);
    }
  }

  /** Starts a run as StartWorkflowRun does and returns its id. @throws Error where that is refused */
  startRun(workflow: string, properties: Readonly<Record<string, string>> = {}): string {
    return startRun(this.#context, workflowOf(this.#context, workflow), properties, this.#play()).id;
  }

  /** Adds a run with any graph, of a workflow that need not exist, and returns its id. */
  addRun(workflow: string, run: GivenRun): string {
    const { store } = this.#context;
    const nowMs = this.#play();
    const home = store.workflow(workflow) ?? store.define({ name: workflow, nodes: [], triggers: [] }, nowMs);
    return addRun(home, run, nowMs).id;
  }

  /** Resumes as somebody else would: the journal does not know of it. @throws Error where that is refused */
  foreignResume(workflow: string, runId: string, nodeIds: readonly string[]): ResumedRun {
    const nowMs = this.#play();
    const home = workflowOf(this.#context, workflow);
    return resumeRun(this.#context, home, runOf(this.#context, home, runId), nodeIds, nowMs);
  }

  /** Every run of a workflow with its graph, oldest first, whatever the visibility delay hides. */
  runs(workflow: string): readonly GlueWorkflowRun[] {
    const nowMs = this.#play();
    const { runs } = workflowOf(this.#context, workflow);
    return [...runs.values()].map((run) => describeRun(run, this.knobs, nowMs, true));
  }

  /** The UniqueId of a node. @throws Error where the reference means none or several */
  nodeId(workflow: string, node: NodeReference): string {
    const [first, second] = nodesMeant(workflowOf(this.#context, workflow), node);
    if (first?.UniqueId === undefined || second !== undefined) {
      throw new Error(`${JSON.stringify(node)} does not mean exactly one node of ${workflow}`);
    }
    return first.UniqueId;
  }

  /** Moves the clock to where no run is active any more, but for nodes that run for ever. */
  settle(): void {
    const { engine } = this.#context;
    this.#play();
    while (Number.isFinite(engine.nextMs)) {
      // A clock that runs may be past it already, and must not be set back.
      this.clock.setTo(Math.max(engine.nextMs, this.clock.nowMs));
      this.#play();
    }
  }

  protected override authenticate(request: EmulatedRequest): EmulatedAnswer | undefined {
    const problem = this.#verifier.problem(request, this.clock.nowMs);
    return problem === undefined ? undefined : glueError(problem.type, problem.message);
  }

  protected override route({ method, headers, body }: EmulatedRequest): EmulatedOperation {
    const target = String(headers['x-amz-target'] ?? '');
    const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
    const operation = method === 'POST' ? OPERATIONS.get(name) : undefined;
    if (operation === undefined) {
      // Inferred: the error that other services of this protocol give.
      const answer = glueError('UnknownOperationException', `there is no operation ${method} ${target}`);
      return { name: 'unknown', mutating: false, run: () => answer };
    }
    const run = () => {
      const nowMs = this.#play();
      return answerOf(() => operation.answer(Input.read(headers['content-type'], body), this.#context, nowMs));
    };
    return { name, mutating: operation.mutating, run };
  }

  #play(): number {
    const { nowMs } = this.clock;
    this.#context.engine.play(nowMs);
    return nowMs;
  }

  #seed(): GlueSample {
    const { name } = SAMPLE_WORKFLOW;
    const startedMs = this.clock.nowMs - SAMPLE_AGE_MS;
    const workflow = this.#context.store.define(SAMPLE_WORKFLOW, startedMs);
    for (const [node, outcomes] of Object.entries(SAMPLE_OUTCOMES)) this.script(name, node, outcomes);
    const execution = startRun(this.#context, workflow, {}, startedMs).id;
    this.#play();
    return { workflow: name, execution, nodes: [this.nodeId(name, SAMPLE_FAILURE)] };
  }
}

/** Makes an emulator from settings that fit every provider's. */
export function createGlueEmulator(settings: EmulatorSettings = {}): GlueEmulator {
  checkEmulatorSettings(settings, 'createGlueEmulator');
  return new GlueEmulator(optionsOf(settings));
}
