import { readConfig } from './config.js';
import { connect } from './connect.js';
import { UsageError } from './exit-codes.js';
import type { LedgerFlags } from './ledger-command.js';
import { openLedger, recordOf } from './open-ledger.js';
import { RefusedError } from './refused-error.js';
import { tellVerdict } from './verdict.js';

/** The flags of `resumable ledger reconcile`. */
export interface ReconcileFlags extends LedgerFlags {
  readonly config?: string;
  readonly readBackMs?: number;
}

/** Reads back once more what became of an intent, and settles it where that can be told. Resumes nothing. */
export async function reconcileCommand(
  id: string,
  { config, readBackMs, ledger: folder, json = false }: ReconcileFlags,
): Promise<number> {
  const ledger = openLedger(folder);
  const { intent, settlement } = await recordOf(ledger, id);
  if (settlement !== undefined) {
    throw new RefusedError(`${id} is settled already: it was ${settlement.verdict.status}.`);
  }
  const { connection } = intent;
  const chosen = (await readConfig(config)).get(connection);
  if (chosen === undefined) {
    throw new UsageError(`${id} was tried on "${connection}", which is not in the configuration.`);
  }
  const registry = await connect([chosen], ledger);
  try {
    const { workflow, execution } = intent.target;
    const reconcile = (signal: AbortSignal) =>
      registry.get(connection).reconcile({ workflow, execution }, { readBackMs, signal });
    return await tellVerdict(json, reconcile, { ledger: folder, config });
  } finally {
    await registry.close();
  }
}
