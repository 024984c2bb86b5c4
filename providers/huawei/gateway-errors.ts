import type { ErrorCode } from '../../src/errors.js';
import type { ErrorRow } from '../../src/http/verdict.js';
import { codeOfStatus } from '../../src/http/verdict.js';

type Refusal = readonly [number: string, status: number, code: ErrorCode];

/** What the gateway refuses by itself: the service behind it has not been called, so nothing happened. */
const REFUSALS: readonly Refusal[] = [
  // The API does not exist or has not been published: offline, or not offered in this region.
  ['0101', 404, 'UNIMPLEMENTED'],
  ['0103', 404, 'INTERNAL'],
  ['0104', 400, 'INTERNAL'],
  ['0105', 400, 'INTERNAL'],
  ['0106', 400, 'INTERNAL'],
  ['0108', 404, 'INTERNAL'],
  ['0201', 400, 'INVALID_ARGUMENT'],
  ['0201', 413, 'INVALID_ARGUMENT'],
  ['0201', 414, 'INVALID_ARGUMENT'],
  ['0201', 494, 'INVALID_ARGUMENT'],
  ['0204', 400, 'FAILED_PRECONDITION'],
  ['0205', 400, 'UNAUTHENTICATED'],
  ['0301', 401, 'UNAUTHENTICATED'],
  ['0302', 403, 'PERMISSION_DENIED'],
  ['0303', 401, 'UNAUTHENTICATED'],
  ['0304', 403, 'PERMISSION_DENIED'],
  ['0305', 401, 'UNAUTHENTICATED'],
  ['0306', 403, 'PERMISSION_DENIED'],
  ['0307', 401, 'UNAUTHENTICATED'],
  ['0308', 429, 'RESOURCE_EXHAUSTED'],
  ['0310', 403, 'PERMISSION_DENIED'],
  ['0311', 401, 'UNAUTHENTICATED'],
  ['0312', 401, 'UNAUTHENTICATED'],
  ['0313', 401, 'UNAUTHENTICATED'],
  ['0314', 403, 'PERMISSION_DENIED'],
  ['0401', 403, 'PERMISSION_DENIED'],
  ['0402', 403, 'PERMISSION_DENIED'],
  ['0404', 403, 'PERMISSION_DENIED'],
  ['0405', 403, 'PERMISSION_DENIED'],
  ['0501', 405, 'RESOURCE_EXHAUSTED'],
  ['0502', 405, 'PERMISSION_DENIED'],
  ['0602', 400, 'INVALID_ARGUMENT'],
  ['0607', 400, 'INVALID_ARGUMENT'],
  ['0801', 403, 'UNIMPLEMENTED'],
  ['0802', 403, 'PERMISSION_DENIED'],
];

/** The gateway's own troubles, and those of the service behind it: what became of the request is unknown. */
const TROUBLES: readonly (readonly [status: number, ...numbers: readonly string[]])[] = [
  [500, '0103', '0104', '0105', '0107', '0201', '0601', '0605', '0606', '0608', '0609', '0611', '0612'],
  [500, '0615', '0616', '0617', '0705'],
  [502, '0201', '0202', '0610'],
  [503, '0613'],
  [504, '0201', '0203'],
];

/** A quota that is used up does not come back within a call, although its code would allow another try. */
const FINAL = '0501';

/**
 * The rows of Huawei's API gateway, in both spellings: `APIGW.NNNN` in front of Huawei's own services and `APIG.NNNN`,
 * which their FAQs show as well.
 *
 * Where one table has a code that the other lacks, or has it with another status (0103 to 0105), both spellings take
 * both: inferred. The codes 1xxx and 2xxx belong to the gateway's OAuth endpoint and are left out.
 *
 * @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html for APIGW
 * @see https://support.huaweicloud.com/intl/en-us/usermanual-apig/apig_03_0048.html for APIG
 */
export const GATEWAY_ROWS: readonly ErrorRow[] = ['APIGW', 'APIG'].flatMap((family) => [
  ...REFUSALS.map(([number, status, code]): ErrorRow => {
    const row: ErrorRow = { status, providerCode: `${family}.${number}`, code, effect: 'none' };
    return number === FINAL ? { ...row, final: true } : row;
  }),
  ...TROUBLES.flatMap(([status, ...numbers]) =>
    numbers.map((number): ErrorRow => {
      return { status, providerCode: `${family}.${number}`, code: codeOfStatus(status), effect: 'unknown' };
    }),
  ),
]);
