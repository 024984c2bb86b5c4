import type { LedgerTarget } from './ledger.js';

/** One text for each execution of a connection. The lengths keep the parts apart; cheaper than JSON. */
export function targetTextOf({ connection, workflow, execution }: LedgerTarget): string {
  return `${connection.length}:${workflow.length}:${connection}${workflow}${execution}`;
}
