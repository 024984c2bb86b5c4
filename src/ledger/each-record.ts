import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerRecord } from './ledger.js';
import { UnreadableRecords, unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { isName } from './ledger-folder.js';
import type { RecordFiles } from './record-files.js';
import { isBegun, seen } from './standing.js';

/**
 * Every record of a folder, unsettled ones first.
 *
 * @param begunIn - reads the intent that a slot is taken by.
 * @throws {UnreadableRecords} at its end: one damaged record must not hide the others from whoever needs them.
 */
export async function* eachRecord(
  files: LedgerFolder,
  records: RecordFiles,
  begunIn: (slot: string) => Promise<LedgerRecord | undefined>,
): AsyncGenerator<LedgerRecord, void, undefined> {
  const listed = new Set<string>();
  const unreadable = new Set<string>();
  const readable = async <T>(reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (thrown) {
      if (!(thrown instanceof UnreadableRecords)) throw thrown;
      for (const path of thrown.paths) unreadable.add(path);
      return undefined;
    }
  };
  for await (const name of eachNameIn(files.targets)) {
    const record = await readable(begunIn(join(files.targets, name)));
    if (record === undefined || record.settlement !== undefined) continue;
    listed.add(record.intent.id);
    yield record;
  }
  for await (const name of eachNameIn(files.records)) {
    const state = await readable(records.read(name));
    if (isBegun(state) && !listed.has(state.record.intent.id)) yield seen(state);
  }
  if (unreadable.size > 0) throw new UnreadableRecords([...unreadable]);
}

/** What is not of the ledger's own making, such as what a file manager leaves behind, is nobody's record. */
async function* eachNameIn(folder: string): AsyncGenerator<string, void, undefined> {
  const entries = await unless(['ENOENT'], opendir(folder));
  if (entries === undefined) return;
  for await (const { name } of entries) if (isName(name)) yield name;
}
