import type { CallRecord } from './attempt.js';
import { CallAttempt } from './attempt.js';
import { CallScope } from './deadline.js';
import type { AttemptTrace } from './diagnostics.js';
import { tracedAttempt } from './diagnostics.js';
import type { Attempt } from './driver.js';
import { DriverFailure } from './driver-failure.js';
import { tracedFailureOf } from './failure.js';

/** A read that hangs must not use up the time of its whole phase. */
const READ_TIMEOUT_MS = 10_000;

/**
 * One read of a driver's, bounded by its own time besides that of its phase.
 *
 * @param purpose - for diagnostics.
 * @throws {DriverFailure} UNAVAILABLE (no effect) where its own time was up: another read may go better.
 */
export async function readOnce<T>(
  call: CallRecord,
  phase: CallScope,
  read: (attempt: Attempt) => Promise<T>,
  purpose: AttemptTrace['purpose'] = 'read',
): Promise<T> {
  phase.throwIfEnded();
  const scope = new CallScope(call.runtime, { timeoutMs: READ_TIMEOUT_MS, parent: phase });
  const attempt = new CallAttempt(call, scope, false);
  try {
    return await tracedAttempt(
      () => ({ connection: call.connection, purpose }),
      () => attempt.race(read(attempt)),
      (thrown) => tracedFailureOf(thrown, 'none', call.secrets),
    );
  } catch (thrown) {
    if (scope.reason === undefined || phase.reason !== undefined) throw thrown;
    const why = `a read was not answered within ${READ_TIMEOUT_MS} ms`;
    throw new DriverFailure(why, { code: 'UNAVAILABLE', effect: 'none', cause: thrown });
  } finally {
    scope.dispose();
  }
}
