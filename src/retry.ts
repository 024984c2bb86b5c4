import type { FailureDetails } from './types.js';

/** What to do after a failed attempt. */
export type Decision = 'give-up' | 'renew-credential';

/**
 * Decides whether one more request may leave. A resume is not idempotent, so after an unknown effect the answer is
 * always no.
 *
 * @param renewed - whether this call has renewed its credential already.
 */
export function decide(failure: FailureDetails, renewed: boolean): Decision {
  const provablyNothing = failure.effect === 'none';
  return provablyNothing && failure.staleCredential !== undefined && !renewed ? 'renew-credential' : 'give-up';
}
