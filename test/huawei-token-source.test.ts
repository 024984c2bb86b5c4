import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AomEmulator } from '../providers/aom/emulator.js';
import { IamTokenSource } from '../providers/huawei/token-source.js';
import { DriverFailure } from '../src/driver-failure.js';
import { HttpTransport } from '../src/http/transport.js';

let emulator: AomEmulator;
let transport: HttpTransport;
let nowMs = 0;
beforeEach(async () => {
  emulator = await new AomEmulator().start();
  transport = new HttpTransport();
  nowMs = 0;
});
afterEach(async () => {
  await transport.close();
  await emulator.close();
});

function sourceOf(login: { password?: string; origin?: string; projectId?: string } = {}): IamTokenSource {
  const { user, projectId, endpoint: origin } = emulator;
  return new IamTokenSource({ ...user, projectId, origin, ...login }, transport, () => nowMs);
}

async function failed(call: Promise<unknown>): Promise<DriverFailure> {
  const error: unknown = await call.then(
    () => expect.fail('a token came'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DriverFailure)) throw error;
  return error;
}

function answerWith(status: number, body: string, headers: Record<string, string> = {}): void {
  emulator.faults.add({ kind: 'answer', when: 'before', operation: 'token', answer: { status, headers, body } });
}

describe('a token of IAM', () => {
  it('comes from X-Subject-Token with the expiry of the body, for one project', async () => {
    const { token, expiresAt } = await sourceOf().token();
    expect(token).toMatch(/^MII[\w-]{2045}$/);
    expect(Date.parse(String(expiresAt)) - emulator.clock.nowMs).toBeGreaterThan(24 * 3_600_000 - 5_000);
    const [entry] = emulator.journal.entries;
    expect(entry).toMatchObject({ operation: 'token', method: 'POST', target: '/v3/auth/tokens?nocatalog=true' });
    expect(entry?.mutating).toBe(false);
    expect(entry?.body).toBe('[concealed]');
    expect(entry?.headers['content-type']).toBe('application/json');
  });

  it('may be as long as 40 KB', async () => {
    emulator.knobs.tokenLength = 40_960;
    expect((await sourceOf().token()).token).toHaveLength(40_960);
  });

  it.each(['{}', '{"token":{}}', '{"token":{"expires_at":"soon"}}', '<html>', ''])(
    'without a readable expiry is kept until it is refused: %j',
    async (body) => {
      answerWith(201, body, { 'X-Subject-Token': 'MIItoken' });
      expect(await sourceOf().token()).toEqual({ token: 'MIItoken' });
    },
  );

  it('is missing in a 201 without the header', async () => {
    answerWith(201, '{"token":{"expires_at":"2030-01-01T00:00:00Z"}}', { 'X-Request-Id': 'r-1' });
    const { details, message } = await failed(sourceOf().token());
    expect(details).toMatchObject({ code: 'INTERNAL', effect: 'none', httpStatus: 201, requestId: 'r-1' });
    expect(message).toContain('X-Subject-Token');
  });

  it.each([
    [200, '{"token":{}}', 'INTERNAL', 'a body that is not IAM’s'],
    [302, '', 'INTERNAL', 'a body that is not IAM’s'],
    [
      400,
      '{"error":{"code":400,"message":"The request body is invalid"}}',
      'INVALID_ARGUMENT',
      'The request body is invalid',
    ],
    [
      403,
      '{"error_code":"IAM.0002","error_msg":"You are not authorized"}',
      'PERMISSION_DENIED',
      'You are not authorized',
    ],
    [404, '{"error":{"title":"Not Found"}}', 'NOT_FOUND', 'Not Found'],
    [429, '', 'RESOURCE_EXHAUSTED', 'a body that is not IAM’s'],
    [500, '<html>', 'INTERNAL', 'a body that is not IAM’s'],
    [503, '', 'UNAVAILABLE', 'a body that is not IAM’s'],
  ])('is refused with %i %s without an effect', async (status, body, code, why) => {
    answerWith(status, body);
    const { details, message } = await failed(sourceOf().token());
    expect(details).toMatchObject({ code, effect: 'none', httpStatus: status });
    expect(message).toBe(`no token from IAM: answered ${status} with ${why}`);
    expect(details.providerCode).toBe(status === 403 ? 'IAM.0002' : undefined);
  });

  it.each(['reset', 'close', 'truncate'] as const)('lost to a %s has no effect', async (kind) => {
    emulator.faults.add({ kind, when: 'after', operation: 'token' });
    const { details, message } = await failed(sourceOf().token());
    expect(details.effect).toBe('none');
    expect(message).toMatch(/^no token from IAM: /);
  });

  it('cannot be had of a server that is not there', async () => {
    const origin = emulator.endpoint;
    const source = sourceOf({ origin });
    await emulator.close();
    expect((await failed(source.token())).details).toMatchObject({ code: 'UNAVAILABLE', effect: 'none' });
    await emulator.start();
  });
});

describe('a wrong password', () => {
  it('is told in IAM’s words and not sent again for five minutes', async () => {
    const source = sourceOf({ password: 'Wrong-Passw0rd' });
    const first = await failed(source.token());
    expect(first.details).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', httpStatus: 401 });
    expect(first.message).toBe('no token from IAM: answered 401 with The username or password is wrong.');
    nowMs = 5 * 60_000 - 1;
    const second = await failed(source.token());
    expect(second.details).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none' });
    expect(second.message).toContain('not asked again so soon');
    expect(emulator.journal.entries).toHaveLength(1);
    nowMs += 1;
    await failed(source.token());
    expect(emulator.journal.entries).toHaveLength(2);
  });

  it('stands in no error of the source’s own', async () => {
    const password = 'Wrong-"Passw0rd';
    const { message, details } = await failed(sourceOf({ password }).token());
    expect(message + JSON.stringify(details)).not.toContain(password);
  });

  it('locks the emulated user after five, for a quarter of an hour', async () => {
    for (let count = 0; count < 5; count += 1) {
      const { message } = await failed(sourceOf({ password: 'Wrong-Passw0rd' }).token());
      expect(message).toContain('The username or password is wrong.');
    }
    expect((await failed(sourceOf().token())).message).toContain('The account is locked.');
    emulator.clock.advance(15 * 60_000);
    expect((await sourceOf().token()).token).toMatch(/^MII/);
  });

  it('is not what a foreign project gets', async () => {
    const { details } = await failed(sourceOf({ projectId: 'f'.repeat(32) }).token());
    expect(details).toMatchObject({ code: 'PERMISSION_DENIED', effect: 'none', httpStatus: 403 });
  });
});
