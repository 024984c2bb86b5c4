import type { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import { totalMsOf } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import { CallEnded } from './deadline.js';
import {
  asAsked,
  countsSinceMs,
  discover,
  isSettledBefore,
  needsDiscovery,
  overtakenBy,
  refusedIn,
} from './discovering.js';
import type { Discovery, Target } from './driver.js';
import { EarlierIntent } from './earlier-intent.js';
import type { Failure } from './failure.js';
import { failureFrom } from './failure.js';
import type { FlightLife } from './flight-life.js';
import { intentOf } from './intent.js';
import type { Begun, LedgerRecord } from './ledger/ledger.js';
import { messageOf } from './message.js';
import { GivenUp } from './sending.js';
import { withdraw } from './settling.js';
import type { Outcome } from './types.js';

/** Beyond the time that a call may take, so that its own lease does not end under it. */
const LEASE_MARGIN_MS = 60_000;

/** One resume on its way: what is asked, and what its steps share. */
export interface Underway {
  readonly parts: ConnectionParts;
  readonly target: Target;
  /** The text of the target's execution. */
  readonly text: string;
  readonly options: CallOptions;
  readonly call: CallRecord;
  readonly life: FlightLife;
  readonly startedMs: number;
  readonly fingerprint: string;
}

/** An intent that is the call's own, with why nothing is to be sent for it where that is so; or a verdict without one. */
export type Acquired =
  | { readonly owned: LedgerRecord; readonly refusal?: GivenUp | undefined }
  | { readonly owned?: undefined; readonly outcome: Outcome };

/** How a resume comes to an intent of its own: it looks into the ledger, reads, and writes the intent down. */
export class Acquisition {
  readonly #underway: Underway;
  /** The intent that the ledger was asked to write down, whatever it answered. */
  #asked: string | undefined;
  #askedAtMs = Number.NaN;
  /** Asked once. */
  #needsDiscovery: boolean | undefined;
  /** Whether a step of the ledger is under way. */
  #asksLedger = false;

  constructor(underway: Underway) {
    this.#underway = underway;
  }

  /**
   * The same as {@link Acquisition.acquire} where there is nothing to wait for.
   *
   * @returns undefined where there is, or where something stands in the way.
   */
  atOnce(): LedgerRecord | undefined {
    const { parts, target, startedMs } = this.#underway;
    // Last of all whether they are at once: drivers are asked before, and what they do may change it.
    if (this.#looksFirst || this.#reads || !parts.steps.areAtOnce) return undefined;
    const begun = this.#begin(asAsked(target).discovery, startedMs, startedMs);
    if (begun instanceof Promise) throw new Error('a ledger that answers at once has not');
    this.#asksLedger = false;
    return begun.status === 'owned' ? begun.record : undefined;
  }

  async acquire(): Promise<Acquired> {
    const { parts, target, options, call, life, startedMs } = this.#underway;
    const { plan } = options;
    const reads = this.#reads;
    let lookedUpAtMs = countsSinceMs(startedMs, plan);
    for (;;) {
      // Without a read after it, a look would tell what beginning tells as well.
      if (reads || this.#looksFirst) {
        const looked = this.#lookup();
        const earlier = looked instanceof Promise ? await looked : looked;
        this.#asksLedger = false;
        call.inDoubt = false;
        if (earlier !== undefined) return await this.#resolve(earlier);
      }
      let found = asAsked(target);
      try {
        if (reads) found = { discovery: await discover(parts, target, options, call, life.sending) };
      } catch (thrown) {
        found = refusedIn(thrown, target);
      }
      const { discovery, refusal } = found;
      const beginning = this.#begin(discovery, lookedUpAtMs, parts.runtime.nowMs());
      const begun = beginning instanceof Promise ? await this.#begun(beginning) : beginning;
      this.#asksLedger = false;
      if (begun.status === 'owned') return { owned: begun.record, refusal };
      if (plan !== undefined && isSettledBefore(begun, startedMs)) {
        const overtaken = refusal ?? overtakenBy(begun.record, plan);
        if (overtaken !== undefined) throw overtaken;
      } else if (begun.status !== 'settled' || this.#isOurs(begun.record)) return await this.#resolve(begun.record);
      // Another resume of this execution was settled meanwhile: what was read before is out of date. An equal one may be
      // settled before the ledger is asked again, so it is asked about all since it was asked the last time. Never about
      // the same one, for a clock may have been set back.
      lookedUpAtMs = Math.max(this.#askedAtMs, begun.record.settlement?.settledAtMs ?? this.#askedAtMs);
    }
  }

  /** Nothing has been sent where a step of the ledger fails, or where one is under way as time runs out. */
  failureOf(thrown: unknown): Failure {
    if (thrown instanceof GivenUp) return thrown.failure;
    const effect = this.#underway.call.inDoubt ? 'unknown' : 'none';
    if (!this.#asksLedger || thrown instanceof CallEnded) return failureFrom(thrown, effect);
    const why = messageOf(thrown);
    return {
      why: `the ledger does not work, so nothing was sent: ${why}`,
      details: { code: 'UNAVAILABLE', effect, cause: thrown },
    };
  }

  /**
   * A call with a key that fails before its own intent is there must not say more than the ledger does by then.
   *
   * @returns undefined where the failure stands as it is.
   */
  async lookAgain(failure: Failure): Promise<Outcome | undefined> {
    if (failure.details.effect !== 'none' || !this.#looksFirst) return undefined;
    return await this.#earlierIntent().lookAgain(failure, this.#asked);
  }

  get #reads(): boolean {
    const { parts, target, options } = this.#underway;
    this.#needsDiscovery ??= needsDiscovery(parts.driver, target, options);
    return this.#needsDiscovery;
  }

  /** What an earlier call with its key came to must be known before anything is said. */
  get #looksFirst(): boolean {
    return this.#underway.options.idempotencyKey !== undefined;
  }

  #lookup(): LedgerRecord | undefined | Promise<LedgerRecord | undefined> {
    const { parts, target, text, options, call, life } = this.#underway;
    const key = options.idempotencyKey;
    // Until the ledger has answered, what an earlier call with this key came to is not known.
    call.inDoubt = key !== undefined;
    this.#asksLedger = true;
    const looked = parts.steps.lookup(key, target, text);
    return looked instanceof Promise ? life.sending.race(looked) : looked;
  }

  #begin(discovery: Discovery, lookedUpAtMs: number, nowMs: number): Begun | Promise<Begun> {
    const { parts, target, text, options, call, life, fingerprint } = this.#underway;
    const leaseMs = totalMsOf(options) + LEASE_MARGIN_MS;
    const newsSince = parts.steps.newsSince(lookedUpAtMs, options.plan);
    const intent = intentOf(parts, target, fingerprint, options, discovery, newsSince, nowMs);
    call.sendBeforeMs = intent.createdAtMs + leaseMs;
    life.sending.throwIfEnded();
    this.#asked = intent.id;
    this.#askedAtMs = intent.createdAtMs;
    this.#asksLedger = true;
    return parts.steps.begin(intent, parts.owner, intent.createdAtMs, leaseMs, text);
  }

  /** What cannot be waited for any more is taken back as soon as it is there. */
  async #begun(beginning: Promise<Begun>): Promise<Begun> {
    const { parts, life } = this.#underway;
    try {
      return begunIn(await life.sending.race(beginning));
    } catch (thrown) {
      void withdraw(parts, beginning, this.#asked ?? '');
      throw thrown;
    }
  }

  /** Whether an intent is this very call, made by somebody else. */
  #isOurs({ intent }: LedgerRecord): boolean {
    const { options, fingerprint } = this.#underway;
    const key = options.idempotencyKey;
    return intent.key === key && (key !== undefined || intent.fingerprint === fingerprint);
  }

  /** What an intent that was there before means for this call. */
  async #resolve(record: LedgerRecord): Promise<Acquired> {
    this.#underway.call.inDoubt = true;
    return { outcome: await this.#earlierIntent().resolve(record) };
  }

  #earlierIntent(): EarlierIntent {
    const { parts, call, life, target, fingerprint, options, startedMs } = this.#underway;
    return new EarlierIntent(parts, call, life.whole, { target, fingerprint, options, startedMs });
  }
}

/** What a ledger has answered. @throws where it says that an intent is ours and does not hand it over. */
function begunIn(begun: Begun): Begun {
  const { id } = (begun.record as LedgerRecord | undefined)?.intent ?? {};
  if (id === undefined) throw new Error(`it answered begin with ${begun.status} and without a record`);
  return begun;
}
