import type { FileResumeLedger } from '../ledger/file-ledger.js';
import type { Decision, Intent, LedgerRecord, RecordedVerdict, Settlement } from '../ledger/ledger.js';
import { EXIT, UsageError } from './exit-codes.js';
import type { LedgerFlags } from './ledger-command.js';
import { openLedger, recordOf, thisProcess } from './open-ledger.js';
import { printJson } from './print-json.js';
import { RefusedError } from './refused-error.js';
import { showRecord } from './show-record.js';
import { Terminal } from './terminal.js';

/** The flags of `resumable ledger settle`. */
export interface SettleFlags extends LedgerFlags {
  readonly as: Decision['as'];
  readonly actor: string;
  readonly reason: string;
  readonly execution?: string;
}

const LEASE_MS = 10_000;

/** Has a person decide what became of an intent, and keeps who, why and when. Sends nothing. */
export async function settleCommand(id: string, flags: SettleFlags): Promise<number> {
  const { as, actor, reason, execution, ledger: folder, json = false } = flags;
  if (as === 'did-not-happen' && execution !== undefined) {
    throw new UsageError('--execution goes with --as happened only.');
  }
  const ledger = openLedger(folder);
  const { intent, fence } = await takeOver(ledger, id);
  const decidedAtMs = Date.now();
  const decision = { as, actor, reason, decidedAtMs };
  const verdict = as === 'happened' ? happened(intent, decision, execution) : didNotHappen(decision);
  const settlement: Settlement = { verdict, settledAtMs: decidedAtMs, decision };
  if (!(await ledger.settle(id, fence, settlement)))
    throw new RefusedError(`Somebody else has settled ${id} meanwhile.`);
  const record = await recordOf(ledger, id);
  if (json) printJson(record);
  else showRecord(new Terminal(process.stdout), record, decidedAtMs, folder);
  return EXIT.accepted;
}

/** @throws {RefusedError} it is settled, or somebody works on it. */
async function takeOver(ledger: FileResumeLedger, id: string): Promise<LedgerRecord> {
  const claimed = await ledger.claim(id, thisProcess(), Date.now(), LEASE_MS);
  if (claimed !== undefined) return claimed;
  const { lease, settlement } = await recordOf(ledger, id);
  if (settlement !== undefined)
    throw new RefusedError(`${id} is settled already: it was ${settlement.verdict.status}.`);
  const until = lease === undefined ? '' : `by ${lease.owner} until ${new Date(lease.expiresAtMs).toISOString()}`;
  throw new RefusedError(`${id} is being worked on ${until}: wait, or end that process.`);
}

function happened(intent: Intent, { actor, reason }: Decision, execution?: string): RecordedVerdict {
  const { provider, connection, target, performed, nodes } = intent;
  const asked = target.execution;
  const follow =
    execution === undefined ? [`the execution to follow was not told: ${asked} is the one that was asked for`] : [];
  return {
    status: 'accepted',
    receipt: {
      provider,
      connection,
      workflow: target.workflow,
      previousExecution: asked,
      execution: execution ?? asked,
      sameExecution: (execution ?? asked) === asked,
      action: target.action,
      performed,
      nodes,
      nodesBasis: 'expected',
      confirmedBy: 'ledger',
      attempts: 0,
      durationMs: 0,
      warnings: [`${actor} decided that it happened: ${reason}`, ...follow],
    },
  };
}

function didNotHappen({ actor, reason }: Decision): RecordedVerdict {
  const message = `${actor} decided that it did not happen: ${reason}. Nothing was resumed.`;
  return { status: 'refused', error: { message, code: 'ABORTED', attempts: 0 } };
}
