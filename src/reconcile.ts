import type { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import type { CallScope } from './deadline.js';
import { CallEnded } from './deadline.js';
import { resumeErrorOf } from './failure.js';
import type { LedgerRecord } from './ledger/ledger.js';
import { LostAnswer } from './lost-answer.js';
import { messageOf } from './message.js';
import { receiptOf } from './receipt.js';
import { recordedOf } from './recorded.js';
import type { Outcome } from './types.js';

const LEASE_MARGIN_MS = 60_000;

/** What a reconciliation needs of the call that asked for it. */
export interface Reconciling {
  readonly options: Pick<CallOptions, 'readBackMs'>;
  readonly startedMs: number;
}

/**
 * Takes over an unsettled intent that nobody works on, reads back, and settles it where it provably happened. Sends
 * nothing. What is found is told also where the scope ends before the ledger has been told.
 *
 * @returns undefined where somebody else has taken it over meanwhile, or it is settled by now.
 */
export async function reconcileRecord(
  parts: ConnectionParts,
  { intent: { id } }: LedgerRecord,
  call: CallRecord,
  scope: CallScope,
  { options, startedMs }: Reconciling,
): Promise<Outcome | undefined> {
  const { ledger, owner, runtime, driver } = parts;
  const leaseMs = options.readBackMs + LEASE_MARGIN_MS;
  const claimed = await scope.race(ledger.claim(id, owner, runtime.nowMs(), leaseMs));
  if (claimed === undefined) return undefined;
  const { intent, fence } = claimed;
  const lost = new LostAnswer(driver, intent, {
    why: `intent ${id} was not settled by whoever made it`,
    details: { code: 'ABORTED', effect: 'unknown' },
  });
  const found = await lost.lookFor(options.readBackMs, call, scope);
  if (found.acceptance === undefined) {
    const error = resumeErrorOf(found.failure, parts, { target: intent.target, intent: id }, call);
    // Where it cannot be told, the lease runs out by itself; the verdict is the same.
    await scope.race(ledger.release(id, fence, error.message)).catch(() => false);
    return { status: 'unknown', error };
  }
  const confirmation = {
    confirmedBy: 'read-back',
    attempts: call.dispatches,
    durationMs: runtime.nowMs() - startedMs,
    secrets: call.secrets,
  } as const;
  const receipt = receiptOf(intent, found.acceptance, confirmation);
  const outcome: Outcome = { status: 'accepted', receipt };
  try {
    await scope.race(ledger.settle(id, fence, { verdict: recordedOf(outcome), settledAtMs: runtime.nowMs() }));
    return outcome;
  } catch (thrown) {
    const what =
      thrown instanceof CallEnded ? 'it is not known whether the ledger was told' : 'the ledger could not be told';
    return {
      status: 'accepted',
      receipt: { ...receipt, warnings: [...receipt.warnings, `${what}: ${messageOf(thrown)}`] },
    };
  }
}
