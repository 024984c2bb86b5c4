import { describe, expect, it } from 'vitest';
import type { GlueEmulator } from '../providers/glue/emulator.js';
import { connected, emulated, KINDS } from './glue-connection.js';
import { rejected } from './rejected.js';

/** The whole table, written down a second time: status, type, code, effect. */
const TABLE = [
  [400, 'ConcurrentRunsExceededException', 'RESOURCE_EXHAUSTED', 'none'],
  [400, 'EntityNotFoundException', 'NOT_FOUND', 'none'],
  [400, 'IllegalWorkflowStateException', 'FAILED_PRECONDITION', 'none'],
  [400, 'InvalidInputException', 'INVALID_ARGUMENT', 'none'],
  [500, 'InternalServiceException', 'INTERNAL', 'unknown'],
  [400, 'OperationTimeoutException', 'DEADLINE_EXCEEDED', 'unknown'],
  [400, 'ThrottlingException', 'RESOURCE_EXHAUSTED', 'none'],
  [400, 'AccessDeniedException', 'PERMISSION_DENIED', 'none'],
  [403, 'AccessDeniedException', 'PERMISSION_DENIED', 'none'],
  [400, 'NotAuthorized', 'PERMISSION_DENIED', 'none'],
  [401, 'NotAuthorized', 'PERMISSION_DENIED', 'none'],
  [400, 'OptInRequired', 'PERMISSION_DENIED', 'none'],
  [403, 'OptInRequired', 'PERMISSION_DENIED', 'none'],
  [400, 'ValidationException', 'INVALID_ARGUMENT', 'none'],
  [400, 'ValidationError', 'INVALID_ARGUMENT', 'none'],
  [400, 'SerializationException', 'INVALID_ARGUMENT', 'none'],
  [400, 'MalformedHttpRequestException', 'INVALID_ARGUMENT', 'none'],
  [413, 'RequestEntityTooLargeException', 'INVALID_ARGUMENT', 'none'],
  [400, 'UnknownOperationException', 'UNIMPLEMENTED', 'none'],
  [404, 'UnknownOperationException', 'UNIMPLEMENTED', 'none'],
  ...[
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'IncompleteSignature',
    'IncompleteSignatureException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidClientTokenId',
    'RequestExpired',
    'RequestTimeTooSkewed',
  ].flatMap((type) => [400, 403].map((status) => [status, type, 'UNAUTHENTICATED', 'none'] as const)),
  [400, 'RequestAbortedException', 'UNAVAILABLE', 'unknown'],
  [408, 'RequestTimeoutException', 'DEADLINE_EXCEEDED', 'unknown'],
  [500, 'InternalFailure', 'INTERNAL', 'unknown'],
  [503, 'ServiceUnavailable', 'UNAVAILABLE', 'unknown'],
] as const;

async function answered(
  connect: (emulator: GlueEmulator) => ReturnType<typeof connected>,
  status: number,
  body: string,
  headers: Record<string, string> = {},
) {
  const emulator = await emulated();
  emulator.faults.add({
    kind: 'answer',
    when: 'before',
    times: 9,
    // Asks to wait for longer than any call lasts, so that nothing is sent again.
    answer: { status, body, headers: { 'x-amzn-RequestId': 'req-1', 'Retry-After': '3600', ...headers } },
  });
  const error = await rejected(connect(emulator).resume(emulator.sample));
  expect(emulator.journal.entries).toHaveLength(1);
  expect(error).toMatchObject({ httpStatus: status, requestId: 'req-1', attempts: 1 });
  return error;
}

const own = KINDS[0][1];

describe.each(KINDS)('over %s', (_kind, connect) => {
  it.each(TABLE)('%i %s is %s, effect %s, after one request', async (status, type, code, effect) => {
    const error = await answered(connect, status, JSON.stringify({ __type: type, Message: 'because' }));
    expect(error).toMatchObject({ code, effect, providerCode: type });
    expect(error.message).toContain(`answered ${status} ${type}: because`);
  });
});

describe('the table', () => {
  it('is tested row by row', async () => {
    const { glueErrors } = await import('../providers/glue/errors.js');
    expect([...glueErrors.values()].map(({ status, providerCode }) => `${status} ${providerCode}`).sort()).toEqual(
      TABLE.map(([status, type]) => `${status} ${type}`).sort(),
    );
  });

  it('never sends again by itself what was refused for too many runs', async () => {
    const { glueErrors } = await import('../providers/glue/errors.js');
    expect([...glueErrors.values()].filter(({ final }) => final).map(({ providerCode }) => providerCode)).toEqual([
      'ConcurrentRunsExceededException',
    ]);
  });

  it('promises nothing about a 5xx', async () => {
    const { glueErrors } = await import('../providers/glue/errors.js');
    const server = [...glueErrors.values()].filter(({ status }) => status >= 500);
    expect(server.filter(({ effect }) => effect !== 'unknown')).toEqual([]);
  });
});

describe('the type of an error', () => {
  it.each([
    ['in the body with a namespace', { __type: 'com.amazonaws.glue#EntityNotFoundException', message: 'why' }, {}],
    ['in the header', { message: 'why' }, { 'x-amzn-ErrorType': 'EntityNotFoundException' }],
    [
      'in the header, with an address',
      { Message: 'why' },
      { 'x-amzn-ErrorType': 'EntityNotFoundException:http://internal.amazon.com/coral/' },
    ],
    [
      'in the header, with a namespace and an address',
      { Message: 'why' },
      { 'x-amzn-ErrorType': 'com.amazonaws.glue#EntityNotFoundException:http://internal' },
    ],
  ])('is found %s', async (_where, body, headers) => {
    const error = await answered(own, 400, JSON.stringify(body), headers as Record<string, string>);
    expect(error).toMatchObject({ code: 'NOT_FOUND', effect: 'none', providerCode: 'EntityNotFoundException' });
    expect(error.message).toContain('EntityNotFoundException: why');
  });

  it('that is a row at another status proves nothing', async () => {
    const error = await answered(own, 404, '{"__type":"EntityNotFoundException"}');
    expect(error).toMatchObject({ code: 'NOT_FOUND', effect: 'unknown', providerCode: 'EntityNotFoundException' });
  });

  it('that nobody knows proves nothing', async () => {
    const error = await answered(own, 400, '{"__type":"BrandNewException","message":"hm"}');
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'unknown', providerCode: 'BrandNewException' });
  });

  it('with a 429 is a throttle, whatever it is called', async () => {
    const error = await answered(own, 429, '{"__type":"TooManyRequestsException"}', { 'Retry-After': '7200' });
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 7_200_000 });
  });

  it.each([
    [400, ''],
    [400, '<html><title>400</title></html>'],
    [400, '{"code":"ThrottlingException","message":"of somebody else"}'],
    [400, '{"__type":5}'],
    [400, '{"__type":"<script>"}'],
    [401, '{}'],
    [403, '<Error><Code>AccessDenied</Code></Error>'],
    [404, 'not found'],
    [429, ''],
    [429, '{"error":"slow down"}'],
  ])('missing from a %i with the body %j proves nothing: it may be a proxy’s', async (status, body) => {
    for (const [, connect] of KINDS) {
      const error = await answered(connect, status, body);
      expect(error).toMatchObject({ effect: 'unknown', providerCode: undefined });
      expect(error.message).toContain('with a body that is not the provider’s');
    }
  });
});

describe('what the emulator refuses by the documented rules', () => {
  it('a run that is not COMPLETED', async () => {
    const emulator = await emulated();
    const { workflow, nodes } = emulator.sample;
    const execution = emulator.startRun(workflow);
    const error = await rejected(own(emulator).resume({ workflow, execution, nodes }));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 1 });
  });

  it.each(['EntityNotFoundException', 'InvalidInputException'] as const)('an unknown node, with %s', async (type) => {
    const emulator = await emulated({ knobs: { unknownNode: type } });
    const { workflow, execution } = emulator.sample;
    const error = await rejected(own(emulator).resume({ workflow, execution, nodes: ['wnode_x'] }));
    expect(error).toMatchObject({ effect: 'none', providerCode: type, attempts: 1 });
  });

  it('too many runs at once, or accepts a run that Glue ends at once', async () => {
    for (const [concurrency, expected] of [
      ['refused', { code: 'RESOURCE_EXHAUSTED', effect: 'none', providerCode: 'ConcurrentRunsExceededException' }],
      ['error-run', { execution: expect.stringMatching(/^wr_/) as unknown }],
    ] as const) {
      const emulator = await emulated({ knobs: { concurrency } });
      emulator.define({ name: 'one', nodes: ['a'], triggers: [{ name: 't', start: ['a'] }], maxConcurrentRuns: 1 });
      emulator.script('one', 'a', ['FAILED', { durationMs: 60_000 }]);
      const execution = emulator.startRun('one');
      emulator.settle();
      const workflow = own(emulator);
      await workflow.resume({ workflow: 'one', execution });
      const outcome = await workflow.resume({ workflow: 'one', execution }).catch((error: unknown) => error);
      expect(outcome).toMatchObject(expected);
    }
  });

  it('a signature with the wrong key', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    const wrong = { ...credentials, secretAccessKey: 'another-secret' };
    const error = await rejected(connected({ endpoint, region, credentials: wrong }).resume(emulator.sample));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', providerCode: 'InvalidSignatureException' });
    expect(emulator.journal.entries).toHaveLength(1);
  });
});
