import type { ResumeLedger } from '../../ledger/ledger.js';
import type { FollowOptions, Progress } from '../../progress.js';
import type { ResumePlan } from '../../resume-plan.js';
import type { Runtime } from '../../runtime.js';
import type {
  ExecutionRef,
  ExecutionSnapshot,
  ExecutionState,
  Lineage,
  ListedExecution,
  ListOptions,
  ReadOptions,
} from '../../snapshot.js';
import type {
  Action,
  Capabilities,
  EachOptions,
  EachOutcome,
  Outcome,
  Receipt,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
} from '../../types.js';
import { createWorkflow } from '../../workflow.js';
import type { FakeResumed } from './fake-driver.js';
import { FakeDriver } from './fake-driver.js';
import { check } from './fake-schema.js';
import type { FakeRule } from './rule.js';
import { ruleFor } from './rule.js';
import type { FakeMatch, FakeStanding } from './script.js';

/** How a fake is set up. */
export interface FakeOptions<A extends Action = Action> {
  /** @default 'fake' */
  readonly name?: string | undefined;
  /** @default 'fake' */
  readonly provider?: string | undefined;
  /** The actions that it takes; any other is refused, as the real connection would. @default those of `capabilities` */
  readonly actions?: readonly A[] | undefined;
  /** What differs from a connection that takes everything, or those of a real one. */
  readonly capabilities?: Partial<Capabilities> | undefined;
  /** @default one in memory, of this fake alone */
  readonly ledger?: ResumeLedger | undefined;
  /** @default the real clock and chance */
  readonly runtime?: Runtime | undefined;
}

/** One call to resume, as the code under test made it. */
export interface FakeCall {
  readonly request: ResumeRequest | ResumePlan;
  readonly options: ResumeOptions | undefined;
  /** Undefined while it is under way. */
  readonly outcome?: Outcome | undefined;
}

type RecordedCall = Omit<FakeCall, 'outcome'> & { outcome?: Outcome };

/**
 * A connection in memory for tests of code that resumes workflows. It accepts everything, until it is told otherwise.
 *
 * Everything but the network is real: validation, capabilities, deadlines, single flight, ledger, plans, following.
 */
export class FakeWorkflow<A extends Action = Action> implements ResumableWorkflow<A> {
  readonly name: string;
  readonly provider: string;
  readonly capabilities: ResumableWorkflow<A>['capabilities'];
  readonly #driver: FakeDriver<A>;
  readonly #inner: ResumableWorkflow<A>;
  readonly #calls: RecordedCall[] = [];
  #closed = false;

  constructor(options: FakeOptions<A> = {}) {
    check('fakeWorkflow', options);
    const { name = 'fake', provider = 'fake', actions, capabilities = {}, ledger, runtime } = options;
    this.#driver = new FakeDriver(provider, capabilities, actions);
    this.#inner = createWorkflow<A>(name, this.#driver, { ledger, runtime });
    this.name = name;
    this.provider = provider;
    this.capabilities = this.#inner.capabilities;
  }

  /** Every call to `resume`, `attempt` or `resumeEach`, in order. */
  get calls(): readonly FakeCall[] {
    return this.#calls;
  }

  /** What was resumed, in order: calls that joined each other count once, refused ones not at all. */
  get resumed(): readonly FakeResumed[] {
    return this.#driver.resumed;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Scripts an answer. The newest one that fits is given.
   *
   * @param match - which resumes; any where it is left out.
   * @throws {ResumeError} INVALID_ARGUMENT the match, or the answer, has what a fake does not know.
   */
  on(match: FakeMatch<A> = {}): FakeRule {
    check('on', match);
    return ruleFor(this.#driver.script, match);
  }

  /**
   * Says how an execution stands: one standing for each read, the last one stays.
   *
   * @param standings - @default failed, without nodes
   * @throws {ResumeError} INVALID_ARGUMENT a standing has what a fake does not know.
   */
  show(ref: ExecutionRef, ...standings: readonly (ExecutionState | FakeStanding)[]): void {
    check('show', { ref, standings });
    this.#driver.standings.show(ref, standings);
  }

  async resume(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Receipt> {
    const outcome = await this.attempt(request, options);
    if (outcome.status === 'accepted') return outcome.receipt;
    throw outcome.error;
  }

  async attempt(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Outcome> {
    const call: RecordedCall = { request, options };
    this.#calls.push(call);
    call.outcome = await this.#inner.attempt(request, options);
    return call.outcome;
  }

  inspect(ref: ExecutionRef, options?: ReadOptions): Promise<ExecutionSnapshot> {
    return this.#inner.inspect(ref, options);
  }

  list(workflow: string, options?: ListOptions): AsyncIterable<ListedExecution> {
    return this.#inner.list(workflow, options);
  }

  plan(request: ResumeRequest<A>, options?: ReadOptions): Promise<ResumePlan<A>> {
    return this.#inner.plan(request, options);
  }

  follow(receipt: Receipt, options?: FollowOptions): AsyncIterable<Progress> {
    return this.#inner.follow(receipt, { pollMs: 1, ...options });
  }

  settled(receipt: Receipt, options?: FollowOptions): Promise<ExecutionSnapshot> {
    return this.#inner.settled(receipt, { pollMs: 1, ...options });
  }

  lineage(ref: ExecutionRef, options?: ReadOptions): Promise<Lineage> {
    return this.#inner.lineage(ref, options);
  }

  async *resumeEach(
    requests: Iterable<ResumeRequest<A>> | AsyncIterable<ResumeRequest<A>>,
    options?: EachOptions,
  ): AsyncGenerator<EachOutcome<A>, void, undefined> {
    for await (const outcome of this.#inner.resumeEach(requests, options)) {
      this.#calls.push({ request: outcome.request, options, outcome });
      yield outcome;
    }
  }

  reconcile(
    target: ExecutionRef,
    options?: { readonly readBackMs?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<Outcome> {
    return this.#inner.reconcile(target, options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inner.close();
  }
}

/**
 * Makes a connection in memory, for the place of a real one.
 *
 * @throws {ResumeError} INVALID_ARGUMENT with every option that a fake does not know.
 */
export function fakeWorkflow<A extends Action = Action>(options?: FakeOptions<A>): FakeWorkflow<A> {
  return new FakeWorkflow<A>(options);
}
