import type { ConnectionParts } from './connection-parts.js';
import { resumeErrorOf } from './failure.js';
import type { Begun, LedgerRecord } from './ledger/ledger.js';
import { messageOf } from './message.js';
import { outcomeOfError, outcomeOfRecorded, recordedOf } from './recorded.js';
import type { Outcome } from './types.js';

/** How long telling the ledger may take, in milliseconds, before somebody else may take the intent over again. */
const LEASE_MS = 60_000;

/**
 * Tells the ledger how an intent ended, or that it stays unknown; what it cannot be told is added to the outcome.
 *
 * @param text - the text of the intent's target, where it is there already.
 */
export function settle(
  parts: ConnectionParts,
  owned: LedgerRecord,
  outcome: Outcome,
  text?: string,
): Outcome | Promise<Outcome> {
  let told: boolean | Promise<boolean>;
  try {
    told = tell(parts, owned, outcome, text);
  } catch (thrown) {
    return untold(outcome, thrown);
  }
  return told === true ? outcome : settled(parts, owned, outcome, told);
}

async function settled(
  parts: ConnectionParts,
  owned: LedgerRecord,
  outcome: Outcome,
  told: boolean | Promise<boolean>,
): Promise<Outcome> {
  try {
    return (await told) ? outcome : await settleTakenOver(parts, owned, outcome);
  } catch (thrown) {
    return untold(outcome, thrown);
  }
}

function tell(
  { steps, runtime }: ConnectionParts,
  { intent, fence }: LedgerRecord,
  outcome: Outcome,
  text?: string,
): boolean | Promise<boolean> {
  return outcome.status === 'unknown'
    ? steps.release(intent.id, fence, outcome.error.message, text)
    : steps.settle(intent.id, fence, { verdict: recordedOf(outcome), settledAtMs: runtime.nowMs() }, text);
}

function untold(outcome: Outcome, thrown: unknown): Outcome {
  const why = messageOf(thrown);
  return withNote(outcome, `the ledger could not be told: ${why}`);
}

/** The process slept through its lease, and another one has taken the intent over, which only reads. */
async function settleTakenOver(parts: ConnectionParts, { intent }: LedgerRecord, outcome: Outcome): Promise<Outcome> {
  const { ledger, runtime, owner } = parts;
  const { id, key, target } = intent;
  const kept = await ledger.find(id);
  const recorded = kept === undefined ? undefined : outcomeOfRecorded(kept);
  // Whoever asks with its key is told the same.
  if (recorded !== undefined && key !== undefined && outcome.status !== 'accepted') return recorded;
  if (recorded === undefined && outcome.status !== 'unknown') {
    // What is certain is better than what the other one could find out.
    const claimed = await ledger.claim(id, owner, runtime.nowMs(), LEASE_MS);
    if (claimed !== undefined && (await tell(parts, claimed, outcome))) return outcome;
    if (outcome.status === 'refused' && key !== undefined) {
      const why = `another process has taken intent ${id} over, and has not told yet what became of it`;
      const failure = { why, details: { code: 'ABORTED', effect: 'unknown' } } as const;
      const told = { secrets: parts.secrets, dispatches: outcome.error.attempts };
      return outcomeOfError(resumeErrorOf(failure, parts, { target, intent: id }, told));
    }
  }
  return withNote(outcome, `the ledger has another word on intent ${id}`);
}

/** Settles an intent that was, or may have been, written down although nothing is going to be sent for it. */
export async function withdraw({ ledger, runtime }: ConnectionParts, begun: Promise<Begun>, id: string): Promise<void> {
  try {
    const late = await begun.catch(() => undefined);
    const record = late === undefined ? await ledger.find(id) : late.record;
    if (record?.intent.id !== id || record.settlement !== undefined) return;
    const error = { message: 'given up before anything was sent', code: 'CANCELLED', attempts: 0 } as const;
    await ledger.settle(id, record.fence, { verdict: { status: 'refused', error }, settledAtMs: runtime.nowMs() });
  } catch {
    // A ledger that does not work at all: the caller has been told, and the lease runs out by itself.
  }
}

/** Adds to an accepted outcome what could not be written down; an error has said all that matters. */
function withNote(outcome: Outcome, note: string): Outcome {
  if (outcome.status !== 'accepted') return outcome;
  const { receipt } = outcome;
  return { status: 'accepted', receipt: { ...receipt, warnings: [...receipt.warnings, note] } };
}
