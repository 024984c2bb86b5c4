import type { CallRecord } from './attempt.js';
import { concealIn, concealInCause } from './conceal.js';
import { CallEnded } from './deadline.js';
import { DriverFailure } from './driver-failure.js';
import type { Effect } from './errors.js';
import { ResumeError } from './errors.js';
import type { FailureDetails, Target } from './types.js';

/** Which call failed, for its message. */
export interface Failing {
  readonly provider: string;
  readonly connection: string;
  readonly target: Target;
}

/** What is known of anything that was thrown during an attempt, with the effect that the attempt's phase allows. */
export function detailsOf(thrown: unknown, effectOfPhase: Effect): { why: string; details: FailureDetails } {
  if (thrown instanceof DriverFailure) return { why: thrown.message, details: thrown.details };
  if (thrown instanceof CallEnded) {
    const why = effectOfPhase === 'none' ? `${thrown.message}, and nothing had been sent` : thrown.message;
    return { why, details: { code: thrown.code, effect: effectOfPhase, cause: thrown } };
  }
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { why, details: { code: 'INTERNAL', effect: effectOfPhase, cause: thrown } };
}

/** Wraps a failure once, into the error that the caller sees: no secret in it, and a plain word about the effect. */
export function resumeErrorOf(
  why: string,
  details: FailureDetails,
  { provider, connection, target }: Failing,
  call: CallRecord,
): ResumeError {
  const { secrets } = call;
  const consequence =
    details.effect === 'none'
      ? 'Nothing was resumed.'
      : 'Whether it was resumed is unknown: look at the execution before calling again.';
  const what = `${connection}: ${target.action} of ${target.workflow} / ${target.execution}`;
  const conceal = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : concealIn(text, secrets);
  return new ResumeError(concealIn(`${what}: ${withoutStop(why)}. ${consequence}`, secrets), {
    code: details.code,
    effect: details.effect,
    provider,
    connection,
    httpStatus: details.httpStatus,
    providerCode: conceal(details.providerCode),
    requestId: conceal(details.requestId),
    retryAfterMs: details.retryAfterMs,
    attempts: call.dispatches,
    cause: concealInCause(details.cause, secrets),
  });
}

function withoutStop(sentence: string): string {
  return sentence.trimEnd().replace(/\.$/, '');
}
