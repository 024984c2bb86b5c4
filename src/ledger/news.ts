import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Intent, LedgerRecord } from './ledger.js';
import type { LedgerFolder } from './ledger-folder.js';
import { makeMarkIn, namesIn, removeIfEmpty } from './ledger-folder.js';
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

  /**
   * A record of a target that was settled after a call looked, for whoever holds the target's slot: an equal one first,
   * for its verdict is the call's own, otherwise the latest.
   */
  async for(intent: Intent, targetSlot: string): Promise<LedgerRecord | undefined> {
    const { lookedUpAtMs } = intent;
    // Stryker disable next-line ConditionalExpression: nothing is later than an unknown time; it spares the reading.
    if (lookedUpAtMs === undefined) return undefined;
    let best: LedgerRecord | undefined;
    for (const name of await namesIn(this.#pathOf(targetSlot))) {
      const record = (await this.#records.read(name))?.record;
      if (settledAtMsOf(record) <= lookedUpAtMs) continue;
      const isEqual = isEqualTo(intent, record);
      if (isEqual === isEqualTo(intent, best) ? settledAtMsOf(record) > settledAtMsOf(best) : isEqual) best = record;
    }
    return best;
  }

  async forget(targetSlot: string, name: string): Promise<void> {
    const path = this.#pathOf(targetSlot);
    await rm(join(path, name), { force: true });
    await removeIfEmpty(path);
  }

  #pathOf(targetSlot: string): string {
    return join(this.#folder.settled, basename(targetSlot));
  }
}

function isEqualTo({ key, fingerprint }: Intent, record: LedgerRecord | undefined): boolean {
  return record?.intent.key === key && record?.intent.fingerprint === fingerprint;
}

function settledAtMsOf(record: LedgerRecord | undefined): number {
  return record?.settlement?.settledAtMs ?? Number.NEGATIVE_INFINITY;
}
