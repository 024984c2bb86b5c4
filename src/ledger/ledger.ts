import type { Baseline, Target } from '../driver.js';
import type { ErrorCode } from '../errors.js';
import type { Action, Receipt } from '../types.js';

/** What is about to be tried, written down before the first byte leaves. */
export interface Intent {
  /** Used for one intent only: a new `begin` takes a new id. */
  readonly id: string;
  /** The caller's idempotency key, where one was given. Keys are known to the whole ledger, whatever the connection. */
  readonly key?: string | undefined;
  readonly provider: string;
  readonly connection: string;
  /** As asked: workflow, execution, action and nodes. */
  readonly target: Target;
  /** What is really asked of the provider. */
  readonly performed: Action;
  /** The nodes that are sent, or expected to start again. */
  readonly nodes: readonly string[];
  /** SHA-256 over connection, workflow, execution, action and sorted nodes as asked. */
  readonly fingerprint: string;
  readonly reason?: string | undefined;
  readonly actor?: string | undefined;
  /** Epoch milliseconds of this machine's clock, before anything was sent. */
  readonly createdAtMs: number;
  /** Epoch milliseconds: when the call looked into the ledger before it read and began. */
  readonly lookedUpAtMs?: number | undefined;
  /** What read-back needs to tell a resume from what was there before. */
  readonly baseline?: Baseline | undefined;
}

/** A verdict as it is kept: plain JSON, without causes and secrets. */
export type RecordedVerdict =
  | { readonly status: 'accepted'; readonly receipt: Receipt }
  | { readonly status: 'refused'; readonly error: RecordedError };

/** An error as it is kept. */
export interface RecordedError {
  readonly message: string;
  readonly code: ErrorCode;
  readonly httpStatus?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly requestId?: string | undefined;
  readonly attempts: number;
}

/** Who decided, where it was a person. */
export interface Decision {
  readonly as: 'happened' | 'did-not-happen';
  readonly actor: string;
  readonly reason: string;
  readonly decidedAtMs: number;
}

/** How an intent ended. */
export interface Settlement {
  readonly verdict: RecordedVerdict;
  readonly settledAtMs: number;
  /** Only where an operator settled it. */
  readonly decision?: Decision | undefined;
}

/** Who works on an unsettled intent, and until when. */
export interface Lease {
  /** The process, such as `4711@host`, or a test's own word. */
  readonly owner: string;
  /** Grows with each owner: a write with an older number is refused. */
  readonly fence: number;
  /** Epoch milliseconds: good before, expired from then on. */
  readonly expiresAtMs: number;
}

/** Where an intent stands. Unsettled without a lease means that its effect is unknown. */
export interface LedgerRecord {
  readonly intent: Intent;
  /** Absent where it was given up, where it is settled, and where a ledger can tell that its owner is gone. */
  readonly lease?: Lease | undefined;
  /** The highest fence given out so far. */
  readonly fence: number;
  /** Why it is unknown, as last told; for people. */
  readonly unknownBecause?: string | undefined;
  readonly settlement?: Settlement | undefined;
}

/** The execution that an intent is about. */
export type LedgerTarget = Pick<Intent, 'connection'> & Pick<Target, 'workflow' | 'execution'>;

/** What {@link ResumeLedger.begin} found. */
export type Begun =
  /** It is ours: written down, with a lease. */
  | { readonly status: 'owned'; readonly record: LedgerRecord }
  /** An unsettled intent stands in the way: one of the same key, or one of the same target. */
  | { readonly status: 'pending'; readonly record: LedgerRecord }
  /** The same key was settled before; or an intent for this target was, since this call looked it up. */
  | { readonly status: 'settled'; readonly record: LedgerRecord };

/**
 * Remembers what was tried, so that nothing is tried twice.
 *
 * Every method is atomic against every other one, also between processes where the ledger is shared, and survives the
 * death of its process between any two steps. What a method has answered stays so after a restart, where the ledger
 * outlives its process. `nowMs` is the caller's clock: an expired lease counts as none.
 *
 * A method that rejects could not reach what it keeps. A `begin` that rejects was not answered with `owned`, so nothing
 * may be sent; what is left of it may stand in the way until its lease has expired.
 */
export interface ResumeLedger {
  /**
   * Compare-and-set: writes the intent down with a lease where neither its key nor its target stands in the way.
   *
   * A key is known from its first `begin` on, settled or not (until retention drops it). A target stands in the way while
   * an intent for it is unsettled, and where the latest one was settled after `lookedUpAtMs`: what the call has
   * read since may be out of date. Of several settled since then, one of the same fingerprint is told first that has no
   * key, as the intent has none. A key known for another fingerprint is answered with that record: the caller compares.
   */
  begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun>;
  /** The record of a key, else the unsettled one of a target. */
  lookup(query: {
    readonly key?: string | undefined;
    readonly target: LedgerTarget;
  }): Promise<LedgerRecord | undefined>;
  /**
   * The record of an intent. A settled one that has no key may be forgotten at once, one that has a key when retention
   * drops it.
   */
  find(id: string): Promise<LedgerRecord | undefined>;
  /**
   * Takes over an unsettled intent whose lease has expired or was released; the fence grows.
   *
   * @returns undefined where it is settled, not known, or a lease is still good, whoever holds it.
   */
  claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined>;
  /**
   * Prolongs a lease, also one that has expired and that nobody has taken over. False where the fence is not the latest
   * one, the lease was given up, or the intent is settled or not known: then stop working on it.
   */
  renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean>;
  /**
   * Gives a lease up without a verdict: the effect is unknown, and who asks is told why. False where the fence is not the
   * latest one, or the intent is settled or not known.
   */
  release(id: string, fence: number, unknownBecause: string): Promise<boolean>;
  /**
   * Ends an intent, also after {@link ResumeLedger.release} as long as nobody has taken it over. False where the fence is
   * not the latest one, or it is settled already or not known: the settlement that is there stands.
   */
  settle(id: string, fence: number, settlement: Settlement): Promise<boolean>;
  /** Every record, unsettled ones first, in no other order that is promised. */
  list(): AsyncIterable<LedgerRecord>;
}
