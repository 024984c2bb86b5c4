import type { ErrorCode } from 'resumable-workflow';
import type { ErrorRow, HttpAnswer, ProviderError } from 'resumable-workflow/http';
import { errorTable, headerOf, jsonOf } from 'resumable-workflow/http';

const row = (providerCode: string, code: ErrorCode, status = 400): ErrorRow => {
  return { status, providerCode, code, effect: 'none' };
};

/**
 * Only what promises that nothing happened: the errors that RedriveExecution and DescribeExecution declare, and AWS's
 * common refusals. All else is unknown by itself, every 5xx among it.
 *
 * @see Step Functions API reference, RedriveExecution, "Errors", and "Common Errors". That a refusal had no effect is
 * inferred from its meaning; the statuses of the common ones differ between AWS's lists, so both are here.
 */
export const ERRORS = errorTable([
  row('ExecutionDoesNotExist', 'NOT_FOUND'),
  row('StateMachineDoesNotExist', 'NOT_FOUND'),
  row('ExecutionNotRedrivable', 'FAILED_PRECONDITION'),
  // The limit of open executions: waiting a moment does not help, so that it is final.
  { ...row('ExecutionLimitExceeded', 'RESOURCE_EXHAUSTED'), final: true },
  row('InvalidArn', 'INVALID_ARGUMENT'),
  row('ValidationException', 'INVALID_ARGUMENT'),
  row('ThrottlingException', 'RESOURCE_EXHAUSTED'),
  ...[400, 403].flatMap((status) => [
    row('AccessDeniedException', 'PERMISSION_DENIED', status),
    row('ExpiredTokenException', 'UNAUTHENTICATED', status),
    row('IncompleteSignature', 'UNAUTHENTICATED', status),
    row('InvalidSignatureException', 'UNAUTHENTICATED', status),
    row('UnrecognizedClientException', 'UNAUTHENTICATED', status),
  ]),
]);

/** What an error body says; undefined where it names no type, and therefore is somebody else's. */
export function ownErrorOf(answer: HttpAnswer): ProviderError | undefined {
  const { __type, message, Message } = (jsonOf(answer) ?? {}) as Record<string, string | undefined>;
  if (typeof __type !== 'string') return undefined;
  return { providerCode: __type.split('#').at(-1) ?? '', message: message ?? Message };
}

export function requestIdOf(answer: HttpAnswer): string | undefined {
  return headerOf(answer, 'x-amzn-requestid');
}
