import type { ResumeError } from './errors.js';
import type { FollowOptions, Progress } from './progress.js';
import type { ResumePlan } from './resume-plan.js';
import type {
  ExecutionRef,
  ExecutionSnapshot,
  Lineage,
  ListedExecution,
  ListOptions,
  ReadOptions,
} from './snapshot.js';

/** What can be asked of a workflow. What each means on a provider is in its {@link Capabilities}. */
export type Action = 'resume' | 'restart' | 'skip' | 'continue';

/** Which execution to resume, and how. */
export interface ResumeRequest<A extends Action = Action> {
  /** The workflow's name or id: OBS graph name, Glue workflow name, AOM workflow id. */
  readonly workflow: string;
  /** The execution to resume: OBS execution name, Glue run id, AOM execution id. */
  readonly execution: string;
  /** @default 'resume' */
  readonly action?: A | undefined;
  /** The nodes to act on. Left out, `resume` carries on where the execution stopped. */
  readonly nodes?: readonly string[] | undefined;
}

/** How one call behaves. */
export interface ResumeOptions {
  /** Bounds the call up to its answer, retries included, in milliseconds. Read-back comes after it. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the call early; the verdict says whether something may have happened. */
  readonly signal?: AbortSignal | undefined;
  /** Why, for the ledger. */
  readonly reason?: string | undefined;
  /** Who, for the ledger. */
  readonly actor?: string | undefined;
  /**
   * Names this one resume: a second call with the same key and request gets the recorded verdict, also from another
   * process that shares the ledger. Same key and another request: refused.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * Whether the execution is read before and, where the answer is lost, after a resume, to find out what happened.
   * `off` sends the one request and leaves a lost answer unknown.
   *
   * @default 'on'
   */
  readonly readBack?: 'on' | 'off' | undefined;
  /** How long to look for the effect of a lost answer, in milliseconds, after `timeoutMs`. @default 90000 */
  readonly readBackMs?: number | undefined;
  /**
   * What to do where the effect is still unknown after read-back. `send-again` sends once more and may start the same
   * work twice.
   *
   * @default 'report'
   */
  readonly onUnknown?: 'report' | 'send-again' | undefined;
}

/** How many calls behave: a key names one resume, so there is none for all of them. */
export interface EachOptions extends Omit<ResumeOptions, 'idempotencyKey'> {
  /** How many at a time. @default 16 */
  readonly concurrency?: number | undefined;
}

/** What was accepted by the provider. */
export interface Receipt {
  readonly provider: string;
  readonly connection: string;
  readonly workflow: string;
  /** The execution that was asked for. */
  readonly previousExecution: string;
  /** The execution to follow from now on: a new one on Glue, the same one on OBS and AOM. */
  readonly execution: string;
  /** Whether the provider went on in the same execution (`execution === previousExecution`). */
  readonly sameExecution: boolean;
  /** What was asked for. */
  readonly action: Action;
  /** What was really asked of the provider: on AOM a `resume` is a `restart` or a `continue`. */
  readonly performed: Action;
  /** The nodes that start again. Empty where the provider does not say (OBS). */
  readonly nodes: readonly string[];
  /** `reported` by the provider's answer, `observed` by reading back, or `expected` from what was asked. */
  readonly nodesBasis: 'reported' | 'observed' | 'expected';
  /**
   * How it is known that the resume happened. `read-back`: the answer was lost, and the target was seen resumed once
   * after our intent; by whom, no provider tells. `ledger`: an earlier or concurrent call of the same intent has it.
   */
  readonly confirmedBy: 'answer' | 'read-back' | 'ledger';
  /** When the provider says that it accepted, ISO 8601, where it says so. */
  readonly acceptedAt?: string | undefined;
  readonly requestId?: string | undefined;
  /** How many requests that could have resumed something were handed to a connection. */
  readonly attempts: number;
  /** How long the call took, in milliseconds. */
  readonly durationMs: number;
  /** What deserves a look: a node that was asked for and not restarted, for example. */
  readonly warnings: readonly string[];
}

/** How a reconciliation behaves. */
export interface ReconcileOptions {
  /** How long to look, in milliseconds. @default 90000 */
  readonly readBackMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a call ended, for code that works through many. */
export type Outcome =
  | { readonly status: 'accepted'; readonly receipt: Receipt }
  /** It provably did not happen. */
  | { readonly status: 'refused'; readonly error: ResumeError }
  | { readonly status: 'unknown'; readonly error: ResumeError };

/** The outcome of one of many, with its request. */
export type EachOutcome<A extends Action = Action> = Outcome & { readonly request: ResumeRequest<A> };

/** How many nodes an action takes. */
export interface NodeRange {
  readonly min: number;
  /** `Infinity` where no document limits it. */
  readonly max: number;
}

/** What an id must look like, checked before anything is sent. */
export interface IdRule {
  /** In UTF-16 code units. */
  readonly maxLength: number;
  readonly pattern: RegExp;
  /** The rule in words, completing "must …". */
  readonly rule: string;
}

/** What can be looked at without changing anything. Whoever can `inspect` can follow. */
export type Read = 'inspect' | 'plan' | 'list' | 'lineage';

/** What a connection can do, as data. */
export interface Capabilities {
  /** The actions it takes, and how many nodes each needs. */
  readonly actions: Readonly<Partial<Record<Action, NodeRange>>>;
  /** Whether a resume mints a new execution id. */
  readonly newExecution: boolean;
  /** Whether `resume` without nodes reads the execution first to find where it stopped. */
  readonly discoversNodes: boolean;
  readonly ids: { readonly workflow: IdRule; readonly execution: IdRule; readonly node: IdRule };
  /** What can be looked at. @default nothing */
  readonly reads?: readonly Read[] | undefined;
  /** What a user should know before building on it, such as an announced retirement. */
  readonly notices: readonly string[];
}

/**
 * A connection to one provider: what orchestration code holds.
 *
 * @typeParam A - the actions that it takes; `ResumableWorkflow` alone takes any and refuses at run time.
 */
export interface ResumableWorkflow<A extends Action = Action> {
  /** The connection's name. */
  readonly name: string;
  readonly provider: string;
  readonly capabilities: Capabilities;
  /**
   * Resumes an execution, at most once.
   *
   * A plan is applied only if the execution, read once more, is as it was when the plan was made; what changes between
   * that read and the request no provider lets anybody exclude.
   *
   * @throws {ResumeError} with `effect: 'none'` where it provably did not happen, otherwise `'unknown'`.
   * FAILED_PRECONDITION (no effect): what a plan was made from has changed; the message says how.
   */
  resume(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Receipt>;
  /** Like {@link ResumableWorkflow.resume}, but never throws. */
  attempt(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Outcome>;
  /**
   * Reads how an execution stands.
   *
   * @throws {ResumeError} NOT_FOUND and what reading can meet, all without effect; UNIMPLEMENTED the provider cannot.
   */
  inspect(ref: ExecutionRef, options?: ReadOptions): Promise<ExecutionSnapshot>;
  /**
   * Lists executions page by page, in the provider's order.
   *
   * @throws {ResumeError} as {@link ResumableWorkflow.inspect}.
   */
  list(workflow: string, options?: ListOptions): AsyncIterable<ListedExecution>;
  /**
   * Works out what a resume would do, and every reason why it would be refused. Has no side effect.
   *
   * @throws {ResumeError} INVALID_ARGUMENT, UNIMPLEMENTED, or as {@link ResumableWorkflow.inspect}.
   */
  plan(request: ResumeRequest<A>, options?: ReadOptions): Promise<ResumePlan<A>>;
  /**
   * Follows what a resume started until it has ended or waits for somebody: the new execution where there is one.
   *
   * Goes on after reads that failed for a while; counts only attempts of this resume.
   *
   * @throws {ResumeError} CANCELLED by `signal`; what no later read can mend, such as PERMISSION_DENIED. No effect.
   */
  follow(receipt: Receipt, options?: FollowOptions): AsyncIterable<Progress>;
  /** The last snapshot of {@link ResumableWorkflow.follow}. */
  settled(receipt: Receipt, options?: FollowOptions): Promise<ExecutionSnapshot>;
  /**
   * Where an execution comes from and what was resumed from it.
   *
   * @throws {ResumeError} as {@link ResumableWorkflow.inspect}.
   */
  lineage(ref: ExecutionRef, options?: ReadOptions): Promise<Lineage>;
  /**
   * Resumes many, in order of completion and with back-pressure: the next request is taken when there is room for it,
   * and one failure stops nothing. Leaving the loop ends what is under way.
   *
   */
  resumeEach(
    requests: Iterable<ResumeRequest<A>> | AsyncIterable<ResumeRequest<A>>,
    options?: EachOptions,
  ): AsyncIterable<EachOutcome<A>>;
  /**
   * Reads back once more what became of an unsettled intent, and settles it where that can be told. Takes as long as
   * `readBackMs`, and up to 30 s more where the ledger is slow; what was found is told, also where the ledger cannot be.
   *
   * @throws {ResumeError} NOT_FOUND (no effect) there is none for this target.
   */
  reconcile(target: ExecutionRef, options?: ReconcileOptions): Promise<Outcome>;
  /**
   * Frees what the library opened. Calls under way end as after an abort; a ledger that they must tell what became of
   * them is waited for, 10 s at most.
   */
  close(): Promise<void>;
}
