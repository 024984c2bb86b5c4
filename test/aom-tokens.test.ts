import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AomOptions } from '../providers/aom/index.js';
import { AomBench, RESTART, SAMPLE, settle } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start({ knobs: { doubleSubmit: 'accept' } });
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.close();
});

const withPassword = (options: Partial<AomOptions> = {}) => bench.connect({ credentials: bench.password, ...options });
/** Of executions of their own: calls for one execution would share one request. */
function manyRestarts() {
  return Array.from({ length: 20 }, (_one, number) => {
    const request = { ...RESTART, execution: `ex-many-${number}` };
    bench.emulator.define({ ...request, nodes: [{ id: 'node-0001', status: 'fail' }] });
    return request;
  });
}

const requests = () => bench.emulator.journal.entries.map(({ operation }) => operation);

describe('a token for AOM', () => {
  it('is got once, sent as X-Auth-Token, and kept', async () => {
    const workflow = withPassword();
    await workflow.resume(RESTART);
    await workflow.resume(RESTART);
    expect(requests()).toEqual(['token', 'operation', 'operation']);
    const [, first, second] = bench.emulator.journal.entries;
    expect(first?.headers['x-auth-token']).toMatch(/^MII/);
    expect(second?.headers['x-auth-token']).toBe(first?.headers['x-auth-token']);
    expect(first?.headers.authorization).toBeUndefined();
    expect(first?.headers['content-length']).toBe('0');
  });

  it('does not count as an attempt', async () => {
    expect(await withPassword().resume(RESTART)).toMatchObject({ attempts: 1 });
  });

  it('is got once for many calls at the same time', async () => {
    const workflow = withPassword();
    const receipts = await Promise.all(manyRestarts().map((request) => workflow.resume(request)));
    expect(receipts.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(requests().filter((operation) => operation === 'token')).toHaveLength(1);
    expect(bench.emulator.journal.mutating).toHaveLength(20);
  });

  it('may be 40 KB long in both directions', async () => {
    bench.emulator.knobs.tokenLength = 40_960;
    await withPassword().resume(RESTART);
    expect(bench.emulator.journal.mutating[0]?.headers['x-auth-token']).toHaveLength(40_960);
  });

  it('is renewed a minute before it runs out', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') });
    bench.emulator.knobs.tokenLifetimeMs = 10 * 60_000;
    const workflow = withPassword();
    await workflow.resume(RESTART);
    vi.setSystemTime('2026-01-01T00:08:59.999Z');
    await workflow.resume(RESTART);
    expect(requests()).toEqual(['token', 'operation', 'operation']);
    vi.setSystemTime('2026-01-01T00:09:00Z');
    await workflow.resume(RESTART);
    expect(requests()).toEqual(['token', 'operation', 'operation', 'token', 'operation']);
  });

  it.each([
    ['expired', () => bench.emulator.clock.advance(25 * 3_600_000)],
    ['revoked', () => bench.emulator.revokeTokens()],
  ])('that is %s is renewed once, and the operation sent once more', async (_what, spoil) => {
    const workflow = withPassword();
    await workflow.resume(RESTART);
    spoil();
    expect(await workflow.resume(RESTART)).toMatchObject({ attempts: 2 });
    expect(requests()).toEqual(['token', 'operation', 'unauthenticated', 'token', 'operation']);
    expect(bench.emulator.journal.committed).toHaveLength(2);
  });

  it('that is refused while reading is renewed too, and counts no attempt', async () => {
    const workflow = withPassword();
    await workflow.resume(SAMPLE);
    bench.emulator.define({ ...SAMPLE, nodes: [{ id: 'node-0001', status: 'fail' }] });
    bench.emulator.revokeTokens();
    expect(await workflow.resume(SAMPLE)).toMatchObject({ attempts: 1, performed: 'restart' });
    expect(requests().slice(3)).toEqual(['unauthenticated', 'token', 'status', 'operation']);
  });

  it('that is refused again after renewal is not renewed a second time', async () => {
    const body = '{"error_code":"AOM.31009004","error_msg":"auth failed.","http_code":"401"}';
    bench.emulator.faults.add({ kind: 'answer', when: 'before', times: 99, answer: { status: 401, body } });
    const error = await rejected(withPassword().resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', providerCode: 'AOM.31009004', attempts: 2 });
    expect(requests()).toEqual(['token', 'operation', 'token', 'operation']);
  });

  it('is renewed once for many calls that are refused at the same time', async () => {
    const workflow = withPassword();
    await workflow.resume(RESTART);
    bench.emulator.revokeTokens();
    const receipts = await Promise.all(manyRestarts().map((request) => workflow.resume(request)));
    expect(receipts).toHaveLength(20);
    expect(requests().filter((operation) => operation === 'token')).toHaveLength(2);
    expect(bench.emulator.journal.committed).toHaveLength(21);
  });

  it.each([
    ['a 401 of a proxy', 401, '<html>'],
    ['a 401 with a foreign code', 401, '{"code":"Unauthorized","message":"a proxy"}'],
    ['a 401 with a code that no row knows', 401, '{"error_code":"AOM.00000001","error_msg":"?"}'],
    ['a 403 of its own', 403, '{"error_code":"APIGW.0302","error_msg":"not authorized"}'],
    ['a 500 of its own', 500, '{"error_code":"AOM.31001405","error_msg":"internal"}'],
  ])('is not renewed after %s', async (_what, status, body) => {
    bench.emulator.faults.add({ kind: 'answer', when: 'before', times: 99, answer: { status, body } });
    expect(await rejected(withPassword().resume(RESTART))).toMatchObject({ httpStatus: status, attempts: 1 });
    expect(requests()).toEqual(['token', 'operation']);
  });

  it('is not renewed after a 401 of a proxy while reading either', async () => {
    const body = '{"code":"Unauthorized","message":"a proxy"}';
    const answer = { status: 401, body };
    bench.emulator.faults.add({ kind: 'answer', when: 'before', operation: 'status', times: 9, answer });
    expect(await rejected(withPassword().resume(SAMPLE))).toMatchObject({ effect: 'none', attempts: 0 });
    expect(requests()).toEqual(['token', 'status']);
  });

  it('passed as it is cannot be renewed: one request', async () => {
    const credentials = { token: bench.emulator.issueToken() };
    const workflow = bench.connect({ credentials });
    expect(await workflow.resume(RESTART)).toMatchObject({ attempts: 1 });
    bench.emulator.revokeTokens();
    expect(await rejected(workflow.resume(RESTART))).toMatchObject({
      code: 'UNAUTHENTICATED',
      effect: 'none',
      providerCode: 'APIGW.0301',
      attempts: 1,
    });
    expect(requests()).toEqual(['operation', 'unauthenticated']);
  });

  it('of a function is asked for again after a refusal, also when it said that it lives on', async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return { token: bench.emulator.issueToken(), expiresAt: Date.now() + 3_600_000 };
    };
    const workflow = bench.connect({ credentials });
    await workflow.resume(RESTART);
    await workflow.resume(RESTART);
    expect(asked).toBe(1);
    bench.emulator.revokeTokens();
    expect(await workflow.resume(RESTART)).toMatchObject({ attempts: 2 });
    expect(asked).toBe(2);
  });

  it('takes the time of the call that waits, and goes on for the others', async () => {
    bench.emulator.faults.add({ kind: 'delay', when: 'after', operation: 'token', delayMs: 200 });
    const workflow = withPassword();
    const [one, other] = manyRestarts();
    const patient = workflow.resume(one ?? RESTART);
    const error = await rejected(workflow.resume(other ?? RESTART, { timeoutMs: 60 }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none', attempts: 0 });
    expect(await patient).toMatchObject({ attempts: 1 });
    expect(requests()).toEqual(['token', 'operation']);
  });

  it('that arrives after an abort sends nothing', async () => {
    bench.emulator.faults.add({ kind: 'delay', when: 'after', operation: 'token', delayMs: 100 });
    const stop = new AbortController();
    const call = rejected(withPassword().resume(RESTART, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(requests()).toEqual(['token']);
  });

  it.each([
    ['reset', { kind: 'reset' }, 'UNAVAILABLE'],
    ['502', { kind: 'answer', answer: { status: 502, body: '<html>' } }, 'UNAVAILABLE'],
  ] as const)(
    'lost to a %s has no effect on the workflow, and is asked for three times',
    async (_what, fault, code) => {
      bench.emulator.faults.add({ ...fault, when: 'after', operation: 'token', times: 9 });
      const error = await rejected(withPassword().resume(RESTART));
      expect(error).toMatchObject({ code, effect: 'none', attempts: 0 });
      await settle();
      expect(requests()).toEqual(['token', 'token', 'token']);
    },
  );
});

describe('a password for AOM', () => {
  it('that is wrong is sent once, however many calls there are, and stands in no error', async () => {
    const credentials = { ...bench.password, password: 'Wr0ng-"Password' };
    const workflow = bench.connect({ credentials });
    const errors = await Promise.all(Array.from({ length: 10 }, () => rejected(workflow.resume(RESTART))));
    errors.push(await rejected(workflow.resume(RESTART)));
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', httpStatus: 401, attempts: 0 });
      expect(JSON.stringify(error) + String(error.stack)).not.toContain('Wr0ng');
    }
    expect(requests()).toEqual(['token']);
  });

  it('is concealed when IAM echoes it', async () => {
    const body = JSON.stringify({ error: { code: 401, message: `wrong: ${bench.password.password}` } });
    bench.emulator.faults.add({ kind: 'answer', when: 'before', operation: 'token', answer: { status: 401, body } });
    const error = await rejected(withPassword().resume(RESTART));
    expect(error.message).toContain('wrong: [concealed]');
  });

  it('and its token are concealed when AOM echoes the token', async () => {
    const workflow = withPassword();
    await workflow.resume(RESTART);
    const token = String(bench.emulator.journal.mutating[0]?.headers['x-auth-token']);
    const body = JSON.stringify({ error_code: 'AOM.31001403', error_msg: `bad ${token}` });
    bench.emulator.faults.add({ kind: 'answer', when: 'before', answer: { status: 400, body } });
    const error = await rejected(workflow.resume(RESTART));
    expect(error.message).toContain('bad [concealed]');
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(token);
  });
});

describe('an access key for AOM', () => {
  it.each([
    ['bad signatures', () => ({ accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: 'not-the-secret' })],
    ['an unknown key', () => ({ accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'not-the-secret' })],
  ])('is never sent again by itself after a 401 for %s, static or supplied', async (_what, keys) => {
    for (const credentials of [keys(), async () => keys()]) {
      bench.emulator.journal.clear();
      expect(await rejected(bench.connect({ credentials }).resume(RESTART))).toMatchObject({
        code: 'UNAUTHENTICATED',
        effect: 'none',
        providerCode: 'APIGW.0301',
        httpStatus: 401,
        attempts: 1,
      });
      expect(requests()).toEqual(['unauthenticated']);
    }
  });

  it('with a clock that is wrong is told so', async () => {
    bench.emulator.clock.advance(16 * 60_000);
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', providerCode: 'APIGW.0303', attempts: 1 });
    expect(error.message).toContain('signature expired');
  });
});
