import type { HttpAnswer, ProviderError } from 'resumable-workflow/http';
import { errorTable, headerOf, jsonOf } from 'resumable-workflow/http';

/** The errors that RedriveExecution and DescribeExecution declare; the limit does not pass by waiting a moment. */
const OWN = [
  { providerCode: 'ExecutionDoesNotExist', code: 'NOT_FOUND' },
  { providerCode: 'StateMachineDoesNotExist', code: 'NOT_FOUND' },
  { providerCode: 'ExecutionNotRedrivable', code: 'FAILED_PRECONDITION' },
  { providerCode: 'ExecutionLimitExceeded', code: 'RESOURCE_EXHAUSTED', final: true },
  { providerCode: 'InvalidArn', code: 'INVALID_ARGUMENT' },
  { providerCode: 'ValidationException', code: 'INVALID_ARGUMENT' },
  { providerCode: 'ThrottlingException', code: 'RESOURCE_EXHAUSTED' },
] as const;

/** AWS's common refusals, whose statuses differ between its lists. */
const COMMON = [
  { providerCode: 'AccessDeniedException', code: 'PERMISSION_DENIED' },
  { providerCode: 'ExpiredTokenException', code: 'UNAUTHENTICATED' },
  { providerCode: 'IncompleteSignature', code: 'UNAUTHENTICATED' },
  { providerCode: 'InvalidSignatureException', code: 'UNAUTHENTICATED' },
  { providerCode: 'UnrecognizedClientException', code: 'UNAUTHENTICATED' },
] as const;

/**
 * Only what promises that nothing happened. All else is unknown by itself, every 5xx among it.
 *
 * @see Step Functions API reference, RedriveExecution, "Errors", and "Common Errors". That a refusal had no effect is
 * inferred from its meaning.
 */
export const ERRORS = errorTable([
  ...[...OWN, ...COMMON].map((row) => ({ ...row, status: 400, effect: 'none' as const })),
  ...COMMON.map((row) => ({ ...row, status: 403, effect: 'none' as const })),
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
