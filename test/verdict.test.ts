import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../src/errors.js';
import type { HttpAnswer } from '../src/http/message.js';
import type { ErrorRow, ProviderError } from '../src/http/verdict.js';
import { codeOfStatus, errorTable, failureOf, unreadable } from '../src/http/verdict.js';

const answer = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body: Buffer.from(''),
});
const rows: readonly ErrorRow[] = [
  { status: 400, providerCode: 'IllegalState', code: 'FAILED_PRECONDITION', effect: 'none' },
  { status: 400, providerCode: 'TimedOut', code: 'DEADLINE_EXCEEDED', effect: 'unknown' },
  { status: 409, providerCode: 'IllegalState', code: 'ABORTED', effect: 'unknown' },
  { status: 429, providerCode: 'TooManyRuns', code: 'RESOURCE_EXHAUSTED', effect: 'none', final: true },
  { status: 429, providerCode: 'Queued', code: 'RESOURCE_EXHAUSTED', effect: 'unknown' },
];
const table = errorTable(rows);
const said = (providerCode: string, more: Partial<ProviderError> = {}): ProviderError => ({ providerCode, ...more });
const judged = (status: number, error?: ProviderError) => failureOf(answer(status), error, table, undefined);

describe('an answer that does not accept', () => {
  it.each(rows)('$status $providerCode is what its own row says: $code, $effect', (row) => {
    const { code, effect, final, httpStatus, providerCode } = judged(row.status, said(row.providerCode)).details;
    expect({ code, effect, final, status: httpStatus, providerCode }).toEqual({ final: undefined, ...row });
  });

  it.each([
    ['another status', 500, 'IllegalState', 'INTERNAL'],
    ['another code', 400, 'Surprise', 'INVALID_ARGUMENT'],
  ])('with %s than a row has proves nothing', (_what, status, providerCode, code) => {
    expect(judged(status, said(providerCode)).details).toMatchObject({ code, effect: 'unknown', providerCode });
  });

  it('429 with a code that no row has did nothing, because the provider itself has said it', () => {
    const { details } = judged(429, said('Throttled'));
    expect(details).toMatchObject({ code: 'RESOURCE_EXHAUSTED', effect: 'none' });
    expect(details.final).toBeUndefined();
  });

  it.each([302, 400, 404, 408, 409, 429, 500, 503])('%i from somebody else proves nothing', (status) => {
    const { message, details } = judged(status);
    expect(details).toMatchObject({ effect: 'unknown', code: codeOfStatus(status), httpStatus: status });
    expect(details.providerCode).toBeUndefined();
    expect(message).toContain(`answered ${status}`);
    expect(message).toContain('not the provider’s');
  });

  it('shows in the message what the provider said, as far as it said anything', () => {
    const messageOf = (message?: string) => judged(400, said('IllegalState', { message })).message;
    expect(messageOf('the run is not failed')).toBe('answered 400 IllegalState: the run is not failed');
    expect(messageOf()).toBe('answered 400 IllegalState');
    expect(messageOf('')).toBe('answered 400 IllegalState');
  });

  it('carries the request’s id for a support case, the header’s before the body’s', () => {
    const error = said('IllegalState', { requestId: 'in-the-body' });
    expect(failureOf(answer(400), error, table, 'in-a-header').details.requestId).toBe('in-a-header');
    expect(failureOf(answer(400), error, table, undefined).details.requestId).toBe('in-the-body');
    expect(failureOf(answer(400), undefined, table, 'in-a-header').details.requestId).toBe('in-a-header');
    expect(judged(400).details.requestId).toBeUndefined();
  });

  describe('and asks to wait', () => {
    beforeEach(() => {
      vi.useFakeTimers({ now: Date.parse('2026-11-21T10:00:00Z') });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it.each([
      ['30', 30_000],
      ['Sat, 21 Nov 2026 10:01:00 GMT', 60_000],
    ])('says for how long: %s', (value, retryAfterMs) => {
      const asking = answer(503, { 'retry-after': value });
      expect(failureOf(asking, undefined, table, undefined).details.retryAfterMs).toBe(retryAfterMs);
    });
  });

  it('that asks for no waiting names none', () => {
    expect(judged(503).details.retryAfterMs).toBeUndefined();
  });
});

describe('a 200 that does not hold what it owes', () => {
  it('may well have resumed something, and says why it cannot be told', () => {
    const cause = new SyntaxError('truncated');
    const { message, details } = unreadable(answer(200), 'its body is no JSON', 'r-1', cause);
    expect(message).toBe('answered 200, but its body is no JSON');
    expect(details).toEqual({ code: 'INTERNAL', effect: 'unknown', httpStatus: 200, requestId: 'r-1', cause });
  });
});

describe('the code of a status, where the provider’s own code says nothing', () => {
  const known: Record<number, ErrorCode> = {
    400: 'INVALID_ARGUMENT',
    401: 'UNAUTHENTICATED',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    405: 'UNIMPLEMENTED',
    407: 'UNAVAILABLE',
    408: 'DEADLINE_EXCEEDED',
    409: 'ABORTED',
    425: 'UNAVAILABLE',
    429: 'RESOURCE_EXHAUSTED',
    501: 'UNIMPLEMENTED',
    502: 'UNAVAILABLE',
    503: 'UNAVAILABLE',
    504: 'DEADLINE_EXCEEDED',
  };

  it('is gRPC’s for the ones that have a meaning', () => {
    for (const [status, code] of Object.entries(known))
      expect([status, codeOfStatus(Number(status))]).toEqual([status, code]);
  });

  it('is FAILED_PRECONDITION for every other 4xx, and INTERNAL for all else', () => {
    for (let status = 200; status < 600; status += 1) {
      if (status in known) continue;
      const code = status >= 400 && status <= 499 ? 'FAILED_PRECONDITION' : 'INTERNAL';
      expect([status, codeOfStatus(status)]).toEqual([status, code]);
    }
  });
});
