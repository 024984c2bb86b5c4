import type { Acquired, Underway } from './acquiring.js';
import { Acquisition } from './acquiring.js';
import { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import type { CallEnded } from './deadline.js';
import { CallScope } from './deadline.js';
import type { Acceptance, Target } from './driver.js';
import { LOOK_AGAIN_MS } from './earlier-intent.js';
import type { ResumeError } from './errors.js';
import type { Failure } from './failure.js';
import { failureFrom, resumeErrorOf } from './failure.js';
import { FlightLife } from './flight-life.js';
import { Follower } from './follower.js';
import { Landing } from './landing.js';
import type { Intent, LedgerRecord } from './ledger/ledger.js';
import { receiptOf } from './receipt.js';
import { outcomeOfError } from './recorded.js';
import { recover } from './recovering.js';
import { settle } from './settling.js';
import type { Outcome, Receipt } from './types.js';

/** What a flight is for. */
export type Asked = Pick<Underway, 'target' | 'text' | 'options'>;

/**
 * One resume on its way, shared by every concurrent call of the same identity: look into the ledger, read, write the
 * intent down, send, read back, settle.
 */
export class Flight implements Underway {
  readonly parts: ConnectionParts;
  readonly target: Target;
  readonly text: string;
  readonly options: CallOptions;
  readonly call: CallRecord;
  readonly life: FlightLife;
  readonly startedMs: number;
  readonly fingerprint: string;
  readonly #acquisition: Acquisition;
  readonly #landing: Landing;
  #isStarted = false;
  /** Its own intent, from when it is written down. */
  #intent: string | undefined;
  #followers = 0;

  /** @param onLanded - is called once, before anybody is told the outcome. */
  constructor(parts: ConnectionParts, { target, text, options }: Asked, onLanded: () => void) {
    this.parts = parts;
    this.target = target;
    this.text = text;
    this.options = options;
    this.call = new CallRecord(parts.runtime, parts.secrets, parts.name);
    this.startedMs = parts.runtime.nowMs();
    this.life = new FlightLife(parts.runtime, options.timeoutMs);
    this.fingerprint = parts.steps.fingerprintOf(target, text);
    this.#landing = new Landing(() => {
      this.life.dispose();
      onLanded();
    });
    this.#acquisition = new Acquisition(this);
  }

  /** Must be called once, when others can join. */
  start(): void {
    this.#begin();
    this.#isStarted = true;
  }

  get outcome(): Promise<Outcome> {
    return this.#landing.outcome;
  }

  /** Whether a call may share this one's request. */
  isSameAs(target: Target, { idempotencyKey, readBack, onUnknown, plan }: CallOptions): boolean {
    const { options } = this;
    return (
      this.parts.steps.fingerprintOf(target, this.text) === this.fingerprint &&
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
    // The first one is not its owner where it comes while that is still starting it.
    if (this.#followers > 1 || !this.#isStarted) {
      const leaseMs = this.call.sendBeforeMs - this.parts.runtime.nowMs();
      this.life.sending.extend(Math.min(timeoutMs, Math.max(0, leaseMs)));
    }
    const follower = new Follower(own, (reason) => {
      this.#landing.remove(follower);
      return this.#leave(reason);
    });
    this.#landing.add(follower);
    return follower.outcome;
  }

  /** Whether everybody has left: its verdict is on the way. */
  get isEnding(): boolean {
    return this.life.reason !== undefined;
  }

  /** Ends it for everybody. */
  end(reason: CallEnded): void {
    this.life.end(reason);
  }

  /** The error of a call that asks for something else of the same execution meanwhile. */
  inTheWay(target: Target): ResumeError {
    const why = `another ${this.target.action} of this execution is under way in this process`;
    const details = { code: 'ABORTED', effect: 'unknown' } as const;
    const intent = this.#intent;
    const failure = { why: intent === undefined ? why : `${why} (intent ${intent})`, details };
    // What the other call has sent is not this one's.
    return resumeErrorOf(failure, this.parts, { target, intent }, { secrets: this.call.secrets, dispatches: 0 });
  }

  /** The verdict of a call that gives up. The last one to leave takes the request with it. */
  async #leave(reason: CallEnded): Promise<Outcome> {
    this.#followers -= 1;
    const last = this.#followers === 0;
    const inDoubt = this.call.inDoubt || !last;
    const asksLedger = !inDoubt && this.options.idempotencyKey !== undefined && !this.#ownsIntent;
    if (last) this.life.end(reason);
    if (!asksLedger) return this.#outcomeOf(failureFrom(reason, inDoubt ? 'unknown' : 'none'));
    const soon = new CallScope(this.parts.runtime, { timeoutMs: LOOK_AGAIN_MS });
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
    return this.#intent !== undefined && this.parts.runtime.nowMs() < this.call.sendBeforeMs;
  }

  // Not async, so that what needs nobody to wait for goes on at once: measured, two waits cost a twentieth of a request.
  #begin(): void {
    let owned: LedgerRecord | undefined;
    try {
      owned = this.#acquisition.atOnce();
    } catch (thrown) {
      this.#landing.landWith(() => this.#giveUp(thrown));
      return;
    }
    if (owned === undefined) this.#acquire();
    else this.#send(owned);
  }

  #acquire(): void {
    this.#acquisition.acquire().then(
      (acquired) => this.#proceed(acquired),
      (thrown: unknown) => this.#landing.landWith(() => this.#giveUp(thrown)),
    );
  }

  #proceed(acquired: Acquired): void {
    if (acquired.owned === undefined) {
      this.#landing.landWith(() => acquired.outcome);
      return;
    }
    const { owned, refusal } = acquired;
    if (refusal === undefined) this.#send(owned);
    else this.#landing.landWith(() => this.#refuse(owned, refusal.failure));
  }

  #refuse(owned: LedgerRecord, failure: Failure): Outcome | Promise<Outcome> {
    this.#intent = owned.intent.id;
    return settle(this.parts, owned, this.#outcomeOf(failure), this.text);
  }

  #send(owned: LedgerRecord): void {
    const { intent } = owned;
    this.#intent = intent.id;
    this.#request(intent).then(
      (acceptance) => this.#landing.landWith(() => this.#accept(owned, acceptance)),
      (thrown: unknown) => this.#landing.landWith(() => this.#recover(owned, thrown)),
    );
  }

  #accept(owned: LedgerRecord, acceptance: Acceptance): Outcome | Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = this.#accepted(owned.intent, acceptance, 'answer');
    } catch (thrown) {
      return this.#recover(owned, thrown);
    }
    return settle(this.parts, owned, outcome, this.text);
  }

  #request({ performed, nodes }: Intent): Promise<Acceptance> {
    return this.parts.sender.resume(this.target, { performed, nodes }, this.call, this.life.sending);
  }

  /** Where the answer is lost, it looks for what became of it. */
  async #recover(owned: LedgerRecord, thrown: unknown): Promise<Outcome> {
    const { options, call, life, parts } = this;
    const { intent } = owned;
    let outcome: Outcome;
    try {
      const givenUp = { driver: parts.driver, options, call, life };
      const { acceptance, confirmedBy } = await recover(givenUp, intent, thrown, () => this.#request(intent));
      outcome = this.#accepted(intent, acceptance, confirmedBy);
    } catch (failed) {
      outcome = this.#outcomeOf(this.#acquisition.failureOf(failed));
    }
    return await settle(parts, owned, outcome, this.text);
  }

  /** Without an intent of its own. */
  async #giveUp(thrown: unknown): Promise<Outcome> {
    const failure = this.#acquisition.failureOf(thrown);
    return (await this.#acquisition.lookAgain(failure)) ?? this.#outcomeOf(failure);
  }

  #accepted(intent: Intent, acceptance: Acceptance, confirmedBy: Receipt['confirmedBy']): Outcome {
    const { dispatches: attempts, secrets } = this.call;
    const durationMs = this.parts.runtime.nowMs() - this.startedMs;
    return {
      status: 'accepted',
      receipt: receiptOf(intent, acceptance, { confirmedBy, attempts, durationMs, secrets, plan: this.options.plan }),
    };
  }

  #outcomeOf(failure: Failure): Outcome {
    const intent = failure.details.effect === 'unknown' ? this.#intent : undefined;
    return outcomeOfError(resumeErrorOf(failure, this.parts, { target: this.target, intent }, this.call));
  }
}
