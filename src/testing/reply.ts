import type { ServerResponse } from 'node:http';
import type { EmulatedAnswer, Fault } from './faults.js';

/** Sends an answer as it should be. */
export function reply(response: ServerResponse, answer: EmulatedAnswer, dateMs: number): void {
  writeHead(response, answer, dateMs);
  response.end(answer.body);
}

/** Lets an answer suffer a fault; returns the status that went out, if one did. */
export function replyFaultily(
  response: ServerResponse,
  fault: Fault,
  right: EmulatedAnswer,
  dateMs: number,
): number | undefined {
  switch (fault.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return undefined;
    case 'close':
      response.socket?.destroy();
      return undefined;
    case 'hang':
      return undefined;
    case 'truncate':
      writeHalf(response, right, dateMs, () => response.socket?.destroy());
      return right.status;
    case 'stall':
      writeHalf(response, right, dateMs, () => {});
      return right.status;
    case 'garbage':
      reply(response, { status: 200, headers: right.headers, body: '<html>not what was asked for' }, dateMs);
      return 200;
    case 'answer': {
      const answer = fault.answer ?? { status: 500, body: '' };
      reply(response, answer, dateMs);
      return answer.status;
    }
    case 'delay':
      setTimeout(() => reply(response, right, dateMs), fault.delayMs ?? 0).unref();
      return right.status;
  }
}

function writeHalf(response: ServerResponse, right: EmulatedAnswer, dateMs: number, then: () => void): void {
  writeHead(response, right, dateMs);
  response.flushHeaders();
  response.write(right.body.slice(0, Math.floor(right.body.length / 2)), then);
}

function writeHead(response: ServerResponse, { status, headers, body }: EmulatedAnswer, dateMs: number): void {
  response.writeHead(status, {
    Date: new Date(dateMs).toUTCString(),
    ...headers,
    ...(status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) }),
  });
}
