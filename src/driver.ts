import type { Effect, ErrorCode } from './errors.js';
import type { Inspection, ListPage, PageRequest, Projection } from './inspection.js';
import type { ExecutionRef } from './snapshot.js';
import type { Action, Capabilities, NodeRange, Receipt } from './types.js';

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

/** What a driver needs to tell a resume from what was there before: plain JSON, kept in the ledger. */
export type Baseline = Readonly<Record<string, string | number | boolean | null>>;

/** What was found out by reading before anything is sent. */
export interface Discovery extends Selection {
  readonly baseline?: Baseline | undefined;
}

/** What a lost answer was about. */
export interface LostResume {
  /** Epoch milliseconds of this machine's clock, before anything was sent. */
  readonly createdAtMs: number;
  readonly baseline?: Baseline | undefined;
}

/** What a driver finds when it reads back. */
export type Finding =
  /**
   * Nothing that proves a resume; `seen` says in words what there is. Not proof that there was none. `undecided` says
   * that something speaks for one, only not enough to adopt it: nothing may be sent again.
   */
  | { readonly found: 'nothing'; readonly seen: string; readonly undecided?: boolean | undefined }
  /** The target was resumed once since, in the way that was asked. */
  | { readonly found: 'resumed'; readonly acceptance: Acceptance }
  /** It was resumed more than once: all ids, none chosen. */
  | { readonly found: 'several'; readonly executions: readonly string[] }
  /** It was resumed in another way than asked, so by somebody else: not adopted, and it says nothing about ours. */
  | { readonly found: 'different'; readonly seen: string };

/** What a driver makes of an answer that accepts. */
export interface Acceptance {
  readonly execution: string;
  readonly nodes: readonly string[];
  readonly nodesBasis: Receipt['nodesBasis'];
  readonly acceptedAt?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Where a request goes, for telemetry. Neither path nor query, which may hold what is not to be told. */
export interface Dispatched {
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
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
   * @param to - where to, where that is to be traced.
   *
   * @throws what ended the call, where a verdict has been given already; then nothing may be sent.
   */
  dispatch(to?: Dispatched): void;
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
  /** What the connection talks to, such as region, endpoint and project; no secret. Plans are tied to it. @default '' */
  readonly identity?: string;
  /**
   * Reads an execution before it is resumed: where it stopped, and the baseline that read-back needs. Reads only.
   *
   * @throws {DriverFailure} FAILED_PRECONDITION where it cannot be resumed as asked, listing what there is.
   */
  doDiscover?(target: Target, attempt: Attempt): Promise<Discovery>;
  /**
   * Whether this target must be read first.
   *
   * @param readBack - whether a lost answer would be read back.
   * @default without it: a `resume` without nodes where `capabilities.discoversNodes`
   */
  needsDiscovery?(target: Target, readBack: boolean): boolean;
  /** Sends the one request that resumes. */
  doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance>;
  /**
   * Looks for the effect of a request whose answer was lost. Reads only, once; the portable type repeats it.
   *
   * Must say `resumed` only for what provably began after the lost request was made, and never choose among several.
   */
  doFindResumed?(target: Target, selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding>;
  /**
   * Reads an execution as it stands. Reads only.
   *
   * @param resumed - the resume that is followed: what began before it is carried over.
   */
  doInspect?(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection>;
  /** Works out what a resume would do: reads only, and refuses in words rather than by throwing. */
  doPlan?(target: Target, attempt: Attempt): Promise<Projection>;
  /** Reads one page of a workflow's executions. */
  doList?(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage>;
  /** Drops a credential that the driver called stale, so that the next attempt reads a new one. */
  dropCredential?(stale: object): void;
  close(): Promise<void>;
}
