import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/**
 * Opens connections as undici does, and can end all of them: undici waits for those that are still being opened to time
 * out, and a pool forgets those of a client whose first connection failed.
 */
export class TrackedConnector {
  readonly #connect: buildConnector.connector;
  readonly #open = new Set<Socket>();

  constructor(options: buildConnector.BuildOptions) {
    this.#connect = buildConnector(options);
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    // Typed as void, but it is the socket that undici itself passes on.
    const socket = this.#connect(options, callback) as unknown as Socket | undefined;
    if (socket === undefined) return;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  };

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }
}
