import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Opens connections as undici does, and can end those that are still being opened: undici waits for them to time out. */
export class TrackedConnector {
  readonly #connect: buildConnector.connector;
  readonly #opening = new Set<Socket>();

  constructor(options: buildConnector.BuildOptions) {
    this.#connect = buildConnector(options);
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    // Typed as void, but it is the socket that undici itself passes on.
    const socket = this.#connect(options, (...result) => {
      if (socket !== undefined) this.#opening.delete(socket);
      callback(...result);
    }) as unknown as Socket | undefined;
    if (socket !== undefined) this.#opening.add(socket);
  };

  close(): void {
    for (const socket of this.#opening) socket.destroy();
    this.#opening.clear();
  }
}
