import type { CallRecord } from './attempt.js';
import { concealIn, concealInCause } from './conceal.js';
import { CallEnded } from './deadline.js';
import type { FailureDetails, Target } from './driver.js';
import { DriverFailure } from './driver-failure.js';
import type { Effect } from './errors.js';
import { ResumeError } from './errors.js';

/** The connection on which a call failed. */
export interface FailingConnection {
  readonly name: string;
  readonly driver: { readonly provider: string; readonly capabilities: { readonly newExecution: boolean } };
}

/** What a failed call was about. */
export interface FailingCall {
  readonly target: Target;
  /** The unsettled intent that is left behind, where there is one. */
  readonly intent?: string | undefined;
}

/** A failed attempt: what happened in words, and as data. */
export interface Failure {
  readonly why: string;
  readonly details: FailureDetails;
}

/** What is known of anything that was thrown during an attempt, with the effect that the attempt's phase allows. */
export function failureFrom(thrown: unknown, effectOfPhase: Effect): Failure {
  if (thrown instanceof DriverFailure) return { why: thrown.message, details: thrown.details };
  if (thrown instanceof CallEnded) {
    const why = effectOfPhase === 'none' ? `${thrown.message}, and nothing had been sent` : thrown.message;
    return { why, details: { code: thrown.code, effect: effectOfPhase, cause: thrown } };
  }
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { why, details: { code: 'INTERNAL', effect: effectOfPhase, cause: thrown } };
}

/** The same failure with another effect, and a word before it. */
export function withEffect({ why, details }: Failure, effect: Effect, prefix = ''): Failure {
  return { why: `${prefix}${why}`, details: { ...details, effect } };
}

/** Wraps a failure once, into the error that the caller sees: no secret in it, and a plain word about the effect. */
export function resumeErrorOf(
  { why, details }: Failure,
  { name: connection, driver }: FailingConnection,
  { target, intent }: FailingCall,
  { secrets, dispatches }: Pick<CallRecord, 'secrets' | 'dispatches'>,
): ResumeError {
  const consequence =
    details.effect === 'none'
      ? 'Nothing was resumed.'
      : `Whether it was resumed is unknown: ${whereToLook(target, driver.capabilities.newExecution)} before calling again.`;
  const what = `${connection}: ${target.action} of ${target.workflow} / ${target.execution}`;
  const conceal = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : concealIn(text, secrets);
  return new ResumeError(concealIn(`${what}: ${withoutStop(why)}. ${consequence}`, secrets), {
    code: details.code,
    effect: details.effect,
    provider: driver.provider,
    connection,
    httpStatus: details.httpStatus,
    providerCode: conceal(details.providerCode),
    requestId: conceal(details.requestId),
    retryAfterMs: details.retryAfterMs,
    attempts: dispatches,
    intent,
    cause: concealInCause(details.cause, secrets),
  });
}

function whereToLook({ workflow, execution }: Target, newExecution: boolean): string {
  return newExecution
    ? `look for a new execution of ${workflow} that goes back to ${execution} (the old one does not change)`
    : 'look at the execution';
}

function withoutStop(sentence: string): string {
  return sentence.trimEnd().replace(/\.$/, '');
}
