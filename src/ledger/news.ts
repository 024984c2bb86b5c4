import { readdir, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LedgerRecord } from './ledger.js';
import { unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { makeMarkIn } from './ledger-folder.js';
import type { RecordFiles } from './record-files.js';

/**
 * Which records of a target were settled: a folder for each target, with an empty file for each of them.
 *
 * The file is there before the settlement is. It need not outlive a crash of the machine, which nobody outlives who
 * looked before it.
 */
export class News {
  readonly #folder: LedgerFolder;
  readonly #records: RecordFiles;

  constructor(folder: LedgerFolder, records: RecordFiles) {
    this.#folder = folder;
    this.#records = records;
  }

  /** To be called right before a record is settled. */
  async note(targetSlot: string, name: string): Promise<void> {
    await makeMarkIn(this.#pathOf(targetSlot), name);
    await this.#folder.step('settlement noted');
  }

  /** The latest record of a target that was settled after somebody looked, for whoever holds the target's slot. */
  async since(lookedUpAtMs: number | undefined, targetSlot: string): Promise<LedgerRecord | undefined> {
    if (lookedUpAtMs === undefined) return undefined;
    let latest: LedgerRecord | undefined;
    for (const name of (await unless(['ENOENT'], readdir(this.#pathOf(targetSlot)))) ?? []) {
      const record = (await this.#records.read(name))?.record;
      if (settledAtMsOf(record) > Math.max(lookedUpAtMs, settledAtMsOf(latest))) latest = record;
    }
    return latest;
  }

  async forget(targetSlot: string, name: string): Promise<void> {
    const path = this.#pathOf(targetSlot);
    await rm(join(path, name), { force: true });
    await unless(['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'], rmdir(path));
  }

  #pathOf(targetSlot: string): string {
    return join(this.#folder.settled, basename(targetSlot));
  }
}

function settledAtMsOf(record: LedgerRecord | undefined): number {
  return record?.settlement?.settledAtMs ?? Number.NEGATIVE_INFINITY;
}
