import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import type { ObsOptions } from '../providers/obs/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { Fault } from '../src/testing/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { rejected } from './rejected.js';
import { withoutReadBack } from './without-read-back.js';

let emulator: ObsEmulator;
const opened: ResumableWorkflow<'resume'>[] = [];
const target = { workflow: 'graph_1', execution: 'exec-001' };

beforeEach(async () => {
  emulator = await new ObsEmulator().start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((workflow) => workflow.close()));
  await emulator.close();
});

function connect(options: Partial<ObsOptions> = {}): ResumableWorkflow<'resume'> {
  const { endpoint, credentials } = emulator;
  const workflow = withoutReadBack(createObsWorkflow({ name: 'obs-north', endpoint, credentials, ...options }));
  opened.push(workflow);
  return workflow;
}

const answer = (status: number, body = ''): Pick<Fault, 'kind' | 'answer'> => ({
  kind: 'answer',
  answer: { status, body },
});

describe('a restore that is committed before its answer is lost', () => {
  it.each([
    ['reset', { kind: 'reset' }, 'UNAVAILABLE'],
    ['closed', { kind: 'close' }, 'UNAVAILABLE'],
    ['cut off', { kind: 'truncate' }, 'INTERNAL'],
    ['garbled', { kind: 'garbage' }, 'INTERNAL'],
    ['500', answer(500), 'INTERNAL'],
    ['502', answer(502, '<html>'), 'UNAVAILABLE'],
    ['503', answer(503), 'UNAVAILABLE'],
    ['504', answer(504, '<html>'), 'DEADLINE_EXCEEDED'],
    ['hanging', { kind: 'hang' }, 'DEADLINE_EXCEEDED'],
    ['stalling', { kind: 'stall' }, 'DEADLINE_EXCEEDED'],
  ] as const)('answer %s: one request, effect unknown, in time', { retry: 2 }, async (_what, fault, code) => {
    emulator.faults.add({ ...fault, when: 'after', times: 99 });
    const startedMs = performance.now();
    const error = await rejected(connect().resume(target, { timeoutMs: 300, readBack: 'off' }));
    expect(performance.now() - startedMs).toBeLessThan(350);
    expect(error).toMatchObject({ code, effect: 'unknown', attempts: 1 });
    await settle();
    expect(emulator.journal.mutating).toHaveLength(1);
    expect(emulator.journal.committed).toHaveLength(1);
  });

  it('is not resent on a kept-alive connection that the server closes under it', async () => {
    const workflow = connect();
    await workflow.resume(target);
    emulator.faults.add({ kind: 'reset', when: 'after', times: 99 });
    emulator.define({ ...target, steps: [{ name: 'a' }] });
    const error = await rejected(workflow.resume(target, { readBack: 'off' }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown' });
    await settle();
    expect(emulator.journal.mutating).toHaveLength(2);
  });

  it('with an answer over 1 MiB is unknown', async () => {
    emulator.faults.add({ ...answer(200, ' '.repeat(1024 * 1024 + 1)), when: 'after' });
    const error = await rejected(connect().resume(target, { readBack: 'off' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', httpStatus: 200 });
    expect(error.message).toContain('larger than 1048576 bytes');
  });
});

describe('a request that never left', () => {
  it('on a refused connection', async () => {
    const { endpoint } = emulator;
    await emulator.close();
    const error = await rejected(connect({ endpoint }).resume(target));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(error.message).toContain('ECONNREFUSED');
    await emulator.start();
  });

  it('on a host that does not exist', async () => {
    const error = await rejected(connect({ endpoint: 'https://does-not-exist.invalid' }).resume(target));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
  });

  it('on a failed TLS handshake', async () => {
    const error = await rejected(connect({ endpoint: emulator.endpoint.replace('http:', 'https:') }).resume(target));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(emulator.journal.entries).toHaveLength(0);
  });

  it('on a TLS handshake that hangs until the deadline', { retry: 2 }, async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const startedMs = performance.now();
    const workflow = connect({ endpoint });
    const error = await rejected(workflow.resume(target, { timeoutMs: 100 }));
    expect(performance.now() - startedMs).toBeLessThan(150);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none', attempts: 0 });
    await workflow.close();
    silent.close();
  });

  it('because the caller had given up before', async () => {
    const error = await rejected(connect().resume(target, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    await settle();
    expect(emulator.connections).toBe(0);
  });

  it('because it waited for a free connection until its deadline', async () => {
    emulator.faults.add({ kind: 'hang', when: 'before', times: 32 });
    const workflow = connect();
    const busy = Array.from({ length: 32 }, (_one, number) => {
      const other = { ...target, execution: `exec-busy-${number}` };
      return workflow.resume(other, { timeoutMs: 500, readBack: 'off' }).catch(() => undefined);
    });
    const error = await rejected(workflow.resume(target, { timeoutMs: 150, readBack: 'off' }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none', attempts: 0 });
    await Promise.all(busy);
    await settle();
    expect(emulator.journal.mutating).toHaveLength(32);
  });
});

describe('credentials that arrive too late', () => {
  it.each([
    ['the deadline', { timeoutMs: 60 }, 'DEADLINE_EXCEEDED'],
    ['an abort', { signal: undefined }, 'CANCELLED'],
  ] as const)('after %s: nothing is sent', async (_what, options, code) => {
    const stop = new AbortController();
    let supply = (): void => {};
    const credentials = () =>
      new Promise<typeof emulator.credentials>((resolve) => {
        supply = () => resolve(emulator.credentials);
      });
    const call = connect({ credentials }).resume(target, 'timeoutMs' in options ? options : { signal: stop.signal });
    if (!('timeoutMs' in options)) setTimeout(() => stop.abort(), 30);
    const error = await rejected(call);
    expect(error).toMatchObject({ code, effect: 'none', attempts: 0 });
    supply();
    await settle();
    expect(emulator.connections).toBe(0);
  });
});

describe('an abort', () => {
  it('after the request was sent leaves an unknown effect at once', { retry: 2 }, async () => {
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const stop = new AbortController();
    const call = rejected(connect().resume(target, { signal: stop.signal }));
    await until(() => emulator.journal.mutating.length === 1);
    const abortedMs = performance.now();
    stop.abort();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'unknown', attempts: 1 });
    expect(performance.now() - abortedMs).toBeLessThan(50);
  });

  it('by AbortSignal.timeout counts as a deadline', async () => {
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const error = await rejected(connect().resume(target, { signal: AbortSignal.timeout(80) }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'unknown' });
  });

  it('by close() ends calls under way, and nothing can be sent afterwards', async () => {
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const workflow = connect();
    const call = rejected(workflow.resume(target));
    await until(() => emulator.journal.mutating.length === 1);
    await workflow.close();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'unknown' });
    expect(await rejected(workflow.resume(target))).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    expect(emulator.journal.mutating).toHaveLength(1);
  });
});

/** Long enough for a resend to show, had there been one. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
