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
  let [count, unknown] = [0, 0];
  for await (const record of ledger.list()) {
    count += 1;
    if (standingOf(record, nowMs) === 'unknown') unknown += 1;
    if (json) printJson(record);
    else showBriefly(terminal, record, nowMs);
  }
  if (!json) terminal.line(`${summary(count, unknown)} ${terminal.style('dim', ledger.folder)}`);
  return EXIT.accepted;
}

/** Shows one intent, and what can be done about it. */
export async function showCommand(id: string, { ledger: folder, json = false }: LedgerFlags): Promise<number> {
  const record = await recordOf(openLedger(folder), id);
  if (json) printJson(record);
  else showRecord(new Terminal(process.stdout), record, Date.now());
  return EXIT.accepted;
}

function summary(count: number, unknown: number): string {
  const intents = count === 1 ? '1 intent' : `${count === 0 ? 'No' : count} intents`;
  if (unknown === 0) return `${intents} in`;
  return `${intents}, ${unknown} of unknown effect (see resumable ledger show <id>), in`;
}
