import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import { TrackedConnector } from '../src/http/connector.js';
import { headerOf } from '../src/http/header.js';
import type { HttpAnswer } from '../src/http/message.js';
import { HttpTransport } from '../src/http/transport.js';
import { attemptOf } from './driver-attempt.js';

const WHOLE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwork';
const TRUNCATED = 'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nwork';

let answer = WHOLE;
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end(answer));
});
let transport: HttpTransport;
let request: { origin: string; method: string; path: string; headers: Record<string, string> };

beforeEach(async () => {
  answer = WHOLE;
  transport = new HttpTransport();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  request = { origin: `http://127.0.0.1:${port}`, method: 'PUT', path: '/', headers: {} };
});
afterEach(async () => {
  await transport.close();
  await new Promise((resolve) => server.close(resolve));
});

const textOf = ({ body }: HttpAnswer): string => body.toString('utf8');

describe('what a transport answers with', () => {
  it('is the answer as it came', async () => {
    const { status, body } = await transport.send(request, attemptOf());
    expect({ status, text: body.toString('utf8') }).toEqual({ status: 200, text: 'work' });
  });

  it('can be copied', async () => {
    answer = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Request-Id: one\r\n\r\nwork';
    const copy = { ...(await transport.send(request, attemptOf())) };
    expect(copy.headers).toMatchObject({ 'content-length': '4', 'x-request-id': 'one' });
  });

  it('is not an informational one that comes before', async () => {
    answer = `HTTP/1.1 103 Early Hints\r\nX-Request-Id: early\r\n\r\n${WHOLE}`;
    const idOf = (one: HttpAnswer) => [one.status, headerOf(one, 'x-request-id'), textOf(one)];
    expect(await transport.send(request, attemptOf(), idOf)).toEqual([200, undefined, 'work']);
  });

  it('is none where only an informational one came', async () => {
    answer = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    const lost = transport.send(request, attemptOf({ mutating: true }));
    await expect(lost).rejects.toMatchObject({ details: { code: 'UNAVAILABLE', effect: 'unknown' } });
    await expect(lost).rejects.toThrow('the connection was lost after the request had been sent');
  });

  it('is what it is understood as', async () => {
    expect(await transport.send(request, attemptOf(), textOf)).toBe('work');
  });

  it('is the very failure that it is understood as, and the transport goes on', async () => {
    const failure = new DriverFailure('not what was asked for', { code: 'INTERNAL', effect: 'unknown' });
    const misunderstood = transport.send(request, attemptOf(), () => {
      throw failure;
    });
    await expect(misunderstood).rejects.toBe(failure);
    expect(await transport.send(request, attemptOf(), textOf)).toBe('work');
  });

  it('is not asked for where the answer did not come to its end', async () => {
    answer = TRUNCATED;
    let asked = 0;
    const lost = transport.send(request, attemptOf({ mutating: true }), () => {
      asked += 1;
    });
    await expect(lost).rejects.toMatchObject({ details: { effect: 'unknown' } });
    expect(asked).toBe(0);
  });
});

describe('a connector', () => {
  it('ends on close what it has opened, whoever has forgotten it', async () => {
    const connector = new TrackedConnector({ timeout: 5_000 });
    const { port } = server.address() as AddressInfo;
    const target = { hostname: '127.0.0.1', protocol: 'http:', port: String(port) };
    const open = await new Promise<Socket>((resolve, reject) => {
      connector.connect(target, (...[error, socket]) => (error === null ? resolve(socket) : reject(error)));
    });
    const closed = new Promise((resolve) => open.once('close', resolve));
    connector.close();
    await closed;
    expect(open.destroyed).toBe(true);
  });
});
