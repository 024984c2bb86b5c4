import type { ConnectionParts } from './connection-parts.js';
import type { Begun, LedgerRecord } from './ledger/ledger.js';
import { recordedOf } from './recorded.js';
import type { Outcome } from './types.js';

/** Tells the ledger how an intent ended, or that it stays unknown; what it cannot be told is added to the outcome. */
export async function settle(
  { ledger, runtime }: ConnectionParts,
  { intent, fence }: LedgerRecord,
  outcome: Outcome,
): Promise<Outcome> {
  try {
    const told =
      outcome.status === 'unknown'
        ? await ledger.release(intent.id, fence, outcome.error.message)
        : await ledger.settle(intent.id, fence, { verdict: recordedOf(outcome), settledAtMs: runtime.nowMs() });
    return told ? outcome : withNote(outcome, `the ledger has another word on intent ${intent.id}`);
  } catch (thrown) {
    return withNote(
      outcome,
      `the ledger could not be told: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** Settles an intent that was, or may have been, written down although nothing is going to be sent for it. */
export async function withdraw({ ledger, runtime }: ConnectionParts, begun: Promise<Begun>, id: string): Promise<void> {
  try {
    const late = await begun.catch(() => undefined);
    const record = late === undefined ? await ledger.find(id) : late.record;
    if (record === undefined || record.intent.id !== id || record.settlement !== undefined) return;
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
