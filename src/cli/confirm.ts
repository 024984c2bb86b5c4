import { createInterface } from 'node:readline';

/** Whether somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks on the terminal. Anything but y or yes is a no, the end of the input too.
 *
 * @throws what the signal was aborted with.
 */
export async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  // Not as a terminal of its own, so that Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  let interrupt = (): void => {};
  try {
    return await new Promise<boolean>((resolve, reject) => {
      interrupt = () => reject(signal.reason as Error);
      signal.addEventListener('abort', interrupt);
      lines.once('close', () => resolve(false));
      lines.question(question, (answer) => resolve(/^\s*y(es)?\s*$/i.test(answer)));
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
    lines.close();
  }
}
