import type { ResumeError } from './errors.js';
import { ResumeError as ResumeErrorClass } from './errors.js';
import type { LedgerRecord, RecordedVerdict } from './ledger/ledger.js';
import type { Outcome, Receipt } from './types.js';

/** A verdict as the ledger keeps it: no cause, no stack. Only what is certain is kept. */
export function recordedOf(outcome: Exclude<Outcome, { status: 'unknown' }>): RecordedVerdict {
  if (outcome.status === 'accepted') return outcome;
  const { message, code, httpStatus, providerCode, requestId, attempts } = outcome.error;
  return { status: 'refused', error: { message, code, httpStatus, providerCode, requestId, attempts } };
}

/** What an earlier or concurrent call of the same intent came to. */
export function outcomeOfRecorded({ intent, settlement }: LedgerRecord): Outcome | undefined {
  if (settlement === undefined) return undefined;
  const { verdict } = settlement;
  if (verdict.status === 'accepted') return { status: 'accepted', receipt: fromLedger(verdict.receipt) };
  const { message, ...details } = verdict.error;
  const { provider, connection } = intent;
  return {
    status: 'refused',
    error: new ResumeErrorClass(message, { ...details, effect: 'none', provider, connection }),
  };
}

function fromLedger(receipt: Receipt): Receipt {
  return { ...receipt, confirmedBy: 'ledger' };
}

/** An error as an outcome. */
export function outcomeOfError(error: ResumeError): Outcome {
  return { status: error.effect === 'none' ? 'refused' : 'unknown', error };
}
