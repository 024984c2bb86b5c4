import { expect } from 'vitest';
import { ResumeError } from '../src/errors.js';

/** The ResumeError that a call must end with. */
export async function rejected(call: Promise<unknown>): Promise<ResumeError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) return expect.fail(`resolved with ${JSON.stringify(outcome.value)}`);
  if (!ResumeError.isInstance(outcome.error)) throw outcome.error;
  return outcome.error;
}
