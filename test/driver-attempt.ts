import { onTestFinished } from 'vitest';
import { CallAttempt, CallRecord } from '../src/attempt.js';
import { CallScope } from '../src/deadline.js';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { REAL_RUNTIME } from '../src/runtime.js';

/** An attempt of a call of its own, for tests that ask a driver directly. */
export function attemptOf({ mutating = false, timeoutMs = 5_000 } = {}): Attempt {
  const scope = new CallScope(REAL_RUNTIME, { timeoutMs });
  onTestFinished(() => scope.dispose());
  return new CallAttempt(new CallRecord(REAL_RUNTIME), scope, mutating);
}

/** The DriverFailure that a driver's method must end with. */
export async function failureOf(call: Promise<unknown>): Promise<DriverFailure> {
  const thrown: unknown = await call.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (thrown instanceof DriverFailure) return thrown;
  throw thrown;
}
