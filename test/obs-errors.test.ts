import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { obsErrorTable } from '../providers/obs/errors.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { rejected } from './rejected.js';
import { withoutReadBack } from './without-read-back.js';

let emulator: ObsEmulator;
let workflow: ResumableWorkflow<'resume'>;
const target = { workflow: 'graph_1', execution: 'exec-001' };

beforeAll(async () => {
  emulator = await new ObsEmulator().start();
});
afterAll(() => emulator.close());
afterEach(() => workflow.close());
beforeEach(() => {
  // A new one each time: an unsettled intent stands in the way of the next resume.
  const { endpoint, credentials } = emulator;
  workflow = withoutReadBack(createObsWorkflow({ name: 'obs-north', endpoint, credentials }));
  emulator.journal.clear();
  emulator.faults.clear();
});

/** Asks to wait for longer than any call lasts, so that nothing is sent again. */
function answerOnce(status: number, body: string, headers: Record<string, string> = { 'Retry-After': '3600' }): void {
  emulator.faults.add({ kind: 'answer', when: 'before', answer: { status, body, headers } });
}

const bodies = [
  [
    'XML',
    (code: string) => `<Error><Code>${code}</Code><Message>said &lt;so&gt;</Message><RequestId>r-1</RequestId></Error>`,
  ],
  ['JSON', (code: string) => JSON.stringify({ code, message: 'said <so>', request_id: 'r-1' })],
  ['the other JSON', (code: string) => JSON.stringify({ error_code: code, error_msg: 'said <so>', request_id: 'r-1' })],
] as const;

describe.each(bodies)('errors of OBS in %s', (_style, bodyOf) => {
  it.each([...obsErrorTable('unknown').values()])('$status $providerCode is $code, effect $effect', async (row) => {
    answerOnce(row.status, bodyOf(row.providerCode));
    const error = await rejected(workflow.resume(target, { readBack: 'off' }));
    expect(error).toMatchObject({
      code: row.code,
      effect: row.effect,
      provider: 'obs',
      connection: 'obs-north',
      httpStatus: row.status,
      providerCode: row.providerCode,
      requestId: 'r-1',
      attempts: 1,
    });
    expect(error.message).toContain(`${row.providerCode}: said <so>`);
    expect(emulator.journal.mutating).toHaveLength(1);
  });
});

describe('answers that prove nothing', () => {
  const html = '<html><body>Bad Gateway</body></html>';
  it.each([
    [300, 'INTERNAL', ''],
    [301, 'INTERNAL', ''],
    [302, 'INTERNAL', html],
    [307, 'INTERNAL', ''],
    [400, 'INVALID_ARGUMENT', html],
    [400, 'INVALID_ARGUMENT', ''],
    [400, 'INVALID_ARGUMENT', '<Error><Code>NeverHeardOf</Code></Error>'],
    [401, 'UNAUTHENTICATED', ''],
    [403, 'PERMISSION_DENIED', html],
    [403, 'PERMISSION_DENIED', '{"message":"Forbidden"}'],
    [404, 'NOT_FOUND', html],
    [404, 'NOT_FOUND', '{"code":404,"message":"no route"}'],
    [407, 'UNAVAILABLE', ''],
    [408, 'DEADLINE_EXCEEDED', ''],
    [409, 'ABORTED', ''],
    [418, 'FAILED_PRECONDITION', ''],
    [425, 'UNAVAILABLE', ''],
    [429, 'RESOURCE_EXHAUSTED', html],
    [429, 'RESOURCE_EXHAUSTED', '{"message":"slow down"}'],
    [500, 'INTERNAL', html],
    [500, 'INTERNAL', '<Error><Code>NoSuchKey</Code></Error>'],
    [502, 'UNAVAILABLE', html],
    [503, 'UNAVAILABLE', ''],
    [504, 'DEADLINE_EXCEEDED', html],
    [599, 'INTERNAL', ''],
  ])('%i is %s with an unknown effect (body %j)', async (status, code, body) => {
    answerOnce(status, body, status < 400 ? { Location: `${emulator.endpoint}/elsewhere` } : {});
    const error = await rejected(workflow.resume(target, { readBack: 'off' }));
    expect(error).toMatchObject({ code, effect: 'unknown', httpStatus: status, attempts: 1 });
    expect(error.message).toContain('unknown');
    expect(emulator.journal.entries).toHaveLength(1);
  });

  it.each([
    ['201', 201, '{"execution_name":"exec-001"}'],
    ['202', 202, '{"execution_name":"exec-001"}'],
    ['204', 204, ''],
    ['200 without a body', 200, ''],
    ['200 with {}', 200, '{}'],
    ['200 with null', 200, 'null'],
    ['200 with a list', 200, '["exec-001"]'],
    ['200 with half a JSON', 200, '{"execution_name":"exec-0'],
    ['200 with a page', 200, html],
    ['200 with another execution', 200, '{"execution_name":"exec-002"}'],
    ['200 with a number for the name', 200, '{"execution_name":1}'],
    ['200 with an error inside', 200, '{"error_code":"SYS.0006","error_msg":"no"}'],
  ])('%s is INTERNAL with an unknown effect', async (_what, status, body) => {
    answerOnce(status, body);
    const error = await rejected(workflow.resume(target, { readBack: 'off' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', httpStatus: status, attempts: 1 });
    expect(emulator.journal.mutating).toHaveLength(1);
  });
});

describe('throttling', () => {
  it.each(['{"code":"rate_limit_exceeded"}', '{"error_code":429}', '{"error_code":"E.1","error_msg":"slow down"}'])(
    '429 with JSON that is somebody else’s proves nothing: %s',
    async (body) => {
      answerOnce(429, body);
      expect(await rejected(workflow.resume(target, { readBack: 'off' }))).toMatchObject({ effect: 'unknown' });
    },
  );

  it('429 with the service’s own body has no effect and carries Retry-After, whatever its code', async () => {
    answerOnce(429, '<Error><Code>TooMany</Code></Error>', { 'Retry-After': '7' });
    const error = await rejected(workflow.resume(target, { readBack: 'off', timeoutMs: 5_000 }));
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 7000 });
  });

  it('503 SlowDown has no effect only where the connection is told so', async () => {
    const told = createObsWorkflow({
      name: 'told',
      endpoint: emulator.endpoint,
      credentials: emulator.credentials,
      slowDown: 'none',
    });
    answerOnce(503, '<Error><Code>SlowDown</Code></Error>');
    expect(await rejected(told.resume(target, { readBack: 'off' }))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      effect: 'none',
    });
    answerOnce(503, '<Error><Code>SlowDown</Code></Error>');
    expect(await rejected(workflow.resume(target, { readBack: 'off' }))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      effect: 'unknown',
    });
    await told.close();
  });
});

describe('secrets', () => {
  it('that the service echoes show in no error', async () => {
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    answerOnce(
      403,
      `<Error><Code>SignatureDoesNotMatch</Code><Message>${accessKeyId} ${secretAccessKey}</Message></Error>`,
    );
    const error = await rejected(workflow.resume(target, { readBack: 'off' }));
    expect(error.message).toContain('[concealed] [concealed]');
    expect(JSON.stringify(error) + error.stack).not.toContain(secretAccessKey);
  });
});
