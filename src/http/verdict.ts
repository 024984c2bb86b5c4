import { DriverFailure } from '../driver-failure.js';
import type { Effect, ErrorCode } from '../errors.js';
import { headerOf } from './header.js';
import type { HttpAnswer } from './message.js';
import { retryAfterMsOf } from './retry-after.js';

/** What one (status, provider code) pair of a provider's own documents means. */
export interface ErrorRow {
  readonly status: number;
  readonly providerCode: string;
  readonly code: ErrorCode;
  readonly effect: Effect;
  /** Never send again by itself, although the code would allow it. */
  readonly final?: boolean;
}

/** A provider's rows, found by status and code. */
export type ErrorTable = ReadonlyMap<string, ErrorRow>;

/** What a provider's own error body says. A body that is not the provider's (a proxy's) is `undefined` instead. */
export interface ProviderError {
  readonly providerCode: string;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Indexes a provider's rows once. */
export function errorTable(rows: readonly ErrorRow[]): ErrorTable {
  return new Map(rows.map((row) => [keyOf(row.status, row.providerCode), row]));
}

/**
 * Judges an answer that does not accept.
 *
 * Only two things prove that nothing happened: a row of the provider's own table that says so, and 429 with the
 * provider's own body. All else is unknown, a 4xx of somebody else's (a proxy's) included.
 */
export function failureOf(
  answer: HttpAnswer,
  error: ProviderError | undefined,
  table: ErrorTable,
  requestId: string | undefined,
): DriverFailure {
  const row = error === undefined ? undefined : table.get(keyOf(answer.status, error.providerCode));
  const throttled = answer.status === 429 && error !== undefined;
  const said = error === undefined ? 'with a body that is not the provider’s' : saidBy(error);
  return new DriverFailure(`answered ${answer.status} ${said}`, {
    code: row?.code ?? codeOfStatus(answer.status),
    effect: row?.effect ?? (throttled ? 'none' : 'unknown'),
    final: row?.final,
    httpStatus: answer.status,
    providerCode: error?.providerCode,
    requestId: requestId ?? error?.requestId,
    retryAfterMs: retryAfterMsOf(headerOf(answer, 'retry-after'), Date.now()),
  });
}

/** Judges an answer that says 200 but does not hold what it owes: the resume may well have happened. */
export function unreadable(answer: HttpAnswer, why: string, requestId?: string, cause?: unknown): DriverFailure {
  return new DriverFailure(`answered ${answer.status}, but ${why}`, {
    code: 'INTERNAL',
    effect: 'unknown',
    httpStatus: answer.status,
    requestId,
    cause,
  });
}

/** The code that fits a status when the provider's own code says nothing. */
export function codeOfStatus(status: number): ErrorCode {
  return CODE_OF_STATUS.get(status) ?? (Math.floor(status / 100) === 4 ? 'FAILED_PRECONDITION' : 'INTERNAL');
}

const CODE_OF_STATUS: ReadonlyMap<number, ErrorCode> = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [405, 'UNIMPLEMENTED'],
  [407, 'UNAVAILABLE'],
  [408, 'DEADLINE_EXCEEDED'],
  [409, 'ABORTED'],
  [425, 'UNAVAILABLE'],
  [429, 'RESOURCE_EXHAUSTED'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

function keyOf(status: number, providerCode: string): string {
  return `${status} ${providerCode}`;
}

function saidBy({ providerCode, message }: ProviderError): string {
  return message === undefined || message === '' ? providerCode : `${providerCode}: ${message}`;
}
