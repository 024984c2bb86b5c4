import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../src/testing/index.js';
import { AomBench, RESTART, settle } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

const answer = (status: number, body = '', headers: Record<string, string> = {}): Pick<Fault, 'kind' | 'answer'> => {
  return { kind: 'answer', answer: { status, headers, body } };
};

describe('an operation that is committed before its answer is lost', () => {
  it.each([
    ['reset', { kind: 'reset' }, 'UNAVAILABLE'],
    ['closed', { kind: 'close' }, 'UNAVAILABLE'],
    ['cut off', { kind: 'truncate' }, 'INTERNAL'],
    ['garbled', { kind: 'garbage' }, 'INTERNAL'],
    ['204', answer(204), 'INTERNAL'],
    ['302', answer(302, '', { Location: '/elsewhere' }), 'INTERNAL'],
    ['307', answer(307, '', { Location: '/elsewhere' }), 'INTERNAL'],
    ['408', answer(408), 'DEADLINE_EXCEEDED'],
    ['500', answer(500), 'INTERNAL'],
    ['500 of its own', answer(500, '{"error_code":"AOM.31001405","error_msg":"internal"}'), 'INTERNAL'],
    ['502', answer(502, '<html>'), 'UNAVAILABLE'],
    ['503', answer(503), 'UNAVAILABLE'],
    ['504', answer(504, '<html>'), 'DEADLINE_EXCEEDED'],
    ['hanging', { kind: 'hang' }, 'DEADLINE_EXCEEDED'],
    ['stalling', { kind: 'stall' }, 'DEADLINE_EXCEEDED'],
  ] as const)('answer %s: one request, effect unknown, in time', { retry: 2 }, async (_what, fault, code) => {
    bench.emulator.faults.add({ ...fault, when: 'after', times: 99 });
    const workflow = bench.connect();
    const startedMs = performance.now();
    const error = await rejected(workflow.resume(RESTART, { timeoutMs: 300, readBack: 'off' }));
    expect(performance.now() - startedMs).toBeLessThan(350);
    expect(error).toMatchObject({ code, effect: 'unknown', attempts: 1 });
    await settle();
    expect(bench.emulator.journal.entries).toHaveLength(1);
    expect(bench.emulator.journal.mutating).toHaveLength(1);
    expect(bench.emulator.journal.committed).toHaveLength(1);
  });

  it('is not resent on a kept-alive connection that the server closes under it', async () => {
    const workflow = bench.connect();
    await workflow.resume(RESTART);
    bench.emulator.knobs.doubleSubmit = 'accept';
    bench.emulator.faults.add({ kind: 'reset', when: 'after', times: 99 });
    expect(await rejected(workflow.resume(RESTART))).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown' });
    await settle();
    expect(bench.emulator.journal.mutating).toHaveLength(2);
  });

  it('is not sent again with a token either, whatever the answer was', async () => {
    const credentials = { ...bench.password };
    bench.emulator.faults.add({ ...answer(502, '<html>'), when: 'after', times: 99 });
    expect(await rejected(bench.connect({ credentials }).resume(RESTART))).toMatchObject({ effect: 'unknown' });
    await settle();
    expect(bench.emulator.journal.mutating).toHaveLength(1);
  });
});

describe('an operation that never left', () => {
  it('on a refused connection', async () => {
    const { endpoint } = bench.emulator;
    await bench.emulator.close();
    const error = await rejected(bench.connect({ endpoint }).resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(error.message).toContain('ECONNREFUSED');
    await bench.emulator.start();
  });

  it('on a host that does not exist', async () => {
    const error = await rejected(bench.connect({ endpoint: 'https://does-not-exist.invalid' }).resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
  });

  it('on a failed TLS handshake', async () => {
    const endpoint = bench.emulator.endpoint.replace('http:', 'https:');
    const error = await rejected(bench.connect({ endpoint }).resume(RESTART));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(bench.emulator.journal.entries).toHaveLength(0);
  });

  it('on a TLS handshake that hangs until the deadline', { retry: 2 }, async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const workflow = bench.connect({ endpoint });
    const startedMs = performance.now();
    const error = await rejected(workflow.resume(RESTART, { timeoutMs: 100 }));
    expect(performance.now() - startedMs).toBeLessThan(150);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none', attempts: 0 });
    await workflow.close();
    silent.close();
  });

  it('because the caller had given up before', async () => {
    const error = await rejected(bench.connect().resume(RESTART, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 0 });
    await settle();
    expect(bench.emulator.connections).toBe(0);
  });
});
