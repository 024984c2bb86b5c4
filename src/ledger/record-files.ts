import { link, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerRecord } from './ledger.js';
import { UnreadableRecords, unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { makeFolder, namesIn } from './ledger-folder.js';

/** What a version of a record says. */
export interface RecordState {
  /** A word that no other proposal has; slots are taken in its name. */
  readonly proposal: string;
  /** The version in which it was proposed. A state of this very version is a proposal still, a later one is begun. */
  readonly proposedAs: number;
  /** Undefined where the proposal was withdrawn, by its owner or by anybody who found it half done. */
  readonly record?: LedgerRecord | undefined;
  /** Where the lease's owner is a process. */
  readonly space?: string | undefined;
}

export interface StoredRecord extends RecordState {
  readonly version: number;
}

const FORMAT = 1;
/** A version is removed when there is one that is newer by this many. */
const KEPT_VERSIONS = 3;

/**
 * Records that change by compare-and-set: each change is a new file, named by the next version and linked into place
 * only where no file has that name. The newest version is what counts.
 */
export class RecordFiles {
  readonly #folder: LedgerFolder;

  constructor(folder: LedgerFolder) {
    this.#folder = folder;
  }

  pathOf(name: string): string {
    return join(this.#folder.records, name);
  }

  async read(name: string): Promise<StoredRecord | undefined> {
    for (;;) {
      const version = await this.#newest(name);
      if (version === undefined) return undefined;
      const path = this.#versionPath(name, version);
      const content = await unless(['ENOENT'], readFile(path));
      // It may have been overtaken by newer ones and removed since.
      if (content !== undefined) return { ...parsed(content.toString(), path), version };
    }
  }

  /**
   * Adds a version. Outlives a crash of the machine once it has answered.
   *
   * @returns false where there is one of that number already: read again.
   */
  async append(name: string, version: number, state: RecordState): Promise<boolean> {
    const written = await this.#folder.write(textOf(state));
    await this.#folder.step('version written');
    const linked = await this.#link(written, name, version);
    await this.#folder.step('version linked');
    await unlink(written);
    if (!linked) return false;
    await this.#folder.sync(this.pathOf(name));
    await this.#folder.step('version synced');
    return await this.#isEffective(name, version);
  }

  /**
   * Writes a proposal down; the caller syncs it.
   *
   * @returns false where somebody else works on the same record.
   */
  async propose(name: string, state: RecordState): Promise<boolean> {
    const written = await this.#folder.write(textOf(state));
    await this.#folder.step('proposal written');
    await makeFolder(this.pathOf(name));
    await this.#folder.step('record made');
    const linked = await this.#link(written, name, state.proposedAs);
    await this.#folder.step('proposed');
    await unlink(written);
    return linked;
  }

  /** Turns a proposal, which is synced, into a begun intent. False where it was withdrawn. */
  async begin(name: string, proposedAs: number): Promise<boolean> {
    const begun = await this.#link(this.#versionPath(name, proposedAs), name, proposedAs + 1);
    await this.#folder.step('begun');
    if (begun) await this.#folder.sync(this.pathOf(name));
    return begun;
  }

  /** Withdraws a proposal. Nothing is lost where a crash of the machine forgets it: then it is half done again. */
  async withdraw(name: string, { proposal, proposedAs }: RecordState): Promise<void> {
    const written = await this.#folder.write(textOf({ proposal, proposedAs }));
    await this.#folder.step('withdrawal written');
    await this.#link(written, name, proposedAs + 1);
    await this.#folder.step('withdrawn');
    await unlink(written);
  }

  async remove(name: string): Promise<void> {
    await this.#folder.discard(this.pathOf(name));
  }

  /** False where that version exists, or the record has been removed. */
  async #link(written: string, name: string, version: number): Promise<boolean> {
    const linked = link(written, this.#versionPath(name, version)).then(() => true);
    return (await unless(['EEXIST', 'ENOENT'], linked)) ?? false;
  }

  /**
   * Whether a version that was just linked counts. A process that slept through several changes can link a number that
   * was used and removed before; that changes nothing, and is taken away again.
   */
  async #isEffective(name: string, version: number): Promise<boolean> {
    const newest = (await this.#newest(name)) ?? Number.POSITIVE_INFINITY;
    const isEffective = newest - version < KEPT_VERSIONS;
    const outdated = isEffective ? version - KEPT_VERSIONS : version;
    // Stryker disable next-line ConditionalExpression,EqualityOperator: no version has such a number; it spares a system call.
    if (outdated > 0) await unless(['ENOENT'], unlink(this.#versionPath(name, outdated)));
    return isEffective;
  }

  async #newest(name: string): Promise<number | undefined> {
    const files = await namesIn(this.pathOf(name));
    const versions = files.map((file) => Number.parseInt(file, 10)).filter((version) => version > 0);
    return versions.length === 0 ? undefined : Math.max(...versions);
  }

  #versionPath(name: string, version: number): string {
    return join(this.pathOf(name), `${version}.json`);
  }
}

function textOf(state: RecordState): string {
  return `${JSON.stringify({ format: FORMAT, ...state })}\n`;
}

function parsed(content: string, path: string): RecordState {
  let state: unknown;
  try {
    state = JSON.parse(content);
  } catch {
    // Told below.
  }
  if (!isState(state)) throw new UnreadableRecords([path]);
  return state;
}

/** As far as a file can be another program's or damaged: what is in it was checked before it was written. */
function isState(value: unknown): value is RecordState {
  if (typeof value !== 'object' || value === null || (value as { format?: unknown }).format !== FORMAT) return false;
  const { record } = value as Partial<RecordState>;
  return (
    record === undefined ||
    (typeof record?.intent?.id === 'string' && typeof record.intent.target?.execution === 'string')
  );
}
