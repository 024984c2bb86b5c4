import type { CallRecord } from './attempt.js';
import { CallAttempt } from './attempt.js';
import { CallScope } from './deadline.js';
import type { AttemptTrace } from './diagnostics.js';
import { attemptsAreWatched, tracedAttempt } from './diagnostics.js';
import type { Attempt } from './driver.js';
import { DriverFailure } from './driver-failure.js';
import { tracedFailureOf } from './failure.js';

/** A read that hangs must not use up the time of its whole phase. */
const READ_TIMEOUT_MS = 10_000;

/**
 * One read of a driver's, bounded by its own time besides that of its phase.
 *
 * @param purpose - for diagnostics.
 * @param afterFailure - answers in place of a read that failed. @default throws it
 * @throws {DriverFailure} UNAVAILABLE (no effect) where its own time was up: another read may go better.
 */
export function readOnce<T>(
  call: CallRecord,
  phase: CallScope,
  read: (attempt: Attempt) => Promise<T>,
  purpose: AttemptTrace['purpose'] = 'read',
  afterFailure: (thrown: unknown) => T | Promise<T> = rethrow,
): Promise<T> {
  const scope = new CallScope(call.runtime, { timeoutMs: READ_TIMEOUT_MS, parent: phase });
  const attempt = new CallAttempt(call, scope, false);
  const done = (found: T): T => {
    scope.dispose();
    return found;
  };
  const failed = (thrown: unknown): T | Promise<T> => {
    scope.dispose();
    if (scope.reason === undefined || phase.reason !== undefined) return afterFailure(thrown);
    const why = `a read was not answered within ${READ_TIMEOUT_MS} ms`;
    return afterFailure(new DriverFailure(why, { code: 'UNAVAILABLE', effect: 'none', cause: thrown }));
  };
  // Not async, and one race for all that it may come to: most calls read once before they resume.
  try {
    scope.throwIfEnded();
    const answer = attemptsAreWatched() ? watchedRead(call, attempt, read, purpose) : read(attempt);
    return scope.raceTo(answer, done, failed, failed);
  } catch (thrown) {
    return new Promise((resolve) => resolve(failed(thrown)));
  }
}

function watchedRead<T>(
  call: CallRecord,
  attempt: CallAttempt,
  read: (attempt: Attempt) => Promise<T>,
  purpose: AttemptTrace['purpose'],
): Promise<T> {
  return tracedAttempt(
    () => ({ connection: call.connection, purpose }),
    (trace) => attempt.traced(trace, () => read(attempt)),
    (thrown) => tracedFailureOf(thrown, 'none', call.secrets),
  );
}

function rethrow(thrown: unknown): never {
  throw thrown;
}
