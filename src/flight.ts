import { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import { totalMsOf } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import { CallEnded, CallScope } from './deadline.js';
import { asAsked, countsSinceMs, discover, isSettledBefore, needsDiscovery, overtakenBy } from './discovering.js';
import type { Acceptance, Discovery, Target } from './driver.js';
import { EarlierIntent, LOOK_AGAIN_MS } from './earlier-intent.js';
import type { ResumeError } from './errors.js';
import type { Failure } from './failure.js';
import { failureFrom, resumeErrorOf } from './failure.js';
import { FlightLife } from './flight-life.js';
import { intentOf } from './intent.js';
import type { Begun, Intent, LedgerRecord } from './ledger/ledger.js';
import { receiptOf } from './receipt.js';
import { outcomeOfError } from './recorded.js';
import { recover } from './recovering.js';
import { GivenUp } from './sending.js';
import { settle, withdraw } from './settling.js';
import type { Outcome, Receipt } from './types.js';

/** Beyond the time that a call may take, so that its own lease does not end under it. */
const LEASE_MARGIN_MS = 60_000;

/** What a flight is for. */
export interface Asked {
  readonly target: Target;
  /** The text of the target's execution. */
  readonly text: string;
  readonly options: CallOptions;
}

/**
 * One resume on its way, shared by every concurrent call of the same identity: look into the ledger, read, write the
 * intent down, send, read back, settle.
 */
export class Flight {
  readonly target: Target;
  readonly options: CallOptions;
  readonly #parts: ConnectionParts;
  readonly #text: string;
  readonly #call: CallRecord;
  readonly #life: FlightLife;
  readonly #startedMs: number;
  readonly #fingerprint: string;
  readonly #onLanded: () => void;
  #outcome: Promise<Outcome> | undefined;
  #intent: string | undefined;
  /** The intent that the ledger was asked to write down, whatever it answered. */
  #asked: string | undefined;
  #askedAtMs = Number.NaN;
  /** What it answers to that, until it has. */
  #beginning: Promise<Begun> | undefined;
  /** Whether a step of the ledger is under way. */
  #asksLedger = false;
  #followers = 0;

  /** @param onLanded - is called once, before anybody is told the outcome. */
  constructor(parts: ConnectionParts, { target, text, options }: Asked, onLanded: () => void) {
    this.#parts = parts;
    this.#onLanded = onLanded;
    this.target = target;
    this.#text = text;
    this.options = options;
    this.#call = new CallRecord(parts.runtime, parts.secrets, parts.name);
    this.#life = new FlightLife(parts.runtime, options.timeoutMs);
    this.#startedMs = parts.runtime.nowMs();
    this.#fingerprint = parts.steps.fingerprintOf(target, text);
  }

  /** Must be called once, when others can join. */
  start(): void {
    this.#outcome = this.#run();
  }

  /** Its own start may ask for it, through whatever is called there. */
  get outcome(): Promise<Outcome> {
    return this.#outcome ?? Promise.resolve().then(() => this.outcome);
  }

  /** Whether a call may share this one's request. */
  isSameAs(target: Target, { idempotencyKey, readBack, onUnknown, plan }: CallOptions): boolean {
    const { options } = this;
    return (
      this.#parts.steps.fingerprintOf(target, this.#text) === this.#fingerprint &&
      idempotencyKey === options.idempotencyKey &&
      readBack === options.readBack &&
      onUnknown === options.onUnknown &&
      plan?.fingerprint === options.plan?.fingerprint
    );
  }

  /**
   * Waits for the outcome, for as long as the call lasts.
   *
   * @param own - the call's own deadline and signal; its life ends with the outcome.
   */
  follow({ timeoutMs }: CallOptions, own: CallScope): Promise<Outcome> {
    this.#followers += 1;
    if (this.#followers > 1) {
      const leaseMs = this.#call.sendBeforeMs - this.#parts.runtime.nowMs();
      this.#life.sending.extend(Math.min(timeoutMs, Math.max(0, leaseMs)));
    }
    const landed = (outcome: Outcome): Outcome => {
      own.dispose();
      return outcome;
    };
    const failed = (thrown: Error): never => {
      own.dispose();
      throw thrown;
    };
    return own.raceTo(this.outcome, landed, failed, (reason) => this.#leave(reason));
  }

  /** Whether everybody has left: its verdict is on the way. */
  get isEnding(): boolean {
    return this.#life.reason !== undefined;
  }

  /** Ends it for everybody. */
  end(reason: CallEnded): void {
    this.#life.end(reason);
  }

  /** The error of a call that asks for something else of the same execution meanwhile. */
  inTheWay(target: Target): ResumeError {
    const why = `another ${this.target.action} of this execution is under way in this process`;
    const details = { code: 'ABORTED', effect: 'unknown' } as const;
    const intent = this.#intent;
    const failure = { why: intent === undefined ? why : `${why} (intent ${intent})`, details };
    // What the other call has sent is not this one's.
    return resumeErrorOf(failure, this.#parts, { target, intent }, { secrets: this.#call.secrets, dispatches: 0 });
  }

  /** The verdict of a call that gives up. The last one to leave takes the request with it. */
  async #leave(reason: CallEnded): Promise<Outcome> {
    this.#followers -= 1;
    const last = this.#followers === 0;
    const inDoubt = this.#call.inDoubt || !last;
    const asksLedger = !inDoubt && this.options.idempotencyKey !== undefined && !this.#ownsIntent;
    if (last) this.#life.end(reason);
    if (!asksLedger) return this.#outcomeOf(failureFrom(reason, inDoubt ? 'unknown' : 'none'));
    const soon = new CallScope(this.#parts.runtime, { timeoutMs: LOOK_AGAIN_MS });
    try {
      return await soon.race(this.outcome);
    } catch {
      return this.#outcomeOf(failureFrom(reason, 'unknown'));
    } finally {
      soon.dispose();
    }
  }

  /** Otherwise another process may have begun with the same key, or may have taken the intent over. */
  get #ownsIntent(): boolean {
    return this.#intent !== undefined && this.#parts.runtime.nowMs() < this.#call.sendBeforeMs;
  }

  // Waits for the ledger only where that does not answer at once: measured, each wait costs a fiftieth of a request.
  async #run(): Promise<Outcome> {
    try {
      let owned: LedgerRecord | undefined;
      let outcome: Outcome;
      try {
        const { plan, idempotencyKey } = this.options;
        const reads = needsDiscovery(this.#parts.driver, this.target, this.options);
        let lookedUpAtMs = countsSinceMs(this.#startedMs, plan);
        for (;;) {
          // Without a read after it, a look would tell what beginning tells as well.
          if (reads || idempotencyKey !== undefined) {
            const looked = this.#lookup();
            const earlier = looked instanceof Promise ? await looked : looked;
            this.#asksLedger = false;
            this.#call.inDoubt = false;
            if (earlier !== undefined) return await this.#resolve(earlier);
          }
          const { discovery, refusal } = reads
            ? await discover(this.#parts, this.target, this.options, this.#call, this.#life.sending)
            : asAsked(this.target);
          const asked = this.#begin(discovery, lookedUpAtMs);
          const begun = asked instanceof Promise ? await asked : asked;
          this.#beginning = undefined;
          this.#asksLedger = false;
          if (begun.status === 'owned') {
            owned = begun.record;
            this.#intent = owned.intent.id;
            if (refusal !== undefined) throw refusal;
            break;
          }
          if (plan !== undefined && isSettledBefore(begun, this.#startedMs)) {
            const overtaken = refusal ?? overtakenBy(begun.record, plan);
            if (overtaken !== undefined) throw overtaken;
          } else if (begun.status !== 'settled' || this.#isOurs(begun.record)) return await this.#resolve(begun.record);
          // Another resume of this execution was settled meanwhile: what was read before is out of date. An equal one
          // may be settled before the ledger is asked again, so it is asked about all since it was asked the last time.
          lookedUpAtMs = this.#askedAtMs;
        }
        const { intent } = owned;
        try {
          outcome = this.#accepted(intent, await this.#request(intent), 'answer');
        } catch (thrown) {
          // Where the answer is lost, it looks for what became of it.
          const { options } = this;
          const given = { driver: this.#parts.driver, options, call: this.#call, life: this.#life };
          const { acceptance, confirmedBy } = await recover(given, intent, thrown, () => this.#request(intent));
          outcome = this.#accepted(intent, acceptance, confirmedBy);
        }
      } catch (thrown) {
        if (this.#beginning !== undefined) void withdraw(this.#parts, this.#beginning, this.#asked ?? '');
        const failure = this.#failureOf(thrown);
        outcome = owned === undefined ? await this.#unbegun(failure) : this.#outcomeOf(failure);
      }
      const told = owned === undefined ? outcome : settle(this.#parts, owned, outcome);
      return told instanceof Promise ? await told : told;
    } finally {
      this.#life.dispose();
      this.#onLanded();
    }
  }

  #lookup(): LedgerRecord | undefined | Promise<LedgerRecord | undefined> {
    const key = this.options.idempotencyKey;
    // Until the ledger has answered, what an earlier call with this key came to is not known.
    this.#call.inDoubt = key !== undefined;
    this.#asksLedger = true;
    const looked = this.#parts.steps.lookup(key, this.target, this.#text);
    return looked instanceof Promise ? this.#life.sending.race(looked) : looked;
  }

  /** Whether an intent is this very call, made by somebody else. */
  #isOurs({ intent }: LedgerRecord): boolean {
    const key = this.options.idempotencyKey;
    return intent.key === key && (key !== undefined || intent.fingerprint === this.#fingerprint);
  }

  /** What an intent that was there before means for this call. */
  async #resolve(record: LedgerRecord): Promise<Outcome> {
    this.#call.inDoubt = true;
    return await this.#earlierIntent().resolve(record);
  }

  /** A call with a key that fails before its own intent is there must not say more than the ledger does by then. */
  async #unbegun(failure: Failure): Promise<Outcome> {
    if (failure.details.effect !== 'none' || this.options.idempotencyKey === undefined) return this.#outcomeOf(failure);
    return (await this.#earlierIntent().lookAgain(failure, this.#asked)) ?? this.#outcomeOf(failure);
  }

  #earlierIntent(): EarlierIntent {
    const { target, options } = this;
    const asking = { target, fingerprint: this.#fingerprint, options, startedMs: this.#startedMs };
    return new EarlierIntent(this.#parts, this.#call, this.#life.whole, asking);
  }

  #begin(discovery: Discovery, lookedUpAtMs: number): Begun | Promise<Begun> {
    const { steps, owner } = this.#parts;
    const leaseMs = totalMsOf(this.options) + LEASE_MARGIN_MS;
    const intent = intentOf(this.#parts, this.target, this.#fingerprint, this.options, discovery, lookedUpAtMs);
    this.#call.sendBeforeMs = intent.createdAtMs + leaseMs;
    this.#life.sending.throwIfEnded();
    this.#asked = intent.id;
    this.#askedAtMs = intent.createdAtMs;
    this.#asksLedger = true;
    const begun = steps.begin(intent, owner, intent.createdAtMs, leaseMs, this.#text);
    if (!(begun instanceof Promise)) return begun;
    this.#beginning = begun;
    return this.#life.sending.race(begun);
  }

  #request({ performed, nodes }: Intent): Promise<Acceptance> {
    return this.#parts.sender.resume(this.target, { performed, nodes }, this.#call, this.#life.sending);
  }

  #accepted(intent: Intent, acceptance: Acceptance, confirmedBy: Receipt['confirmedBy']): Outcome {
    const { dispatches: attempts, secrets } = this.#call;
    const durationMs = this.#parts.runtime.nowMs() - this.#startedMs;
    return {
      status: 'accepted',
      receipt: receiptOf(intent, acceptance, { confirmedBy, attempts, durationMs, secrets, plan: this.options.plan }),
    };
  }

  /** Nothing has been sent where a step of the ledger fails, or where one is under way as time runs out. */
  #failureOf(thrown: unknown): Failure {
    if (thrown instanceof GivenUp) return thrown.failure;
    const effect = this.#call.inDoubt ? 'unknown' : 'none';
    if (!this.#asksLedger || thrown instanceof CallEnded) return failureFrom(thrown, effect);
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      why: `the ledger does not work, so nothing was sent: ${why}`,
      details: { code: 'UNAVAILABLE', effect, cause: thrown },
    };
  }

  #outcomeOf(failure: Failure): Outcome {
    const intent = failure.details.effect === 'unknown' ? this.#intent : undefined;
    return outcomeOfError(resumeErrorOf(failure, this.#parts, { target: this.target, intent }, this.#call));
  }
}
