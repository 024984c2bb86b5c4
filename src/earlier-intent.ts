import type { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import { totalMsOf } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import { CallScope } from './deadline.js';
import type { Target } from './driver.js';
import type { Effect, ErrorCode } from './errors.js';
import type { Failure } from './failure.js';
import { resumeErrorOf } from './failure.js';
import type { LedgerRecord } from './ledger/ledger.js';
import { reconcileRecord } from './reconcile.js';
import { outcomeOfError, outcomeOfRecorded } from './recorded.js';
import type { Outcome } from './types.js';

const FIRST_POLL_MS = 20;
const MAX_POLL_MS = 500;
/** That of the call that began an intent. */
const FIRST_FENCE = 1;
/** How long a look after the verdict may take, in milliseconds: an aborted call has 50 ms in all. */
export const LOOK_AGAIN_MS = 15;

/** The call that found an intent in its way. */
export interface Asking {
  readonly target: Target;
  readonly fingerprint: string;
  readonly options: CallOptions;
  readonly startedMs: number;
}

/** What an intent that was there before means for a call: its verdict, waiting for it, looking for it, or a refusal. */
export class EarlierIntent {
  readonly #parts: ConnectionParts;
  readonly #call: CallRecord;
  readonly #scope: CallScope;
  readonly #asking: Asking;

  constructor(parts: ConnectionParts, call: CallRecord, scope: CallScope, asking: Asking) {
    this.#parts = parts;
    this.#call = call;
    this.#scope = scope;
    this.#asking = asking;
  }

  async resolve(found: LedgerRecord): Promise<Outcome> {
    const { idempotencyKey } = this.#asking.options;
    const { key, fingerprint, id } = found.intent;
    const same = fingerprint === this.#asking.fingerprint;
    const sameKey = idempotencyKey !== undefined && key === idempotencyKey;
    if (sameKey && !same) {
      return this.#refuse(
        'none',
        'ABORTED',
        `the idempotency key was used for another request (intent ${id}): use a new key`,
        id,
      );
    }
    // Without keys, equal calls at the same time are one; with keys, equal keys are.
    if (same && (sameKey || (key === undefined && idempotencyKey === undefined))) return await this.#join(found);
    return this.#inTheWay(found);
  }

  /**
   * What a call with a key came to that failed before its own intent was there: an equal call of another process may
   * have begun with the key since this one looked.
   *
   * @param own - the intent that the ledger was asked to write down, if it came to that: nothing is sent for it.
   * @returns undefined where the failure stands as it is.
   */
  async lookAgain(failure: Failure, own: string | undefined): Promise<Outcome | undefined> {
    const { runtime, ledger, name: connection } = this.#parts;
    const { target, fingerprint, options } = this.#asking;
    const { workflow, execution } = target;
    const key = options.idempotencyKey;
    const soon = new CallScope(runtime, { timeoutMs: LOOK_AGAIN_MS });
    try {
      const found = await soon.race(ledger.lookup({ key, target: { connection, workflow, execution } }));
      if (found === undefined || found.intent.key !== key || found.intent.fingerprint !== fingerprint) return undefined;
      const { id } = found.intent;
      // Nobody but its first owner could send for it; whoever has taken it over may tell something else, though.
      if (id === own && found.fence === FIRST_FENCE) return undefined;
      return outcomeOfRecorded(found) ?? this.#doubt(failure, `intent ${id} was begun with this key meanwhile`, id);
    } catch {
      return this.#doubt(failure, 'whether this key was used meanwhile could not be looked up');
    } finally {
      soon.dispose();
    }
  }

  /** The verdict of whoever works on it; where nobody does, what can be found out. */
  async #join(found: LedgerRecord): Promise<Outcome> {
    const { runtime, ledger, steps } = this.#parts;
    steps.keepNewsOf(this.#asking.target);
    const waiting = new CallScope(runtime, { timeoutMs: totalMsOf(this.#asking.options), parent: this.#scope });
    try {
      let record: LedgerRecord | undefined = found;
      for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(MAX_POLL_MS, delayMs * 2)) {
        if (record === undefined) return this.#forgotten(found);
        const settled = outcomeOfRecorded(record);
        if (settled !== undefined) return settled;
        if (record.lease === undefined || record.lease.expiresAtMs <= runtime.nowMs()) {
          if (found.intent.key === undefined || this.#asking.options.readBack === 'off') return this.#inTheWay(record);
          const reconciled = await reconcileRecord(this.#parts, record, this.#call, waiting, this.#asking);
          if (reconciled !== undefined) return reconciled;
        }
        await waiting.sleep(delayMs);
        record = await waiting.race(ledger.find(found.intent.id));
      }
    } finally {
      waiting.dispose();
    }
  }

  #inTheWay({ intent, unknownBecause }: LedgerRecord): Outcome {
    const since = new Date(intent.createdAtMs).toISOString();
    const told = unknownBecause === undefined ? '' : ` (it said: ${unknownBecause})`;
    const why = `intent ${intent.id} of ${since}, a ${intent.target.action} of this execution, is not settled${told}; reconcile or settle it`;
    return this.#refuse('unknown', 'ABORTED', why, intent.id);
  }

  #forgotten({ intent }: LedgerRecord): Outcome {
    const why = `an equal call (intent ${intent.id}) was settled meanwhile, and its verdict is not kept`;
    return this.#refuse('unknown', 'ABORTED', why, intent.id);
  }

  #doubt({ why, details }: Failure, doubt: string, intent?: string): Outcome {
    const failure = { why: `${why}; ${doubt}`, details: { ...details, effect: 'unknown' } } as const;
    return outcomeOfError(resumeErrorOf(failure, this.#parts, { target: this.#asking.target, intent }, this.#call));
  }

  #refuse(effect: Effect, code: ErrorCode, why: string, intent: string): Outcome {
    const { target } = this.#asking;
    const failure = { why, details: { code, effect } };
    return outcomeOfError(resumeErrorOf(failure, this.#parts, { target, intent }, this.#call));
  }
}
