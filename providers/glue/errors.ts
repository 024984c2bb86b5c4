import { z } from 'zod';
import type { Effect, ErrorCode } from '../../src/errors.js';
import { headerOf } from '../../src/http/header.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import type { ErrorRow, ProviderError } from '../../src/http/verdict.js';
import { errorTable } from '../../src/http/verdict.js';

/** AWS's older documents and other services of this protocol give 400 where the newest list of common errors gives 403. */
const OLD_AND_NEW = [400, 403] as const;

/**
 * Everything that Glue is known to answer, by status and type.
 *
 * The six that ResumeWorkflowRun declares come with the statuses of AWS's service model. The others are AWS's common
 * errors, with the statuses of that list; where it is silent, status and type are inferred from other AWS services that
 * speak JSON 1.1 or 1.0. That a refusal had no effect is inferred from its meaning: no document says so.
 *
 * @see ResumeWorkflowRun, "Errors", and "Common Errors" in AWS's API references
 */
export const glueErrors = errorTable([
  // Declared by the operation.
  ...rows([400], 'FAILED_PRECONDITION', 'none', 'IllegalWorkflowStateException'),
  ...rows([400], 'NOT_FOUND', 'none', 'EntityNotFoundException'),
  ...rows([400], 'INVALID_ARGUMENT', 'none', 'InvalidInputException'),
  ...rows([400], 'RESOURCE_EXHAUSTED', 'none', 'ConcurrentRunsExceededException').map((row) => ({
    ...row,
    final: true,
  })),
  ...rows([500], 'INTERNAL', 'unknown', 'InternalServiceException'),
  // A 400, and yet no refusal: the operation was begun.
  ...rows([400], 'DEADLINE_EXCEEDED', 'unknown', 'OperationTimeoutException'),

  // Common to all of AWS: refused before the operation.
  ...rows([400], 'RESOURCE_EXHAUSTED', 'none', 'ThrottlingException'),
  ...rows([400], 'INVALID_ARGUMENT', 'none', 'ValidationError', 'MalformedHttpRequestException'),
  ...rows([413], 'INVALID_ARGUMENT', 'none', 'RequestEntityTooLargeException'),
  ...rows([400, 404], 'UNIMPLEMENTED', 'none', 'UnknownOperationException'),
  ...rows(OLD_AND_NEW, 'PERMISSION_DENIED', 'none', 'AccessDeniedException', 'OptInRequired'),
  ...rows([400, 401], 'PERMISSION_DENIED', 'none', 'NotAuthorized'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'ExpiredTokenException', 'IncompleteSignature'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'UnrecognizedClientException', 'InvalidClientTokenId'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'MissingAuthenticationToken', 'RequestExpired'),
  // Inferred.
  ...rows([400], 'INVALID_ARGUMENT', 'none', 'ValidationException', 'SerializationException'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'InvalidSignatureException', 'IncompleteSignatureException'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'MissingAuthenticationTokenException', 'ExpiredToken'),
  ...rows(OLD_AND_NEW, 'UNAUTHENTICATED', 'none', 'RequestTimeTooSkewed'),

  // Common to all of AWS: cut off at an unknown moment.
  ...rows([400], 'UNAVAILABLE', 'unknown', 'RequestAbortedException'),
  ...rows([408], 'DEADLINE_EXCEEDED', 'unknown', 'RequestTimeoutException'),
  ...rows([500], 'INTERNAL', 'unknown', 'InternalFailure'),
  ...rows([503], 'UNAVAILABLE', 'unknown', 'ServiceUnavailable'),
]);

const errorBodySchema = z.object({
  __type: z.string().nullish(),
  Message: z.string().nullish(),
  message: z.string().nullish(),
});

/** What an answer says about an error; undefined where it names no type, and therefore is not Glue's. */
export function glueErrorOf(answer: HttpAnswer): ProviderError | undefined {
  const parsed = errorBodySchema.safeParse(jsonOf(answer));
  const body = parsed.success ? parsed.data : {};
  const providerCode = typeNameOf(body.__type) ?? typeNameOf(headerOf(answer, 'x-amzn-errortype'));
  if (providerCode === undefined) return undefined;
  return { providerCode, message: body.Message ?? body.message ?? undefined };
}

/** AWS's id of a request, for a support case. */
export function glueRequestIdOf(answer: HttpAnswer): string | undefined {
  return headerOf(answer, 'x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id');
}

/** `namespace#Name:address` to `Name`. */
function typeNameOf(type: string | null | undefined): string | undefined {
  const name = type?.split(':', 1)[0]?.split('#').at(-1)?.trim() ?? '';
  return /^[A-Za-z]\w*$/.test(name) ? name : undefined;
}

function rows(statuses: readonly number[], code: ErrorCode, effect: Effect, ...names: readonly string[]): ErrorRow[] {
  return statuses.flatMap((status) => names.map((providerCode) => ({ status, providerCode, code, effect })));
}
