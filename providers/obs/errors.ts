import type { HttpAnswer } from '../../src/http/message.js';
import type { ErrorRow, ErrorTable, ProviderError } from '../../src/http/verdict.js';
import { errorTable } from '../../src/http/verdict.js';
import { errorOf } from '../huawei/error-body.js';

/**
 * What OBS's codes say about a restore. A code of the 4xx family is the service's own refusal; after a 5xx the client
 * "cannot tell whether the request succeeded", as OBS's page on status codes puts it in other words.
 *
 * @see OBS API reference, "错误码", table 2
 */
const OBS_ROWS: readonly ErrorRow[] = [
  { status: 400, providerCode: 'InvalidArgument', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'InvalidRequest', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'BadRequest', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'TooManyWrongSignature', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 403, providerCode: 'AccessDenied', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 403, providerCode: 'InvalidAccessKeyId', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 403, providerCode: 'SignatureDoesNotMatch', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 403, providerCode: 'RequestTimeTooSkewed', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 403, providerCode: 'InArrearOrInsufficientBalance', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 403, providerCode: 'Unauthorized', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 404, providerCode: 'NoSuchKey', code: 'NOT_FOUND', effect: 'none' },
  { status: 405, providerCode: 'MethodNotAllowed', code: 'UNIMPLEMENTED', effect: 'none' },
  // A timeout: the answer says that the client was slow, not what became of the request.
  { status: 408, providerCode: 'RequestTimeout', code: 'DEADLINE_EXCEEDED', effect: 'unknown' },
  { status: 409, providerCode: 'OperationAborted', code: 'ABORTED', effect: 'none' },
  { status: 409, providerCode: 'ServiceNotSupported', code: 'UNIMPLEMENTED', effect: 'none' },
  { status: 411, providerCode: 'MissingContentLength', code: 'INTERNAL', effect: 'none' },
  { status: 500, providerCode: 'InternalError', code: 'INTERNAL', effect: 'unknown' },
  { status: 501, providerCode: 'ServiceNotImplemented', code: 'UNIMPLEMENTED', effect: 'unknown' },
  { status: 503, providerCode: 'ServiceUnavailable', code: 'UNAVAILABLE', effect: 'unknown' },
];

/**
 * The codes of OBS's extension family, to which Data+ belongs.
 *
 * @see OBS API reference, "错误码", table 3; that a restore answers with these is inferred
 */
const OEF_ROWS: readonly ErrorRow[] = [
  { status: 500, providerCode: 'SYS.0001', code: 'INTERNAL', effect: 'unknown' },
  { status: 404, providerCode: 'SYS.0003', code: 'UNIMPLEMENTED', effect: 'none' },
  { status: 401, providerCode: 'SYS.0004', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 403, providerCode: 'SYS.0005', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 400, providerCode: 'SYS.0006', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 500, providerCode: 'SYS.0008', code: 'UNAUTHENTICATED', effect: 'unknown' },
  { status: 400, providerCode: 'SYS.0010', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 429, providerCode: 'SYS.0011', code: 'RESOURCE_EXHAUSTED', effect: 'none' },
  { status: 403, providerCode: 'SYS.0013', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 400, providerCode: 'SYS.0023', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'SYS.0027', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 400, providerCode: 'SYS.0028', code: 'PERMISSION_DENIED', effect: 'none' },
  { status: 500, providerCode: 'SYS.0042', code: 'DEADLINE_EXCEEDED', effect: 'unknown' },
];

/** @see DWR API reference, "错误码": each of these is documented as 400 */
const DWR_400_CODES = [
  ...['1003', '1004', '1005', '1006', '1007', '1008', '1009'].map((number) => `OEFTrigger.${number}`),
  'SYS.0030',
  ...['0003', '0004', '0005', '0006', '0007', '0008', '0009', '0012'].map((number) => `Workflow.${number}`),
];

/**
 * Indexes the table of one connection.
 *
 * @param slowDown - what 503 SlowDown says about the request; undocumented.
 */
export function obsErrorTable(slowDown: 'unknown' | 'none'): ErrorTable {
  return errorTable([
    ...OBS_ROWS,
    ...OEF_ROWS,
    ...DWR_400_CODES.map((providerCode): ErrorRow => {
      return { status: 400, providerCode, code: 'INVALID_ARGUMENT', effect: 'none' };
    }),
    { status: 503, providerCode: 'SlowDown', code: 'RESOURCE_EXHAUSTED', effect: slowDown },
  ]);
}

/** How the services behind Data+ number their errors. */
const OWN_JSON_CODE = /^(SYS|Workflow|OEFTrigger)\.\d+$/;
const DOCUMENTED_CODES = new Set([...OBS_ROWS, ...OEF_ROWS].map(({ providerCode }) => providerCode).concat('SlowDown'));

/**
 * What an error body says, where it is the service's own.
 *
 * XML with a code is OBS's form. JSON with a `code` is everybody's, a proxy's too, so there the code itself must be known
 * or be numbered as these services do.
 */
export function ownErrorOf(answer: HttpAnswer): ProviderError | undefined {
  const error = errorOf(answer);
  if (error === undefined || answer.body.toString('utf8', 0, 64).trimStart().startsWith('<')) return error;
  const isOwn = OWN_JSON_CODE.test(error.providerCode) || DOCUMENTED_CODES.has(error.providerCode);
  return isOwn ? error : undefined;
}
