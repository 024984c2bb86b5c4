import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

interface Counted {
  tries: number;
  /** Of each TCP connection that was tried, the port. */
  readonly ports: number[];
}

/** Only what the call itself does counts: other tests may run meanwhile. */
const countedHere = new AsyncLocalStorage<Counted>();

/**
 * How often a call asked its driver for an attempt, and which ports were tried by Node's own sockets: what a driver does
 * more than once in one attempt, it repeats by itself.
 */
export async function triesOf(call: () => Promise<void>): Promise<Readonly<Counted>> {
  const counted: Counted = { tries: 0, ports: [] };
  const attempts = tracingChannel('resumable-workflow:attempt');
  const onAttempt = (): void => {
    if (countedHere.getStore() === counted) counted.tries += 1;
  };
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    // Where a socket goes is not known yet; whose it is shows in the port, not in the context: a pool may have made it.
    socket.on('connectionAttempt', (_address: string, port: number) => void counted.ports.push(port));
  };
  attempts.start.subscribe(onAttempt);
  channel('net.client.socket').subscribe(onSocket);
  try {
    await countedHere.run(counted, call);
  } finally {
    attempts.start.unsubscribe(onAttempt);
    channel('net.client.socket').unsubscribe(onSocket);
  }
  return counted;
}
