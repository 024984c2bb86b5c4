import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpAnswer } from '../../src/http/message.js';
import type { ErrorRow } from '../../src/http/verdict.js';
import { errorTable, failureOf } from '../../src/http/verdict.js';
import { errorOf, requestIdOf } from '../huawei/error-body.js';
import { GATEWAY_ROWS } from '../huawei/gateway-errors.js';

/**
 * AOM's own codes.
 *
 * `/operation` itself documents 401 AOM.31009004 and 500 AOM.31001405 only; the others are documented on its siblings
 * (detail, execute, terminate, create, list), and that they mean the same here is inferred.
 *
 * @see https://support.huaweicloud.com/api-aom/StartPausingWorkflowExecutions.html and the pages beside it
 */
const AOM_ROWS: readonly ErrorRow[] = [
  { status: 400, providerCode: 'AOM.31001302', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'AOM.31001403', code: 'INVALID_ARGUMENT', effect: 'none' },
  { status: 400, providerCode: 'AOM.31001418', code: 'FAILED_PRECONDITION', effect: 'none' },
  { status: 401, providerCode: 'AOM.31009002', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 401, providerCode: 'AOM.31009003', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 401, providerCode: 'AOM.31009004', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 401, providerCode: 'AOM.31009011', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 401, providerCode: 'AOM.31009019', code: 'UNAUTHENTICATED', effect: 'none' },
  { status: 404, providerCode: 'AOM.31001306', code: 'NOT_FOUND', effect: 'none' },
  // Glossed as "reached the server but not understood": a wrong state may well answer with it, a lost request too.
  { status: 500, providerCode: 'AOM.31001305', code: 'INTERNAL', effect: 'unknown' },
  { status: 500, providerCode: 'AOM.31001405', code: 'INTERNAL', effect: 'unknown' },
];

/** Every (status, code) pair that this provider knows. */
export const AOM_ERROR_ROWS: readonly ErrorRow[] = [...AOM_ROWS, ...GATEWAY_ROWS];

const TABLE = errorTable(AOM_ERROR_ROWS);
/** A JSON body with any other code may be a proxy's. */
const OWN_CODE = /^(AOM|APIGW?)\.\d+$/;

/**
 * Judges an answer that does not accept. The body's `http_code`, also spelled `htp_code`, says nothing: the status does.
 *
 * @param renewable - the token that was sent, where another one can be had: a refusal then names it as stale.
 */
export function aomFailure(answer: HttpAnswer, renewable: object | undefined): DriverFailure {
  const error = errorOf(answer);
  const own = error !== undefined && OWN_CODE.test(error.providerCode);
  const { message, details } = failureOf(answer, error, TABLE, requestIdOf(answer));
  const stale = own && answer.status === 401 && renewable !== undefined;
  return new DriverFailure(message, {
    ...details,
    effect: own ? details.effect : 'unknown',
    ...(stale ? { staleCredential: renewable } : {}),
  });
}
