import { join } from 'node:path';
import type { Intent, LedgerRecord, LedgerTarget } from './ledger.js';
import type { LedgerFolder } from './ledger-folder.js';
import { nameOf } from './ledger-folder.js';
import { ownerIsGone } from './owner-process.js';
import type { RecordFiles, RecordState, StoredRecord } from './record-files.js';
import type { SlotEntry, Slots } from './slots.js';

/** Who holds a slot, as far as it counts. */
export interface Standing {
  readonly entry: SlotEntry;
  readonly state: StoredRecord;
  readonly record: LedgerRecord;
  /** Not begun yet: it may be taken back by anybody. */
  readonly isProposal: boolean;
}

/** The slots of an intent. */
export interface SlotPaths {
  readonly target: string;
  readonly key: string | undefined;
}

export function slotsOf(folder: LedgerFolder, { key, connection, target }: Intent): SlotPaths {
  return {
    target: targetSlot(folder, { ...target, connection }),
    key: key === undefined ? undefined : keySlot(folder, key),
  };
}

export function targetSlot(folder: LedgerFolder, { connection, workflow, execution }: LedgerTarget): string {
  return join(folder.targets, nameOf(connection, workflow, execution));
}

export function keySlot(folder: LedgerFolder, key: string): string {
  return join(folder.keys, nameOf(key));
}

/** Whether a record was begun, as opposed to proposed or withdrawn. */
export function isBegun(state: StoredRecord | undefined): state is StoredRecord & { readonly record: LedgerRecord } {
  return state?.record !== undefined && state.version > state.proposedAs;
}

/** A record as callers see it: a lease whose process is gone counts as none. */
export function seen({ record, space }: RecordState & { readonly record: LedgerRecord }): LedgerRecord {
  const { lease } = record;
  if (lease === undefined || !ownerIsGone(lease.owner, space)) return record;
  const { lease: _gone, ...rest } = record;
  return rest;
}

/** Looks at a slot. Entries that hold nothing any more are passed over; `free` says whether to take them away. */
export async function standingIn(
  slot: string,
  slots: Slots,
  records: RecordFiles,
  { free }: { readonly free: boolean },
): Promise<Standing | undefined> {
  for (;;) {
    const entry = await slots.holder(slot);
    if (entry === undefined) return undefined;
    const state = await records.read(entry.name);
    if (state?.record !== undefined && state.proposal === entry.proposal) {
      return { entry, state, record: seen({ ...state, record: state.record }), isProposal: !isBegun(state) };
    }
    if (!free) return undefined;
    // Withdrawn, removed, or proposed anew: this entry is not coming back.
    await slots.free(slot, entry);
  }
}
