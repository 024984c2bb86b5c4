import { ResumeError } from '../errors.js';
import type { Action } from '../types.js';
import { readConfig } from './config.js';
import { connect } from './connect.js';
import { EXIT, exitCodeOf, UsageError } from './exit-codes.js';
import { showError, showReceipt } from './show.js';
import { Terminal } from './terminal.js';

/** The flags of `resumable resume`. */
export interface ResumeFlags {
  readonly action: Action;
  readonly node?: string[];
  readonly timeoutMs?: number;
  readonly json?: boolean;
  readonly config?: string;
}

/** Resumes one execution; the verdict is the exit code. Ctrl-C ends the call, and its verdict is still told. */
export async function resumeCommand(
  connection: string,
  workflow: string,
  execution: string,
  { action, node: nodes, timeoutMs, json = false, config }: ResumeFlags,
): Promise<number> {
  const configs = await readConfig(config);
  const chosen = configs.get(connection);
  if (chosen === undefined) {
    throw new UsageError(`There is no connection "${connection}". There are: ${[...configs.keys()].join(', ')}.`);
  }
  const registry = await connect([chosen]);
  const terminal = new Terminal(process.stderr);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const receipt = await registry
      .get(connection)
      .resume({ workflow, execution, action, nodes }, { timeoutMs, signal: stop.signal });
    showReceipt(terminal, receipt);
    print(json ? { status: 'accepted', receipt } : receipt.execution);
    return EXIT.accepted;
  } catch (error) {
    if (!ResumeError.isInstance(error)) throw error;
    showError(terminal, error);
    if (json) print({ status: error.effect === 'none' ? 'refused' : 'unknown', error });
    return exitCodeOf(error.effect);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await registry.close();
  }
}

function print(result: unknown): void {
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}
