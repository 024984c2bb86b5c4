import type { CallRecord } from './attempt.js';
import { CallAttempt } from './attempt.js';
import type { CallScope } from './deadline.js';
import { tracedAttempt } from './diagnostics.js';
import type { Acceptance, Attempt, Discovery, Selection, Target, WorkflowDriver } from './driver.js';
import type { Effect } from './errors.js';
import type { Failure } from './failure.js';
import { failureFrom, tracedFailureOf, withEffect } from './failure.js';
import { readOnce } from './reading.js';
import type { RetryDecision, RetryGate, Tries } from './retry.js';

/** A request that was given up: what is known of it, as data. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Sends a driver's requests through the gate: reads freely, the one that resumes only while it provably did nothing. */
export class Sender {
  readonly #driver: WorkflowDriver<never>;
  readonly #gate: RetryGate;

  constructor(driver: WorkflowDriver<never>, gate: RetryGate) {
    this.#driver = driver;
    this.#gate = gate;
  }

  /** @throws {GivenUp} with effect `none`: it only reads. */
  discover(target: Target, call: CallRecord, scope: CallScope): Promise<Discovery> {
    const driver = this.#driver;
    const doDiscover = driver.doDiscover?.bind(driver);
    if (doDiscover === undefined) throw new Error(`the driver of ${driver.provider} needs doDiscover`);
    return this.read((attempt) => doDiscover(target, attempt), call, scope, 'discover');
  }

  /**
   * Anything that a driver only reads.
   *
   * @param purpose - what for: before a resume, or for its own sake.
   * @throws {GivenUp} with effect `none`.
   */
  read<T>(
    read: (attempt: Attempt) => Promise<T>,
    call: CallRecord,
    scope: CallScope,
    purpose: 'read' | 'discover' = 'read',
  ): Promise<T> {
    const prefix = purpose === 'discover' ? 'looking where it stopped: ' : '';
    return this.#repeat(
      scope,
      async () => {
        try {
          return await readOnce(call, scope, read, purpose);
        } catch (thrown) {
          throw new GivenUp(withEffect(failureFrom(thrown, 'unknown'), 'none', prefix));
        }
      },
      (failure, tries) => this.#gate.afterRead(failure.details, tries),
    );
  }

  /** @throws {GivenUp} with the effect of the last request; no earlier one has had any. */
  resume(target: Target, selection: Selection, call: CallRecord, scope: CallScope): Promise<Acceptance> {
    return this.#repeat(
      scope,
      async () => {
        const attempt = new CallAttempt(call, scope, true);
        const wasInDoubt = call.inDoubt;
        try {
          scope.throwIfEnded();
          return await tracedAttempt(
            () => ({ connection: call.connection, purpose: 'resume' }),
            () => attempt.race(this.#driver.doResume(target, selection, attempt)),
            (thrown) => tracedFailureOf(thrown, attempt.dispatched ? 'unknown' : 'none', call.secrets),
          );
        } catch (thrown) {
          const effectOfPhase: Effect = attempt.dispatched ? 'unknown' : 'none';
          const failure = failureFrom(thrown, effectOfPhase);
          // What an earlier request left in doubt stays so.
          call.inDoubt = wasInDoubt || failure.details.effect === 'unknown';
          throw new GivenUp(failure);
        } finally {
          attempt.close();
        }
      },
      (failure, tries) => this.#gate.afterMutation(failure.details, tries),
    );
  }

  async #repeat<T>(
    scope: CallScope,
    once: () => Promise<T>,
    decide: (failure: Failure, tries: Tries) => RetryDecision,
  ): Promise<T> {
    let renewed = false;
    for (let tried = 1; ; tried += 1) {
      try {
        return await once();
      } catch (thrown) {
        if (!(thrown instanceof GivenUp)) throw thrown;
        const decision = decide(thrown.failure, { tried, renewed, remainingMs: scope.remainingMs });
        if (decision.kind === 'give-up') throw thrown;
        if (decision.kind === 'renew-credential') {
          renewed = true;
          tried -= 1;
          this.#driver.dropCredential?.(decision.stale);
          continue;
        }
        // What ended the waiting is no news: the last failure says more.
        await scope.sleep(decision.afterMs).catch(() => {
          throw thrown;
        });
      }
    }
  }
}
