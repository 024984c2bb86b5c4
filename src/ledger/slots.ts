import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { makeMark, namesIn, removeIfEmpty } from './ledger-folder.js';

/** Whose a slot is: a record, and the proposal by which it was taken. */
export interface SlotEntry {
  readonly name: string;
  readonly proposal: string;
}

/**
 * Places that one record at a time can take: a target's, a key's.
 *
 * A slot is a folder with one file, named by its holder. It is taken by moving a folder with that file to where there
 * is none or an empty one, which the file system does for one only; it is freed by removing that one file, so that
 * somebody who comes late with it cannot free what another one has taken since.
 */
export class Slots {
  readonly #folder: LedgerFolder;

  constructor(folder: LedgerFolder) {
    this.#folder = folder;
  }

  async holder(slot: string): Promise<SlotEntry | undefined> {
    const [file = ''] = await namesIn(slot);
    return /^(?<name>[0-9a-f]{64})\.(?<proposal>[0-9a-f]+)$/.exec(file)?.groups as SlotEntry | undefined;
  }

  /** False where somebody has it. */
  async take(slot: string, entry: SlotEntry): Promise<boolean> {
    const prepared = this.#folder.temporaryPath();
    await mkdir(prepared, { mode: 0o700 });
    await makeMark(join(prepared, fileOf(entry)));
    await this.#folder.step('slot prepared');
    const taken = await unless(
      occupied(),
      rename(prepared, slot).then(() => true),
    );
    await this.#folder.step('slot taken');
    if (taken === true) return true;
    await rm(prepared, { recursive: true, force: true });
    // Windows does not replace an empty folder.
    await removeIfEmpty(slot);
    return false;
  }

  /** To be called only for what can hold nothing any more. What is free already is fine. */
  async free(slot: string, entry: SlotEntry): Promise<void> {
    await rm(join(slot, fileOf(entry)), { force: true });
    await this.#folder.step('slot freed');
    await removeIfEmpty(slot);
  }
}

function fileOf({ name, proposal }: SlotEntry): string {
  return `${name}.${proposal}`;
}

function occupied(): readonly string[] {
  return process.platform === 'win32' ? ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY'] : ['ENOTEMPTY', 'EEXIST'];
}
