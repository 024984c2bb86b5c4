import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AOM_ERROR_ROWS } from '../providers/aom/errors.js';
import { AomBench, RESTART } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeAll(async () => {
  bench = await AomBench.start();
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.emulator.faults.clear();
  bench.emulator.journal.clear();
});

/** Asks to wait for longer than any call lasts, so that nothing is sent again. */
function answerWith(status: number, body: unknown, more: Record<string, string> = {}): void {
  const headers = { 'Retry-After': '3600', ...more };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  bench.emulator.faults.add({ kind: 'answer', when: 'before', times: 9, answer: { status, headers, body: text } });
}

describe('the error table of AOM', () => {
  it.each(AOM_ERROR_ROWS)('$status $providerCode is $code, effect $effect, after one request', async (row) => {
    const { status, providerCode, code, effect } = row;
    answerWith(status, { error_code: providerCode, error_msg: 'said so.', http_code: 200 }, { 'X-Request-Id': 'r-1' });
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code, effect, providerCode, httpStatus: status, requestId: 'r-1', attempts: 1 });
    expect(error.message).toContain(`answered ${status} ${providerCode}: said so`);
    expect(bench.emulator.journal.mutating).toHaveLength(1);
  });

  it.each([
    ['400 AOM.31001403', 'INVALID_ARGUMENT'],
    ['400 AOM.31001418', 'FAILED_PRECONDITION'],
    ['401 AOM.31009004', 'UNAUTHENTICATED'],
    ['404 AOM.31001306', 'NOT_FOUND'],
    ['500 AOM.31001405', 'INTERNAL'],
    ['404 APIGW.0101', 'UNIMPLEMENTED'],
    ['400 APIGW.0201', 'INVALID_ARGUMENT'],
    ['494 APIGW.0201', 'INVALID_ARGUMENT'],
    ['502 APIGW.0201', 'UNAVAILABLE'],
    ['504 APIGW.0201', 'DEADLINE_EXCEEDED'],
    ['502 APIG.0202', 'UNAVAILABLE'],
    ['504 APIG.0203', 'DEADLINE_EXCEEDED'],
    ['401 APIGW.0301', 'UNAUTHENTICATED'],
    ['403 APIGW.0302', 'PERMISSION_DENIED'],
    ['401 APIGW.0303', 'UNAUTHENTICATED'],
    ['401 APIG.0307', 'UNAUTHENTICATED'],
    ['429 APIGW.0308', 'RESOURCE_EXHAUSTED'],
    ['403 APIGW.0310', 'PERMISSION_DENIED'],
    ['405 APIGW.0501', 'RESOURCE_EXHAUSTED'],
    ['405 APIGW.0502', 'PERMISSION_DENIED'],
    ['500 APIGW.0601', 'INTERNAL'],
    ['400 APIGW.0602', 'INVALID_ARGUMENT'],
    ['502 APIGW.0610', 'UNAVAILABLE'],
    ['503 APIGW.0613', 'UNAVAILABLE'],
    ['403 APIGW.0801', 'UNIMPLEMENTED'],
  ])('knows the documented pair %s as %s', (pair, code) => {
    const found = AOM_ERROR_ROWS.filter(({ status, providerCode }) => `${status} ${providerCode}` === pair);
    expect(found.map((row) => row.code)).toEqual([code]);
  });

  it('says none for no 5xx, and for every 4xx', () => {
    for (const { status, effect } of AOM_ERROR_ROWS) expect(effect).toBe(status < 500 ? 'none' : 'unknown');
  });

  it('has each pair of status and code once', () => {
    const pairs = AOM_ERROR_ROWS.map(({ status, providerCode }) => `${status} ${providerCode}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('has both spellings of every gateway code', () => {
    const ofFamily = (family: string) =>
      AOM_ERROR_ROWS.filter(({ providerCode }) => providerCode.startsWith(`${family}.`)).map(
        ({ status, providerCode }) => `${status} ${providerCode.slice(family.length)}`,
      );
    expect(ofFamily('APIG')).toEqual(ofFamily('APIGW'));
    expect(ofFamily('APIG').length).toBeGreaterThan(50);
  });
});

describe('an error of AOM', () => {
  it.each([
    { error_msg: 'no.', http_code: 400 },
    { error_message: 'no.', http_code: '400' },
    { error_message: 'no.', htp_code: '200' },
    { error_msg: 'no.', request_id: 'in-body' },
  ])('is read in each documented spelling: %j', async (spelling) => {
    answerWith(400, { error_code: 'AOM.31001403', ...spelling });
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', providerCode: 'AOM.31001403' });
    expect(error.message).toContain('AOM.31001403: no');
    expect(error.requestId).toBe('request_id' in spelling ? 'in-body' : undefined);
  });

  it.each([
    [400, { error_code: 'AOM.99999999', error_msg: 'x' }, 'INVALID_ARGUMENT'],
    [404, { error_code: 'APIGW.9999', error_msg: 'x' }, 'NOT_FOUND'],
    [400, '', 'INVALID_ARGUMENT'],
    [401, '<html>', 'UNAUTHENTICATED'],
    [403, { error: 'a proxy' }, 'PERMISSION_DENIED'],
    [409, { code: 'Conflict', message: 'a proxy' }, 'ABORTED'],
    [500, { error_code: 'AOM.31001403', error_msg: 'a refusal with another status' }, 'INTERNAL'],
  ])('that no row knows has an unknown effect: %i %j', async (status, body, code) => {
    answerWith(status, body);
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code, effect: 'unknown', httpStatus: status, attempts: 1 });
  });

  it('as 429 has no effect with any code of its own, and says when to come back', async () => {
    answerWith(429, { error_code: 'AOM.12345678', error_msg: 'slowly' }, { 'Retry-After': '7200' });
    expect(await rejected(bench.connect().resume(RESTART))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      effect: 'none',
      retryAfterMs: 7_200_000,
      attempts: 1,
    });
  });

  it.each([{ error_code: 'rate_limited' }, { code: 'TooMany' }, '<html>', ''])(
    'as 429 of somebody else has an unknown effect: %j',
    async (body) => {
      answerWith(429, body);
      expect(await rejected(bench.connect().resume(RESTART))).toMatchObject({
        code: 'RESOURCE_EXHAUSTED',
        effect: 'unknown',
      });
    },
  );

  it('does not show secrets that the server echoes', async () => {
    const { accessKeyId, secretAccessKey } = bench.emulator.credentials;
    const credentials = { accessKeyId, secretAccessKey, securityToken: 'gQpjbi1ub3J0aC00EXAMPLEsecurityToken==' };
    bench.emulator.faults.add({
      kind: 'answer',
      when: 'before',
      operation: 'any',
      answer: {
        status: 400,
        headers: { 'X-Request-Id': secretAccessKey },
        body: JSON.stringify({ error_code: 'AOM.31001403', error_msg: Object.values(credentials).join(' ') }),
      },
    });
    const error = await rejected(bench.connect().resume(RESTART));
    const shown = JSON.stringify(error) + error.message + String(error.stack);
    expect(error.message).toContain('[concealed]');
    for (const secret of [accessKeyId, secretAccessKey]) expect(shown).not.toContain(secret);
  });
});
