import { hostname } from 'node:os';
import { FileResumeLedger } from '../ledger/file-ledger.js';
import type { LedgerRecord } from '../ledger/ledger.js';
import { RefusedError } from './refused-error.js';
import { stateFolder } from './state-folder.js';

/** The ledger of the command line: in the folder that was named, else in the platform's state folder. */
export function openLedger(folder: string | undefined): FileResumeLedger {
  return new FileResumeLedger(folder ?? stateFolder());
}

/** This process, as the owner of a lease. */
export function thisProcess(): string {
  return `${process.pid}@${hostname()}`;
}

/** @throws {RefusedError} there is none. */
export async function recordOf(ledger: FileResumeLedger, id: string): Promise<LedgerRecord> {
  const record = await ledger.find(id);
  if (record === undefined) throw new RefusedError(`There is no intent ${id} in ${ledger.folder}.`);
  return record;
}
