import { once } from 'node:events';
import { connect } from 'node:net';
import { spreadOf } from './rounds.js';
import { startServer } from './server-process.js';
import type { Line } from './targets.js';

const CONNECTIONS = 32;
const REQUEST = Buffer.from(
  'PUT /v2/workflowexecutions/exec-1?x-workflow-graph-name=g HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
);

/** How many requests the server answers in a second, asked by sockets that do nothing else. */
export async function measureCeiling(rounds: number, requests = 20_000): Promise<Line> {
  const server = await startServer();
  const port = Number(new URL(server.origin).port);
  const rates: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) rates.push(await rateOf(port, requests));
  } finally {
    server.stop();
  }
  return { what: "the server's own ceiling", measured: spreadOf(rates), unit: ' requests/s' };
}

async function rateOf(port: number, requests: number): Promise<number> {
  let left = requests;
  const started = process.hrtime.bigint();
  const work = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        if (left <= 0) return resolve();
        left -= 1;
        socket.write(REQUEST);
      };
      // One small answer to each request: it comes in one piece on loopback.
      socket.on('data', next).on('error', reject);
      next();
    });
    socket.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return requests / (Number(process.hrtime.bigint() - started) / 1e9);
}
