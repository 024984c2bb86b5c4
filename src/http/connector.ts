import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Opens connections as undici does, and can end those that are still being opened: undici waits for them to time out. */
export class TrackedConnector {
  readonly #connect: buildConnector.connector;
  readonly #opening = new Set<Socket>();
  readonly #untilClosed: boolean;

  /** @param untilClosed - ends established connections too, such as tunnels through which another is being opened. */
  constructor(options: buildConnector.BuildOptions, untilClosed = false) {
    this.#untilClosed = untilClosed;
    this.#connect = buildConnector(options);
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    // Typed as void, but it is the socket that undici itself passes on.
    const socket = this.#connect(options, (...result) => {
      if (socket !== undefined && !this.#untilClosed) this.#opening.delete(socket);
      callback(...result);
    }) as unknown as Socket | undefined;
    if (socket === undefined) return;
    this.#opening.add(socket);
    if (this.#untilClosed) socket.once('close', () => this.#opening.delete(socket));
  };

  close(): void {
    for (const socket of this.#opening) socket.destroy();
    this.#opening.clear();
  }
}
