import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../src/testing/index.js';
import { connected, eagerClient, emulated, KINDS, settled, until } from './glue-connection.js';
import { rejected } from './rejected.js';

const answer = (status: number, body = '', headers = {}): Pick<Fault, 'kind' | 'answer'> => ({
  kind: 'answer',
  answer: { status, body, headers },
});

describe.each(KINDS)('over %s, a resume that is committed before its answer', (_kind, connect) => {
  it.each([
    ['is reset', { kind: 'reset' }, 'UNAVAILABLE'],
    ['is closed', { kind: 'close' }, 'UNAVAILABLE'],
    ['is cut off', { kind: 'truncate' }, 'INTERNAL'],
    ['is garbled', { kind: 'garbage' }, 'INTERNAL'],
    ['hangs', { kind: 'hang' }, 'DEADLINE_EXCEEDED'],
    ['stalls', { kind: 'stall' }, 'DEADLINE_EXCEEDED'],
    ['becomes a bare 500', answer(500), 'INTERNAL'],
    ['becomes an InternalServiceException', answer(500, '{"__type":"InternalServiceException"}'), 'INTERNAL'],
    ['becomes a proxy’s 502', answer(502, '<html>bad gateway'), 'UNAVAILABLE'],
    ['becomes a 503', answer(503, '{"__type":"ServiceUnavailable"}'), 'UNAVAILABLE'],
    ['becomes a proxy’s 504', answer(504, '<html>'), 'DEADLINE_EXCEEDED'],
    ['becomes a redirect', answer(307, '', { Location: 'http://127.0.0.1:9/' }), 'INTERNAL'],
    ['becomes a 302', answer(302, '', { Location: '/' }), 'INTERNAL'],
    ['becomes a 408', answer(408), 'DEADLINE_EXCEEDED'],
    ['becomes a 202', answer(202, '{"RunId":"wr_2"}'), 'INTERNAL'],
    ['becomes a 204', answer(204), 'INTERNAL'],
    ['becomes an empty 200', answer(200), 'INTERNAL'],
    ['becomes {}', answer(200, '{}'), 'INTERNAL'],
    ['becomes null', answer(200, 'null'), 'INTERNAL'],
    ['has an empty RunId', answer(200, '{"RunId":""}'), 'INTERNAL'],
    ['has a number for RunId', answer(200, '{"RunId":5,"NodeIds":["a"]}'), 'INTERNAL'],
    ['has a RunId that Glue could not give', answer(200, '{"RunId":"wr\\n2"}'), 'INTERNAL'],
    ['is larger than 1 MiB', answer(200, `{"RunId":"wr_2"${' '.repeat(1024 * 1024)}}`), 'INTERNAL'],
  ] as const)('%s: one request, effect unknown, in time', { retry: 2 }, async (_what, fault, code) => {
    const emulator = await emulated();
    const workflow = connect(emulator);
    // So that the time of the fault is measured, not that of loading the SDK.
    await rejected(workflow.resume({ workflow: 'none', execution: 'none' }));
    emulator.journal.clear();
    emulator.faults.add({ ...fault, when: 'after', times: 99 });
    const startedMs = performance.now();
    const error = await rejected(workflow.resume(emulator.sample, { timeoutMs: 300, readBack: 'off' }));
    expect(performance.now() - startedMs).toBeLessThan(350);
    expect(error).toMatchObject({ code, effect: 'unknown', attempts: 1 });
    await settled();
    expect(emulator.journal.mutating).toHaveLength(1);
    expect(emulator.journal.committed).toHaveLength(1);
    expect(emulator.runs(emulator.sample.workflow)).toHaveLength(2);
  });

  it('is reset on a kept-alive connection: it is not sent again', async () => {
    const emulator = await emulated();
    const workflow = connect(emulator);
    await workflow.resume(emulator.sample);
    emulator.faults.add({ kind: 'reset', when: 'after', times: 99 });
    expect(await rejected(workflow.resume(emulator.sample))).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown' });
    await settled();
    expect(emulator.journal.mutating).toHaveLength(2);
  });

  it('is aborted by the caller: unknown at once', { retry: 2 }, async () => {
    const emulator = await emulated();
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const stop = new AbortController();
    const call = rejected(connect(emulator).resume(emulator.sample, { signal: stop.signal }));
    await until(() => emulator.journal.mutating.length === 1);
    const abortedMs = performance.now();
    stop.abort();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'unknown', attempts: 1 });
    expect(performance.now() - abortedMs).toBeLessThan(50);
  });
});

describe('the answer to a resume', () => {
  it('that is the provider’s body but another status than 200 keeps what is known of it', async () => {
    const emulator = await emulated();
    emulator.faults.add({ ...answer(202, '{}', { 'x-amzn-RequestId': 'req-202' }), when: 'after' });
    const { endpoint, region, credentials, sample } = emulator;
    const error = await rejected(connected({ endpoint, region, credentials }).resume(sample));
    expect(error).toMatchObject({ httpStatus: 202, requestId: 'req-202' });
  });

  it('that names the old run as the new one is not believed', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials, sample } = emulator;
    emulator.faults.add({ ...answer(200, JSON.stringify({ RunId: sample.execution })), when: 'after' });
    const error = await rejected(connected({ endpoint, region, credentials }).resume(sample));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', httpStatus: 200 });
    expect(error.message).toContain('names the run that was to be resumed');
  });
});

describe('over the library’s own client, a request that never left', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
  const target = { workflow: 'wf', execution: 'wr_1', nodes: ['wnode_1'] };
  const none = { code: 'UNAVAILABLE', effect: 'none', attempts: 0 };

  it('because the connection was refused has no effect', async () => {
    const emulator = await emulated();
    const { endpoint, region } = emulator;
    await emulator.close();
    const error = await rejected(connected({ endpoint, region, credentials }).resume(target));
    expect(error).toMatchObject(none);
    expect(error.message).toContain('ECONNREFUSED');
    await emulator.start();
  });

  it('because the host does not exist has no effect', async () => {
    const options = { endpoint: 'http://nonexistent.invalid', allowInsecureEndpoint: true, region: 'eu-west-1' };
    expect(await rejected(connected({ ...options, credentials }).resume(target))).toMatchObject(none);
  });

  it('because the TLS handshake failed has no effect', async () => {
    const emulator = await emulated();
    const endpoint = emulator.endpoint.replace('http:', 'https:');
    const error = await rejected(connected({ endpoint, region: 'eu-west-1', credentials }).resume(target));
    expect(error).toMatchObject(none);
    expect(emulator.journal.entries).toHaveLength(0);
  });

  it('because the TLS handshake hung until the deadline has no effect', async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials });
    const error = await rejected(workflow.resume(target, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none', attempts: 0 });
    await workflow.close();
  });

  it('because the caller had given up before has no effect', async () => {
    const emulator = await emulated();
    const { endpoint, region } = emulator;
    const workflow = connected({ endpoint, region, credentials });
    const error = await rejected(workflow.resume(target, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    await settled();
    expect(emulator.connections).toBe(0);
  });

  it('because the connection was closed has no effect, and calls under way end', async () => {
    const emulator = await emulated();
    const { endpoint, region } = emulator;
    emulator.faults.add({ kind: 'hang', when: 'after' });
    const workflow = connected({ endpoint, region, credentials: emulator.credentials });
    const call = rejected(workflow.resume(emulator.sample));
    await until(() => emulator.journal.mutating.length === 1);
    await workflow.close();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'unknown' });
    expect(await rejected(workflow.resume(target))).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
  });
});

describe('over a client that was handed in, nobody knows whether a request left', () => {
  it('so that a refused connection is unknown', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    await emulator.close();
    const workflow = connected({ client: eagerClient({ endpoint, region, credentials }) });
    const error = await rejected(workflow.resume(emulator.sample));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown', attempts: 1 });
    expect(error.message).toContain('ECONNREFUSED');
    await emulator.start();
  });

  it('but its connection is let go of with the deadline', async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket.resume()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
    const workflow = connected({ client: eagerClient({ endpoint, region: 'eu-west-1', credentials }) });
    const target = { workflow: 'wf', execution: 'wr_1', nodes: ['wnode_1'] };
    const error = await rejected(workflow.resume(target, { timeoutMs: 150 }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'unknown', attempts: 1 });
    await until(() => sockets[0]?.destroyed === true);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('but one that had been given up before is none', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials } = emulator;
    const workflow = connected({ client: eagerClient({ endpoint, region, credentials }) });
    const error = await rejected(workflow.resume(emulator.sample, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    await settled();
    expect(emulator.connections).toBe(0);
  });
});
