import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/**
 * A server with nothing in it but HTTP/1.1 framing, for a process of its own: `node:http` costs about as much as the
 * clients that are measured. Answers each request, by its path, with what the service would say.
 *
 * Prints its port, and `DELAY_MS` makes every answer wait.
 */
const delayMs = Number(process.env['DELAY_MS'] ?? 0);

const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
let runs = 0;

/** @param line - the request line; `target` is Glue's operation. */
function bodyFor(line: string, target: string): string {
  const [method = '', path = ''] = line.split(' ');
  const execution = /\/(?:workflowexecutions|executions)\/([^/?]+)/.exec(path)?.[1] ?? '';
  if (path.startsWith('/v2/workflowexecutions/')) {
    return method === 'PUT'
      ? `{"execution_urn":"urn:fgs:r:p:execution:g:${execution}:d","execution_name":"${execution}","restored_at":"2026-11-21T10:00:00.000Z"}`
      : `{"execution_info":{"execution_name":"${execution}","execution_state":"FAILED","state_map":{}}}`;
  }
  if (target !== '') {
    runs += 1;
    return `{"RunId":"wr_new_${runs}","NodeIds":["wnode_a"]}`;
  }
  return method === 'POST'
    ? '{"result":"success"}'
    : `{"workflow_id":"w","execution_id":"${execution}","status":"fail","execution_result_list":[{"node_id":"node-1","status":"fail","begin_time":1,"end_time":2}]}`;
}

function answerTo(head: string): Buffer {
  const line = head.slice(0, head.indexOf('\r\n'));
  const isGlue = line.startsWith('POST / ');
  const body = bodyFor(line, isGlue ? 'glue' : '');
  const type = isGlue ? 'application/x-amz-json-1.1' : 'application/json';
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nX-Request-ID: request-1\r\nx-amzn-RequestId: request-1\r\n` +
      `Content-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
  );
}

function serve(socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf(HEAD_END);
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      const length = end + HEAD_END.length + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
      if (pending.length < length) return;
      pending = pending.subarray(length);
      const answer = answerTo(head);
      if (delayMs === 0) socket.write(answer);
      else setTimeout(() => socket.write(answer), delayMs);
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
// Its parent is gone: so is the reason for it.
process.stdin.on('end', () => process.exit()).resume();
