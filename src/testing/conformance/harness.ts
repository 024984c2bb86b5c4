import type { ErrorCode } from '../../errors.js';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { EmulatedAnswer, FaultPlan } from '../faults.js';
import type { Journal, JournalEntry } from '../journal.js';

/** A real HTTP server that plays the provider, commits, and fails on demand. Every `EmulatorServer` is one. */
export interface FaultyService {
  readonly endpoint: string;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** An execution that stands still and takes an action. */
export interface ConformanceTarget {
  readonly workflow: string;
  readonly execution: string;
  /**
   * What the action may name, and with `discoversNodes` all that a `resume` without nodes must find. Three where the
   * action takes so many, none where it takes none.
   */
  readonly nodes: readonly string[];
}

/** What a request asked of the service, in this package's words. */
export interface SentResume {
  readonly workflow: string;
  readonly execution: string;
  readonly nodes: readonly string[];
  /** The provider's operation. Undefined where its requests do not say. */
  readonly performed?: Action | undefined;
}

/** A workflow with so many executions that a listing takes several pages. */
export interface ConformancePages {
  readonly workflow: string;
  /** All of them. */
  readonly executions: readonly string[];
  /** How many requests it takes at least: 1 where the provider knows no pages. */
  readonly pages: number;
}

/**
 * What the author of a driver hands to the conformance suite.
 *
 * @typeParam A - the actions that the connections take.
 * @typeParam S - the service that plays the provider.
 */
export interface DriverHarness<A extends Action = Action, S extends FaultyService = FaultyService> {
  /** Makes a connection as a user would, with the harness's credentials. It may not send anything by that alone. */
  connect(endpoint: string): ResumableWorkflow<A>;
  /** The same with a credential source that supplies nothing before `ready`. Left out, that is not tested. */
  connectLate?(endpoint: string, ready: Promise<void>): ResumableWorkflow<A>;
  /** Every secret that `connect` uses; none of them may ever show. */
  readonly secrets: readonly string[];
  /** Whether a lost answer is read back (`doFindResumed`). */
  readonly readsBack: boolean;
  /** Starts a service for one row; the suite closes it. */
  start(): Promise<S>;
  /** Sets up an execution that takes the action, or names one that is there. Asked for once an action and row. */
  target(service: S, action: A): ConformanceTarget;
  /** An execution that the service does not have. @default that of `target`, with an `x` added */
  missing?(service: S): { readonly workflow: string; readonly execution: string };
  /** Translates a request that could have resumed something. */
  sent(entry: JournalEntry): SentResume;
  /** The provider's own refusal that promises that nothing happened, with this text as its message. */
  refusal(message: string): { readonly answer: EmulatedAnswer; readonly code: ErrorCode };
  /**
   * A 4xx, but no 429, in the shape of the provider's own errors, whose code the driver does not know. It proves nothing.
   * Left out, that is not tested.
   */
  unlistedRefusal?(message: string): EmulatedAnswer;
  /** The provider's own throttling. Left out, that is not tested. */
  readonly throttle?: EmulatedAnswer | undefined;
  /**
   * The acceptance that says that these nodes start again, whatever was asked for. Left out where an acceptance does not
   * name nodes.
   */
  reports?(target: ConformanceTarget, nodes: readonly string[]): EmulatedAnswer;
  /** Answers with a 2xx that do not accept, by what is wrong with them: no id where one is owed, another execution's. */
  notAccepting(target: ConformanceTarget): Readonly<Record<string, EmulatedAnswer>>;
  /**
   * Whether the provider's acceptance has no body, so that none can be damaged.
   *
   * @default false
   */
  readonly acceptsWithoutBody?: boolean | undefined;
  /** Lets what was resumed run to its end. Left out, following it is not tested. */
  finish?(service: S): void;
  /** Adds executions to list. Needed where `list` is declared. */
  pages?(service: S): ConformancePages;
}
