import { ResumeError } from '../errors.js';
import { visible } from '../render/plain-text.js';
import type { PlannedNode } from '../resume-plan.js';
import type { Outcome } from '../types.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { printJson } from './print-json.js';
import { showError, showReceipt } from './show.js';
import { Terminal } from './terminal.js';
import type { NamedFlags } from './ways-on.js';
import { showWaysOn } from './ways-on.js';

/** Makes a call, tells its verdict and answers the exit code. Ctrl-C ends the call, and its verdict is still told. */
export async function tellVerdict(
  json: boolean,
  call: (signal: AbortSignal) => Promise<Outcome>,
  flags: NamedFlags,
): Promise<number> {
  const outcome = await untilInterrupted((signal) => outcomeOf(() => call(signal)));
  return tellOutcome(json, outcome, flags);
}

/** What a call came to, if it throws as well. */
export async function outcomeOf(call: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await call();
  } catch (error) {
    if (!ResumeError.isInstance(error)) throw error;
    return { status: error.effect === 'none' ? 'refused' : 'unknown', error };
  }
}

/**
 * Tells a verdict and answers the exit code.
 *
 * People read stderr; on stdout is the execution to follow, or with `json` the whole outcome.
 *
 * @param known - names of nodes, where somebody has read them.
 */
export function tellOutcome(
  json: boolean,
  outcome: Outcome,
  { known = [], ...flags }: NamedFlags & { readonly known?: readonly PlannedNode[] } = {},
): number {
  const terminal = new Terminal(process.stderr);
  if (json) printJson(outcome);
  if (outcome.status !== 'accepted') {
    const { error } = outcome;
    showError(terminal, error);
    if (error.effect === 'unknown' && error.intent !== undefined) showWaysOn(terminal, error.intent, flags);
    return exitCodeOf(error.effect);
  }
  showReceipt(terminal, outcome.receipt, known);
  if (!json) process.stdout.write(`${visible(outcome.receipt.execution)}\n`);
  return EXIT.accepted;
}
