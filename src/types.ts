import type { Effect, ErrorCode } from './errors.js';

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
  /** Bounds the whole call, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the call early; the verdict says whether something may have happened. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether an unknown effect is looked into before the call settles. Only `'off'` is offered so far: the call
   * settles at once and says that the effect is unknown.
   *
   * @default 'off'
   */
  readonly readBack?: 'off' | undefined;
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
  /** `reported` by the provider's answer, or `expected` from what was asked. */
  readonly nodesBasis: 'reported' | 'expected';
  /** How it is known that the resume happened. */
  readonly confirmedBy: 'answer';
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

/** What a connection can do, as data. */
export interface Capabilities {
  /** The actions it takes, and how many nodes each needs. */
  readonly actions: Readonly<Partial<Record<Action, NodeRange>>>;
  /** Whether a resume mints a new execution id. */
  readonly newExecution: boolean;
  /** Whether `resume` without nodes reads the execution first to find where it stopped. */
  readonly discoversNodes: boolean;
  readonly ids: { readonly workflow: IdRule; readonly execution: IdRule; readonly node: IdRule };
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
   * @throws {ResumeError} with `effect: 'none'` where it provably did not happen, otherwise `'unknown'`.
   */
  resume(request: ResumeRequest<A>, options?: ResumeOptions): Promise<Receipt>;
  /** Frees what the library opened. Calls under way end as after an abort. */
  close(): Promise<void>;
}

/** A validated request: the action is filled in, nodes are unique and in the caller's order. */
export interface Target {
  readonly workflow: string;
  readonly execution: string;
  readonly action: Action;
  readonly nodes: readonly string[];
}

/** What a driver is told to send: the provider's own operation on known nodes. */
export interface Selection {
  readonly performed: Action;
  readonly nodes: readonly string[];
}

/** What a driver makes of an answer that accepts. */
export interface Acceptance {
  readonly execution: string;
  readonly nodes: readonly string[];
  readonly nodesBasis: Receipt['nodesBasis'];
  readonly acceptedAt?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * One attempt as its driver sees it. It knows the one fact that decides about the effect: whether anything was handed
 * to an established connection.
 */
export interface Attempt {
  /** Aborted when the call ends for whatever reason. Made on first use: prefer {@link Attempt.whenEnded}. */
  readonly signal: AbortSignal;
  /** Whether {@link Attempt.dispatch} was called. */
  readonly dispatched: boolean;
  /**
   * Must be called synchronously right before the first byte can leave, once per attempt.
   *
   * @throws what ended the call, where a verdict has been given already; then nothing may be sent.
   */
  dispatch(): void;
  /** Throws what ended the call, if it has ended. */
  throwIfEnded(): void;
  /** Calls back once when the call ends, at once if it has ended; returns what takes the listener off again. */
  whenEnded(listener: (reason: Error) => void): () => void;
  /** Settles like the promise, or rejects when the call ends. What the promise does later is ignored. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Names a secret that must never show in an error; call it with every credential as it is read. */
  conceal(secret: string | undefined): void;
}

/** What a driver knows about a failed attempt; thrown as `DriverFailure`. */
export interface FailureDetails {
  readonly code: ErrorCode;
  readonly effect: Effect;
  readonly httpStatus?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Never send again by itself, although code and effect would allow it. */
  readonly final?: boolean | undefined;
  /** The credential that the provider refused, where a renewed one may be accepted: it is dropped, then sent once more. */
  readonly staleCredential?: object | undefined;
  readonly cause?: unknown;
}

/**
 * The adapter's code for a provider: one attempt per method, translate the answer, translate the error.
 *
 * A driver must not retry, set timers, log, or keep state between calls other than connections and credentials. It
 * throws `DriverFailure` for what it recognises; anything else that it throws is `INTERNAL`, with the effect that the
 * attempt's phase allows.
 */
export interface WorkflowDriver<A extends Action = Action> {
  readonly provider: string;
  readonly capabilities: Capabilities & { readonly actions: Readonly<Record<A, NodeRange>> };
  /**
   * Finds where an execution stopped. Reads only. Needed where `capabilities.discoversNodes`, and called where a
   * `resume` needs it (see {@link WorkflowDriver.needsDiscovery}).
   */
  doDiscover?(target: Target, attempt: Attempt): Promise<Selection>;
  /** Whether this target must be read first. Without it: a `resume` without nodes where `discoversNodes`. */
  needsDiscovery?(target: Target): boolean;
  /** Sends the one request that resumes. */
  doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance>;
  /** Drops a credential that the driver called stale, so that the next attempt reads a new one. */
  dropCredential?(stale: object): void;
  close(): Promise<void>;
}
