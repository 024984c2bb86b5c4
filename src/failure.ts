import type { CallRecord } from './attempt.js';
import type { Secrets } from './conceal.js';
import { concealIn, concealInCause } from './conceal.js';
import { CallEnded } from './deadline.js';
import type { TracedFailure } from './diagnostics.js';
import type { FailureDetails, Target } from './driver.js';
import { DriverFailure } from './driver-failure.js';
import type { Effect } from './errors.js';
import { ResumeError } from './errors.js';
import { messageOf } from './message.js';

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
  if (thrown instanceof DriverFailure) return { why: messageOf(thrown), details: thrown.details };
  if (thrown instanceof CallEnded) {
    const why = effectOfPhase === 'none' ? `${thrown.message}, and nothing had been sent` : thrown.message;
    return { why, details: { code: thrown.code, effect: effectOfPhase, cause: thrown } };
  }
  const why = messageOf(thrown);
  return { why, details: { code: 'INTERNAL', effect: effectOfPhase, cause: thrown } };
}

/** The same failure with another effect, and a word before it. */
export function withEffect({ why, details }: Failure, effect: Effect, prefix = ''): Failure {
  return { why: `${prefix}${why}`, details: { ...details, effect } };
}

/** Wraps a failure once, into the error that the caller sees: no secret in it, and a plain word about the effect. */
export function resumeErrorOf(
  failure: Failure,
  connection: FailingConnection,
  { target, intent }: FailingCall,
  call: Pick<CallRecord, 'secrets' | 'dispatches'>,
): ResumeError {
  const consequence =
    failure.details.effect === 'none'
      ? 'Nothing was resumed.'
      : `Whether it was resumed is unknown: ${whereToLook(target, connection.driver.capabilities.newExecution)} before calling again.`;
  const doing = `${target.action} of ${target.workflow} / ${target.execution}`;
  return errorOf({ doing, consequence, failure, connection, call, intent });
}

/** What may be published of something that was thrown during an attempt: no secret, no cause. */
export function tracedFailureOf(thrown: unknown, effectOfPhase: Effect, secrets: Secrets): TracedFailure {
  if (ResumeError.isInstance(thrown)) {
    const { code, effect, message, httpStatus, providerCode, requestId } = thrown;
    return { code, effect, message, httpStatus, providerCode, requestId };
  }
  const { why, details } = failureFrom(thrown, effectOfPhase);
  const conceal = concealedBy(secrets);
  const { code, effect, httpStatus, providerCode, requestId } = details;
  const message = concealIn(why, secrets);
  return { code, effect, message, httpStatus, providerCode: conceal(providerCode), requestId: conceal(requestId) };
}

/** What an error is made of. */
export interface ErrorParts {
  /** What the call was about, in words. */
  readonly doing: string;
  readonly consequence: string;
  readonly failure: Failure;
  readonly connection: FailingConnection;
  readonly call: Pick<CallRecord, 'secrets' | 'dispatches'>;
  readonly intent?: string | undefined;
}

/** The error of a call, with no secret in it. */
export function errorOf({ doing, consequence, failure, connection, call, intent }: ErrorParts): ResumeError {
  const { why, details } = failure;
  const { secrets, dispatches } = call;
  const conceal = concealedBy(secrets);
  return new ResumeError(concealIn(`${connection.name}: ${doing}: ${withoutStop(why)}. ${consequence}`, secrets), {
    code: details.code,
    effect: details.effect,
    provider: connection.driver.provider,
    connection: connection.name,
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

/** Numbers, too: what a driver in JavaScript takes out of an answer need not be text. */
function concealedBy(secrets: Secrets): (text: string | undefined) => string | undefined {
  return (text) => (text === undefined || text === null ? undefined : concealIn(messageOf(text), secrets));
}
