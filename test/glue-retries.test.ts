import { GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GlueEmulator } from '../providers/glue/emulator.js';
import { glueError } from '../providers/glue/emulator.js';
import type { Fault } from '../src/testing/index.js';
import { connected, eagerClient, emulated, environment, KINDS, settled } from './glue-connection.js';
import { rejected } from './rejected.js';

const HOUR_MS = 3_600_000;
/** Keeps this library's own layer from sending again. */
const muchLater = { 'Retry-After': '3600' };
const anHourOff = { Date: new Date(Date.now() - HOUR_MS).toUTCString() };

const answer = (type: string, status?: number, headers = {}): Pick<Fault, 'kind' | 'answer'> => {
  const error = glueError(type, 'because', status);
  return { kind: 'answer', answer: { ...error, headers: { ...error.headers, ...headers } } };
};

/** Everything that some retry layer of the SDK takes for a reason to send again. */
const REASONS = [
  ['a reset', { kind: 'reset' }],
  ['a closed connection', { kind: 'close' }],
  ['a truncated answer', { kind: 'truncate' }],
  ['500', answer('InternalServiceException')],
  ['502', { kind: 'answer', answer: { status: 502, body: '<html>' } }],
  ['503', answer('ServiceUnavailable', 503)],
  ['504', { kind: 'answer', answer: { status: 504, body: '' } }],
  ['429', answer('TooManyRequestsException', 429, muchLater)],
  ['ThrottlingException', answer('ThrottlingException', 400, muchLater)],
  ['RequestTimeTooSkewed and a clock an hour off', answer('RequestTimeTooSkewed', 403, anHourOff)],
  ['InvalidSignatureException and a clock an hour off', answer('InvalidSignatureException', 400, anHourOff)],
  ['ExpiredTokenException', answer('ExpiredTokenException', 400)],
] as const;

describe.each(['standard', 'adaptive'])('the SDK itself, with maxAttempts: 1 and AWS_RETRY_MODE=%s', (mode) => {
  it.each(REASONS)('sends once in spite of %s', async (_reason, fault) => {
    environment({ AWS_MAX_ATTEMPTS: '5', AWS_RETRY_MODE: mode });
    const emulator = await emulated();
    emulator.faults.add({ ...fault, when: 'after', times: 99 });
    const { endpoint, region, credentials, sample } = emulator;
    const client = new GlueClient({ endpoint, region, credentials, maxAttempts: 1 });
    onTestFinished(() => client.destroy());
    const { workflow: Name, execution: RunId, nodes } = sample;
    await expect(client.send(new ResumeWorkflowRunCommand({ Name, RunId, NodeIds: [...nodes] }))).rejects.toThrow();
    expect(emulator.journal.mutating).toHaveLength(1);
  });
});

async function twice<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch {
    return await send();
  }
}

/** One request, one new run, whatever the SDK would have made of it. */
async function oneRequest(emulator: GlueEmulator, call: () => Promise<unknown>): Promise<void> {
  const error = await rejected(call());
  expect(error.attempts).toBe(1);
  await settled();
  expect(emulator.journal.mutating).toHaveLength(1);
  expect(emulator.runs(emulator.sample.workflow)).toHaveLength(2);
}

describe.each(['standard', 'adaptive'])('with AWS_MAX_ATTEMPTS=5 and AWS_RETRY_MODE=%s', (mode) => {
  describe.each(KINDS)('over %s', (_kind, connect) => {
    it.each(REASONS)('%s is not a reason to send again', async (_reason, fault) => {
      environment({ AWS_MAX_ATTEMPTS: '5', AWS_RETRY_MODE: mode });
      const emulator = await emulated();
      emulator.faults.add({ ...fault, when: 'after', times: 99 });
      const workflow = connect(emulator);
      await oneRequest(emulator, () => workflow.resume(emulator.sample));
    });
  });
});

describe.each(KINDS)('over %s, a clock an hour off', (_kind, connect) => {
  it('costs one refusal without effect; the next call is signed with the server’s time', async () => {
    const emulator = await emulated();
    emulator.clock.advance(HOUR_MS);
    const workflow = connect(emulator);
    const error = await rejected(workflow.resume(emulator.sample));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 1 });
    expect(emulator.journal.entries).toHaveLength(1);
    expect(await workflow.resume(emulator.sample)).toMatchObject({ attempts: 1 });
    expect(emulator.journal.entries).toHaveLength(2);
  });
});

describe('a client that was handed in', () => {
  it('sends twice by itself: what is pinned here is worth pinning', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials, sample } = emulator;
    emulator.faults.add({ kind: 'reset', when: 'after', times: 2 });
    const client = eagerClient({ endpoint, region, credentials });
    const { workflow: Name, execution: RunId, nodes } = sample;
    await client.send(new ResumeWorkflowRunCommand({ Name, RunId, NodeIds: [...nodes] }));
    expect(emulator.journal.committed).toHaveLength(3);
  });

  it('has its strategy not even asked', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    emulator.faults.add({ kind: 'reset', when: 'after' });
    const asked: string[] = [];
    const note = (what: string) => () => {
      asked.push(what);
      return Promise.reject(new Error('not to be asked'));
    };
    const retryStrategy = {
      acquireInitialRetryToken: note('first'),
      refreshRetryTokenForRetry: note('again'),
      recordSuccess: () => {},
    };
    const client = eagerClient({ endpoint, region, credentials, retryStrategy });
    await oneRequest(emulator, () => connected({ client }).resume(emulator.sample));
    expect(asked).toEqual([]);
  });

  it.each(['standard', 'adaptive'])('with the SDK’s own %s mode sends once', async (retryMode) => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    emulator.faults.add({ kind: 'reset', when: 'after', times: 99 });
    const client = new GlueClient({ endpoint, region, credentials, retryMode, maxAttempts: 5 });
    onTestFinished(() => client.destroy());
    await oneRequest(emulator, () => connected({ client }).resume(emulator.sample));
  });

  it('with a strategy of the old kind sends once', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    emulator.faults.add({ kind: 'close', when: 'after', times: 99 });
    const retryStrategy = {
      retry: (next: (args: unknown) => Promise<unknown>, args: unknown) => twice(() => next(args)),
    };
    const client = eagerClient({ endpoint, region, credentials, retryStrategy: retryStrategy as never });
    await oneRequest(emulator, () => connected({ client }).resume(emulator.sample));
  });

  it.each(['initialize', 'finalizeRequest', 'deserialize'] as const)(
    'with a middleware of its own that retries at the step %s sends once',
    async (step) => {
      const emulator = await emulated();
      const { endpoint, region, credentials } = emulator;
      emulator.faults.add({ kind: 'reset', when: 'after', times: 99 });
      const client = eagerClient({ endpoint, region, credentials });
      // The SDK's types tell the steps apart; what is added here does the same at each.
      client.middlewareStack.add((next) => (args) => twice(() => next(args)), {
        step: step as 'initialize',
        priority: 'low',
      });
      const error = await rejected(connected({ client }).resume(emulator.sample));
      expect(error).toMatchObject({ effect: 'unknown', attempts: 1 });
      await settled();
      expect(emulator.journal.mutating).toHaveLength(1);
    },
  );
});
