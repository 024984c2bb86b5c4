import type { ResumeLedger } from '../ledger/ledger.js';
import type { ResumableWorkflow } from '../types.js';
import { readConfig } from './config.js';
import { connect } from './connect.js';
import { UsageError } from './exit-codes.js';

/** Where a connection is described, and where it remembers what it tried. */
interface Place {
  readonly config?: string | undefined;
  /** @default in its own memory */
  readonly ledger?: ResumeLedger | undefined;
}

/**
 * Uses one connection of the configuration; only its provider is loaded.
 *
 * @throws {UsageError} there is no such connection, or it cannot be made.
 */
export async function withConnection<T>(
  name: string,
  { config, ledger }: Place,
  use: (workflow: ResumableWorkflow) => Promise<T>,
): Promise<T> {
  const configs = await readConfig(config);
  const chosen = configs.get(name);
  if (chosen === undefined) {
    throw new UsageError(`There is no connection "${name}". There are: ${[...configs.keys()].join(', ')}.`);
  }
  const registry = await connect([chosen], ledger);
  try {
    return await use(registry.get(name));
  } finally {
    await registry.close();
  }
}
