import { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import { totalMsOf } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import { CallEnded, CallScope } from './deadline.js';
import type { Acceptance, Discovery, Target } from './driver.js';
import { DriverFailure } from './driver-failure.js';
import { EarlierIntent } from './earlier-intent.js';
import type { ResumeError } from './errors.js';
import type { Failure } from './failure.js';
import { failureFrom, resumeErrorOf } from './failure.js';
import { intentOf } from './intent.js';
import { fingerprintOf } from './ledger/fingerprint.js';
import type { Begun, Intent, LedgerRecord } from './ledger/ledger.js';
import { LostAnswer } from './lost-answer.js';
import { receiptOf } from './receipt.js';
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
  #followers = 0;

  constructor(parts: ConnectionParts, target: Target, options: CallOptions) {
    this.#parts = parts;
    this.target = target;
    this.options = options;
    this.#call = new CallRecord(parts.runtime, parts.secrets);
    this.#scope = new CallScope(parts.runtime);
    this.#sending = this.#sendingPhase();
    this.#startedMs = parts.runtime.nowMs();
    this.#fingerprint = fingerprintOf({ connection: parts.name, target });
    this.outcome = this.#run();
  }

  /** Whether a call may share this one's request. */
  isSameAs(target: Target, { idempotencyKey, readBack, onUnknown }: CallOptions): boolean {
    const { options } = this;
    return (
      fingerprintOf({ connection: this.#parts.name, target }) === this.#fingerprint &&
      idempotencyKey === options.idempotencyKey &&
      readBack === options.readBack &&
      onUnknown === options.onUnknown
    );
  }

  /**
   * Waits for the outcome, for as long as the call lasts.
   *
   * @param own - the call's own deadline and signal.
   */
  async follow({ timeoutMs }: CallOptions, own: CallScope): Promise<Outcome> {
    this.#followers += 1;
    if (this.#followers > 1) {
      const leaseMs = this.#call.sendBeforeMs - this.#parts.runtime.nowMs();
      this.#sending.extend(Math.min(timeoutMs, Math.max(0, leaseMs)));
    }
    try {
      return await own.race(this.outcome);
    } catch (thrown) {
      if (!(thrown instanceof CallEnded)) throw thrown;
      return this.#leave(thrown);
    }
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
  #leave(reason: CallEnded): Outcome {
    this.#followers -= 1;
    const last = this.#followers === 0;
    const inDoubt = this.#call.inDoubt || !last;
    if (last) this.#scope.end(reason);
    const failure = failureFrom(reason, inDoubt ? 'unknown' : 'none');
    return { status: inDoubt ? 'unknown' : 'refused', error: this.#errorOf(failure) };
  }

  async #run(): Promise<Outcome> {
    let owned: LedgerRecord | undefined;
    let outcome: Outcome;
    try {
      for (;;) {
        const lookedUpAtMs = this.#parts.runtime.nowMs();
        const earlier = await this.#earlier();
        if (earlier !== undefined) return earlier;
        const { discovery, refusal } = await this.#discover();
        const begun = await this.#begin(discovery, lookedUpAtMs);
        if (begun.status === 'owned') {
          owned = begun.record;
          this.#intent = owned.intent.id;
          if (refusal !== undefined) throw refusal;
          break;
        }
        // Another resume of this execution was settled meanwhile: what was read before is out of date.
        if (begun.status === 'settled' && !this.#isOurs(begun.record)) continue;
        return await this.#resolve(begun.record);
      }
      outcome = await this.#send(owned);
    } catch (thrown) {
      outcome = this.#outcomeOf(thrown);
    } finally {
      this.#sending.dispose();
    }
    return owned === undefined ? outcome : await settle(this.#parts, owned, outcome);
  }

  async #earlier(): Promise<Outcome | undefined> {
    const { ledger, name } = this.#parts;
    const { workflow, execution } = this.target;
    const key = this.options.idempotencyKey;
    // Until the ledger has answered, what an earlier call with this key came to is not known.
    this.#call.inDoubt = key !== undefined;
    const record = await this.#inLedger(ledger.lookup({ key, target: { connection: name, workflow, execution } }));
    this.#call.inDoubt = false;
    return record === undefined ? undefined : await this.#resolve(record);
  }

  /** Whether an intent is this very call, made by somebody else. */
  #isOurs({ intent }: LedgerRecord): boolean {
    const key = this.options.idempotencyKey;
    return intent.key === key && (key !== undefined || intent.fingerprint === this.#fingerprint);
  }

  /** What an intent that was there before means for this call. */
  async #resolve(record: LedgerRecord): Promise<Outcome> {
    this.#call.inDoubt = true;
    const earlier = new EarlierIntent(this.#parts, this.#call, this.#scope, {
      target: this.target,
      fingerprint: this.#fingerprint,
      options: this.options,
      startedMs: this.#startedMs,
    });
    return await earlier.resolve(record);
  }

  /**
   * Reads what a lost answer would be told by. An execution that cannot be resumed now may be so because an equal call
   * has just resumed it: the ledger has the last word on that.
   */
  async #discover(): Promise<{ discovery: Discovery; refusal?: GivenUp }> {
    const { driver, sender } = this.#parts;
    const { action, nodes } = this.target;
    const asked = { performed: action, nodes };
    const needed =
      driver.needsDiscovery?.(this.target, this.options.readBack === 'on') ??
      (driver.capabilities.discoversNodes && action === 'resume' && nodes.length === 0);
    if (!needed) return { discovery: asked };
    try {
      return { discovery: await sender.discover(this.target, this.#call, this.#sending) };
    } catch (thrown) {
      if (thrown instanceof GivenUp && thrown.failure.details.code === 'FAILED_PRECONDITION') {
        return { discovery: asked, refusal: thrown };
      }
      throw thrown;
    }
  }

  async #begin(discovery: Discovery, lookedUpAtMs: number): Promise<Begun> {
    const { ledger, owner } = this.#parts;
    const leaseMs = totalMsOf(this.options) + LEASE_MARGIN_MS;
    const intent = intentOf(this.#parts, this.target, this.#fingerprint, this.options, discovery, lookedUpAtMs);
    this.#call.sendBeforeMs = intent.createdAtMs + leaseMs;
    this.#sending.throwIfEnded();
    const begun = ledger.begin(intent, owner, intent.createdAtMs, leaseMs);
    try {
      return await this.#inLedger(begun);
    } catch (thrown) {
      void withdraw(this.#parts, begun, intent.id);
      throw thrown;
    }
  }

  /** Sends, and looks for what became of it where the answer is lost. */
  async #send({ intent }: LedgerRecord): Promise<Outcome> {
    const { sender, driver } = this.#parts;
    const { readBack, readBackMs, onUnknown } = this.options;
    const selection = { performed: intent.performed, nodes: intent.nodes };
    let first: Failure | undefined;
    for (let again = onUnknown === 'send-again'; ; again = false) {
      try {
        return this.#accepted(intent, await sender.resume(this.target, selection, this.#call, this.#sending), 'answer');
      } catch (thrown) {
        if (!(thrown instanceof GivenUp)) throw thrown;
        const { failure } = thrown;
        if (failure.details.effect === 'none' && first === undefined) throw thrown;
        // Whatever is said of the second request, the first one may have been carried out.
        this.#call.inDoubt = true;
        first ??= failure;
        if (readBack === 'off' || driver.doFindResumed === undefined) throw new GivenUp(first);
        const lost = new LostAnswer(driver, intent, first);
        const found = await lost.lookFor(readBackMs, this.#call, this.#scope);
        if (found.acceptance !== undefined) return this.#accepted(intent, found.acceptance, 'read-back');
        if (!again || !found.maySendAgain || this.#scope.reason !== undefined) throw new GivenUp(found.failure);
        this.#sending.dispose();
        this.#sending = this.#sendingPhase();
      }
    }
  }

  #accepted(intent: Intent, acceptance: Acceptance, confirmedBy: Receipt['confirmedBy']): Outcome {
    const { dispatches: attempts, secrets } = this.#call;
    const durationMs = this.#parts.runtime.nowMs() - this.#startedMs;
    return {
      status: 'accepted',
      receipt: receiptOf(intent, acceptance, { confirmedBy, attempts, durationMs, secrets }),
    };
  }

  /** Takes part in the ledger; nothing has been sent. */
  async #inLedger<T>(step: Promise<T>): Promise<T> {
    try {
      return await this.#sending.race(step);
    } catch (thrown) {
      if (thrown instanceof CallEnded) throw thrown;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new DriverFailure(`the ledger does not work, so nothing was sent: ${why}`, {
        code: 'UNAVAILABLE',
        effect: this.#call.inDoubt ? 'unknown' : 'none',
        cause: thrown,
      });
    }
  }

  #outcomeOf(thrown: unknown): Outcome {
    const failure =
      thrown instanceof GivenUp ? thrown.failure : failureFrom(thrown, this.#call.inDoubt ? 'unknown' : 'none');
    const error = this.#errorOf(failure);
    return { status: error.effect === 'none' ? 'refused' : 'unknown', error };
  }

  #errorOf(failure: Failure): ResumeError {
    const intent = failure.details.effect === 'unknown' ? this.#intent : undefined;
    return resumeErrorOf(failure, this.#parts, { target: this.target, intent }, this.#call);
  }

  #sendingPhase(): CallScope {
    return new CallScope(this.#parts.runtime, { timeoutMs: this.options.timeoutMs, parent: this.#scope });
  }
}
