import { ResumeError } from '../errors.js';
import type { Outcome } from '../types.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { showError, showReceipt } from './show.js';
import { Terminal } from './terminal.js';

/**
 * Makes a call, tells its verdict and answers the exit code. Ctrl-C ends the call, and its verdict is still told.
 *
 * People read stderr; on stdout is the execution to follow, or with `json` the whole outcome.
 */
export async function tellVerdict(json: boolean, call: (signal: AbortSignal) => Promise<Outcome>): Promise<number> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let outcome: Outcome;
  try {
    outcome = await call(stop.signal);
  } catch (error) {
    if (!ResumeError.isInstance(error)) throw error;
    outcome = { status: error.effect === 'none' ? 'refused' : 'unknown', error };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  const terminal = new Terminal(process.stderr);
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  if (outcome.status !== 'accepted') {
    showError(terminal, outcome.error);
    return exitCodeOf(outcome.error.effect);
  }
  showReceipt(terminal, outcome.receipt);
  if (!json) process.stdout.write(`${outcome.receipt.execution}\n`);
  return EXIT.accepted;
}
