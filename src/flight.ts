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
import { intentOf } from './intent.js';
import { fingerprintOf } from './ledger/fingerprint.js';
import type { Begun, Intent, LedgerRecord } from './ledger/ledger.js';
import { LostAnswer } from './lost-answer.js';
import { receiptOf } from './receipt.js';
import { outcomeOfError } from './recorded.js';
import { GivenUp } from './sending.js';
import { settle, withdraw } from './settling.js';
import type { Outcome, Receipt } from './types.js';

/** Beyond the time that a call may take, so that its own lease does not end under it. */
const LEASE_MARGIN_MS = 60_000;

/**
 * One resume on its way, shared by every concurrent call of the same identity: look into the ledger, read, write the
 * intent down, send, read back, settle.
 */
export class Flight {
  readonly target: Target;
  readonly options: CallOptions;
  readonly outcome: Promise<Outcome>;
  readonly #parts: ConnectionParts;
  readonly #call: CallRecord;
  /** Ends when everybody has left. */
  readonly #scope: CallScope;
  /** The phase in which something may be sent. */
  #sending: CallScope;
  readonly #startedMs: number;
  readonly #fingerprint: string;
  #intent: string | undefined;
  /** The intent that the ledger was asked to write down, whatever it answered. */
  #asked: string | undefined;
  /** What it answers to that, until it has. */
  #beginning: Promise<Begun> | undefined;
  /** Whether a step of the ledger is under way. */
  #asksLedger = false;
  #followers = 0;

  constructor(parts: ConnectionParts, target: Target, options: CallOptions) {
    this.#parts = parts;
    this.target = target;
    this.options = options;
    this.#call = new CallRecord(parts.runtime, parts.secrets, parts.name);
    this.#scope = new CallScope(parts.runtime);
    this.#sending = this.#sendingPhase();
    this.#startedMs = parts.runtime.nowMs();
    this.#fingerprint = fingerprintOf({ connection: parts.name, target });
    this.outcome = this.#run();
  }

  /** Whether a call may share this one's request. */
  isSameAs(target: Target, { idempotencyKey, readBack, onUnknown, plan }: CallOptions): boolean {
    const { options } = this;
    return (
      fingerprintOf({ connection: this.#parts.name, target }) === this.#fingerprint &&
      idempotencyKey === options.idempotencyKey &&
      readBack === options.readBack &&
      onUnknown === options.onUnknown &&
      plan?.fingerprint === options.plan?.fingerprint
    );
  }

  /**
   * Waits for the outcome, for as long as the call lasts.
   *
   * @param own - the call's own deadline and signal.
   */
  follow({ timeoutMs }: CallOptions, own: CallScope): Promise<Outcome> {
    this.#followers += 1;
    if (this.#followers > 1) {
      const leaseMs = this.#call.sendBeforeMs - this.#parts.runtime.nowMs();
      this.#sending.extend(Math.min(timeoutMs, Math.max(0, leaseMs)));
    }
    return own.race(this.outcome, (reason) => this.#leave(reason));
  }

  /** Whether everybody has left: its verdict is on the way. */
  get isEnding(): boolean {
    return this.#scope.reason !== undefined;
  }

  /** Ends it for everybody. */
  end(reason: CallEnded): void {
    this.#scope.end(reason);
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
    if (last) this.#scope.end(reason);
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

  async #run(): Promise<Outcome> {
    let owned: LedgerRecord | undefined;
    let outcome: Outcome;
    try {
      const { plan } = this.options;
      let lookedUpAtMs = countsSinceMs(this.#startedMs, plan);
      for (;;) {
        const earlier = await this.#lookup();
        this.#asksLedger = false;
        this.#call.inDoubt = false;
        if (earlier !== undefined) return await this.#resolve(earlier);
        const { discovery, refusal } = needsDiscovery(this.#parts.driver, this.target, this.options)
          ? await discover(this.#parts, this.target, this.options, this.#call, this.#sending)
          : asAsked(this.target);
        const askedAtMs = this.#parts.runtime.nowMs();
        const begun = await this.#begin(discovery, lookedUpAtMs);
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
        // Another resume of this execution was settled meanwhile: what was read before is out of date. An equal one may
        // be settled before the ledger is asked again, so it is asked about all since it was asked the last time.
        lookedUpAtMs = askedAtMs;
      }
      const { intent } = owned;
      try {
        outcome = this.#accepted(intent, await this.#request(intent), 'answer');
      } catch (thrown) {
        // Where the answer is lost, it looks for what became of it.
        outcome = await this.#afterFailure(intent, thrown);
      }
    } catch (thrown) {
      if (this.#beginning !== undefined) void withdraw(this.#parts, this.#beginning, this.#asked ?? '');
      const failure = this.#failureOf(thrown);
      outcome = owned === undefined ? await this.#unbegun(failure) : this.#outcomeOf(failure);
    } finally {
      this.#sending.dispose();
    }
    return owned === undefined ? outcome : await settle(this.#parts, owned, outcome);
  }

  #lookup(): Promise<LedgerRecord | undefined> {
    const { ledger, name: connection } = this.#parts;
    const { workflow, execution } = this.target;
    const key = this.options.idempotencyKey;
    // Until the ledger has answered, what an earlier call with this key came to is not known.
    this.#call.inDoubt = key !== undefined;
    return this.#inLedger(ledger.lookup({ key, target: { connection, workflow, execution } }));
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
    return new EarlierIntent(this.#parts, this.#call, this.#scope, asking);
  }

  #begin(discovery: Discovery, lookedUpAtMs: number): Promise<Begun> {
    const { ledger, owner } = this.#parts;
    const leaseMs = totalMsOf(this.options) + LEASE_MARGIN_MS;
    const intent = intentOf(this.#parts, this.target, this.#fingerprint, this.options, discovery, lookedUpAtMs);
    this.#call.sendBeforeMs = intent.createdAtMs + leaseMs;
    this.#sending.throwIfEnded();
    this.#asked = intent.id;
    const begun = ledger.begin(intent, owner, intent.createdAtMs, leaseMs);
    this.#beginning = begun;
    return this.#inLedger(begun);
  }

  #request({ performed, nodes }: Intent): Promise<Acceptance> {
    return this.#parts.sender.resume(this.target, { performed, nodes }, this.#call, this.#sending);
  }

  async #afterFailure(intent: Intent, thrown: unknown): Promise<Outcome> {
    if (!(thrown instanceof GivenUp) || thrown.failure.details.effect === 'none') throw thrown;
    // Whatever is said of a second request, the first one may have been carried out.
    const first = thrown.failure;
    const { driver } = this.#parts;
    const { readBack, readBackMs, onUnknown } = this.options;
    for (let again = onUnknown === 'send-again'; ; again = false) {
      this.#call.inDoubt = true;
      if (readBack === 'off' || driver.doFindResumed === undefined) throw new GivenUp(first);
      const lost = new LostAnswer(driver, intent, first);
      const found = await lost.lookFor(readBackMs, this.#call, this.#scope);
      if (found.acceptance !== undefined) return this.#accepted(intent, found.acceptance, 'read-back');
      if (!again || !found.maySendAgain || this.#scope.reason !== undefined) throw new GivenUp(found.failure);
      this.#sending.dispose();
      this.#sending = this.#sendingPhase();
      try {
        return this.#accepted(intent, await this.#request(intent), 'answer');
      } catch (thrownAgain) {
        if (!(thrownAgain instanceof GivenUp)) throw thrownAgain;
      }
    }
  }

  #accepted(intent: Intent, acceptance: Acceptance, confirmedBy: Receipt['confirmedBy']): Outcome {
    const { dispatches: attempts, secrets } = this.#call;
    const durationMs = this.#parts.runtime.nowMs() - this.#startedMs;
    return {
      status: 'accepted',
      receipt: receiptOf(intent, acceptance, { confirmedBy, attempts, durationMs, secrets, plan: this.options.plan }),
    };
  }

  /** Takes part in the ledger; nothing has been sent. What fails before its answer is noted fails because of it. */
  #inLedger<T>(step: Promise<T>): Promise<T> {
    this.#asksLedger = true;
    return this.#parts.ledgerAnswersAtOnce === true ? step : this.#sending.race(step);
  }

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

  #sendingPhase(): CallScope {
    return new CallScope(this.#parts.runtime, { timeoutMs: this.options.timeoutMs, parent: this.#scope });
  }
}
