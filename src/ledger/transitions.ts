import type { Intent, LedgerRecord, Settlement } from './ledger.js';

// The rules of every ledger, apart from how it keeps its records. A step that is refused answers undefined.

/** An intent that has just been written down: its first owner holds fence 1. */
export function begunRecord(intent: Intent, owner: string, nowMs: number, leaseMs: number): LedgerRecord {
  return { intent, lease: { owner, fence: 1, expiresAtMs: nowMs + leaseMs }, fence: 1 };
}

/** Takes over what nobody works on. */
export function claimed(record: LedgerRecord, owner: string, nowMs: number, leaseMs: number): LedgerRecord | undefined {
  const { intent, unknownBecause, lease, settlement } = record;
  if (settlement !== undefined) return undefined;
  if (lease !== undefined && nowMs < lease.expiresAtMs) return undefined;
  const fence = record.fence + 1;
  return { intent, unknownBecause, lease: { owner, fence, expiresAtMs: nowMs + leaseMs }, fence };
}

/** Prolongs a lease that was not given up. */
export function renewed(record: LedgerRecord, fence: number, nowMs: number, leaseMs: number): LedgerRecord | undefined {
  const { lease } = record;
  if (!isHeld(record, fence) || lease === undefined) return undefined;
  return { ...record, lease: { ...lease, expiresAtMs: nowMs + leaseMs } };
}

/** Gives a lease up, with the effect unknown. */
export function released(record: LedgerRecord, fence: number, unknownBecause: string): LedgerRecord | undefined {
  return isHeld(record, fence) ? { intent: record.intent, fence, unknownBecause } : undefined;
}

/** Ends an intent: what was only of use before is dropped. */
export function settled(record: LedgerRecord, fence: number, settlement: Settlement): LedgerRecord | undefined {
  return isHeld(record, fence) ? { intent: record.intent, fence, settlement } : undefined;
}

function isHeld({ fence: latest, settlement }: LedgerRecord, fence: number): boolean {
  return fence === latest && settlement === undefined;
}
