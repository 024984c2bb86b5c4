import type { CallRecord } from './attempt.js';
import { CallAttempt } from './attempt.js';
import type { CallScope } from './deadline.js';
import { attemptsAreWatched, tracedAttempt } from './diagnostics.js';
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
    if (!discovers(driver)) throw new Error(`the driver of ${driver.provider} needs doDiscover`);
    return this.read((attempt) => driver.doDiscover(target, attempt), call, scope, 'discover');
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
    const once = (afterFailure: (givenUp: GivenUp) => Promise<T>): Promise<T> =>
      readOnce(call, scope, read, purpose, (thrown) =>
        afterFailure(new GivenUp(withEffect(failureFrom(thrown, 'unknown'), 'none', prefix))),
      );
    return once((first) =>
      this.#again(
        first,
        scope,
        () => once((givenUp) => Promise.reject(givenUp)),
        (failure, tries) => this.#gate.afterRead(failure.details, tries),
      ),
    );
  }

  /** @throws {GivenUp} with the effect of the last request; no earlier one has had any. */
  resume(target: Target, selection: Selection, call: CallRecord, scope: CallScope): Promise<Acceptance> {
    return this.#resumeOnce(target, selection, call, scope, (first) =>
      this.#again(
        first,
        scope,
        () => this.#resumeOnce(target, selection, call, scope, (givenUp) => Promise.reject(givenUp)),
        (failure, tries) => this.#gate.afterMutation(failure.details, tries),
      ),
    );
  }

  // Without a promise of its own for what goes well: measured, two such frames are 4 KB of every call.
  #resumeOnce(
    target: Target,
    selection: Selection,
    call: CallRecord,
    scope: CallScope,
    afterFailure: (givenUp: GivenUp) => Promise<Acceptance>,
  ): Promise<Acceptance> {
    const attempt = new CallAttempt(call, scope, true);
    const wasInDoubt = call.inDoubt;
    const accepted = (acceptance: Acceptance): Acceptance => {
      attempt.close();
      return acceptance;
    };
    const failed = (thrown: unknown): Promise<Acceptance> => {
      const effectOfPhase: Effect = attempt.dispatched ? 'unknown' : 'none';
      const failure = failureFrom(thrown, effectOfPhase);
      // What an earlier request left in doubt stays so.
      call.inDoubt = wasInDoubt || failure.details.effect === 'unknown';
      attempt.close();
      return afterFailure(new GivenUp(failure));
    };
    try {
      scope.throwIfEnded();
      const answer = attemptsAreWatched()
        ? this.#watchedResume(target, selection, call, attempt)
        : this.#driver.doResume(target, selection, attempt);
      return scope.raceTo(answer, accepted, failed, failed);
    } catch (thrown) {
      return new Promise((resolve) => resolve(failed(thrown)));
    }
  }

  #watchedResume(target: Target, selection: Selection, call: CallRecord, attempt: CallAttempt): Promise<Acceptance> {
    return tracedAttempt(
      () => ({ connection: call.connection, purpose: 'resume' }),
      (trace) => attempt.traced(trace, () => this.#driver.doResume(target, selection, attempt)),
      (thrown) => tracedFailureOf(thrown, attempt.dispatched ? 'unknown' : 'none', call.secrets),
    );
  }

  /** @param first - what the first try was given up with. */
  async #again<T>(
    first: unknown,
    scope: CallScope,
    once: () => Promise<T>,
    decide: (failure: Failure, tries: Tries) => RetryDecision,
  ): Promise<T> {
    let thrown = first;
    let renewed = false;
    for (let tried = 1; ; tried += 1) {
      if (!(thrown instanceof GivenUp)) throw thrown;
      const last = thrown;
      const decision = decide(last.failure, { tried, renewed, remainingMs: scope.remainingMs });
      if (decision.kind === 'give-up') throw last;
      if (decision.kind === 'renew-credential') {
        renewed = true;
        tried -= 1;
        this.#driver.dropCredential?.(decision.stale);
      } else {
        // What ended the waiting is no news: the last failure says more.
        await scope.sleep(decision.afterMs).catch(() => {
          throw last;
        });
      }
      try {
        return await once();
      } catch (again) {
        thrown = again;
      }
    }
  }
}

function discovers(
  driver: WorkflowDriver<never>,
): driver is WorkflowDriver<never> & Required<Pick<WorkflowDriver<never>, 'doDiscover'>> {
  return driver.doDiscover !== undefined;
}
