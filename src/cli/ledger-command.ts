import { existsSync } from 'node:fs';
import type { LedgerRecord } from '../ledger/ledger.js';
import { EXIT } from './exit-codes.js';
import { openLedger, recordOf } from './open-ledger.js';
import { printJson } from './print-json.js';
import { showBriefly, showRecord, standingOf } from './show-record.js';
import { Terminal } from './terminal.js';

/** The flags that every `resumable ledger` command takes. */
export interface LedgerFlags {
  readonly ledger?: string;
  readonly json?: boolean;
}

/** Lists what was tried, what is not settled first; with `--json` one line for each. */
export async function listCommand({ ledger: folder, json = false }: LedgerFlags): Promise<number> {
  const ledger = openLedger(folder);
  const terminal = new Terminal(process.stdout);
  const nowMs = Date.now();
  const records: LedgerRecord[] = [];
  try {
    for await (const record of ledger.list()) records.push(record);
  } finally {
    // A record that cannot be read is told after all others.
    for (const record of inOrder(records)) {
      if (json) printJson(record);
      else showBriefly(terminal, record, nowMs);
    }
  }
  const unknown = records.filter((record) => standingOf(record, nowMs) === 'unknown').length;
  const missing = existsSync(ledger.folder) ? '' : ', which is not there yet';
  if (!json) terminal.line(`${summary(records.length, unknown)} ${terminal.style('dim', ledger.folder)}${missing}`);
  return EXIT.accepted;
}

/** Shows one intent, and what can be done about it. */
export async function showCommand(id: string, { ledger: folder, json = false }: LedgerFlags): Promise<number> {
  const record = await recordOf(openLedger(folder), id);
  if (json) printJson(record);
  else showRecord(new Terminal(process.stdout), record, Date.now(), folder);
  return EXIT.accepted;
}

/** What is not settled first, and the oldest first. */
function inOrder(records: readonly LedgerRecord[]): LedgerRecord[] {
  const rank = ({ settlement }: LedgerRecord): number => (settlement === undefined ? 0 : 1);
  return [...records].sort(
    (one, other) => rank(one) - rank(other) || one.intent.createdAtMs - other.intent.createdAtMs,
  );
}

function summary(count: number, unknown: number): string {
  const intents = count === 1 ? '1 intent' : `${count === 0 ? 'No' : count} intents`;
  if (unknown === 0) return `${intents} in`;
  return `${intents}, ${unknown} of unknown effect (see resumable ledger show <id>), in`;
}
