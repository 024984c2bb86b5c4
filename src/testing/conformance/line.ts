import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer, connect as openSocket } from 'node:net';

/**
 * A TCP line between a connection and its service, which sees what the service cannot: whether a byte was sent at all,
 * and whether a socket was let go of.
 */
export class Line {
  readonly #upstream: URL;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  #busiest: Socket | undefined;
  #bytes = 0;

  private constructor(upstream: string) {
    this.#upstream = new URL(upstream);
    this.#server = createServer((socket) => this.#relay(socket));
  }

  static async open(upstream: string): Promise<Line> {
    const line = new Line(upstream);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many sockets were opened, whatever came over them. */
  get opened(): number {
    return this.#sockets.length;
  }

  /** How many bytes came from connections. */
  get bytesSent(): number {
    return this.#bytes;
  }

  /** How many sockets are open now. */
  get open(): number {
    return this.#sockets.filter((socket) => !socket.closed).length;
  }

  /** Whether the socket that sent last is closed. */
  get lastIsClosed(): boolean {
    return this.#busiest?.closed ?? true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  #relay(socket: Socket): void {
    this.#sockets.push(socket);
    const { hostname, port } = this.#upstream;
    const service = openSocket({ host: hostname, port: Number(port) });
    for (const one of [socket, service]) one.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#bytes += chunk.length;
      this.#busiest = socket;
      service.write(chunk);
    });
    service.on('data', (chunk) => void socket.write(chunk));
    service.on('end', () => void socket.end());
    // A reset goes on as a reset: to a client it is not the same as an end.
    service.on('error', () => void socket.resetAndDestroy());
    socket.on('error', () => void service.destroy());
    socket.on('close', () => void service.destroy());
    service.on('close', () => socket.destroySoon());
  }
}

/**
 * An endpoint on which nobody listens: on a port that no system hands out by itself, so that no test beside this one
 * gets it meanwhile.
 */
export async function deadEndpoint(): Promise<string> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isRefused(port)) return `http://127.0.0.1:${port}`;
  }
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

/** A server that takes connections and never says a word. */
export async function silentServer(): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
