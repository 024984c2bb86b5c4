import { hash, randomUUID } from 'node:crypto';
import { mkdir, open, opendir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { unless } from './ledger-error.js';

/** Called after each step that could be a process's last one. */
export type StepHook = (step: string) => void | Promise<void>;

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** What nobody has finished with after this long was left behind by a killed process. */
const LEFTOVER_AFTER_MS = 10 * 60_000;
const LEFTOVERS_AT_ONCE = 64;

/**
 * Where things lie in a ledger's folder, and how they get there whole: what has a name in it was complete before.
 *
 * Names are hashes, so that no key, target or id can lead out of the folder.
 */
export class LedgerFolder {
  readonly path: string;
  readonly records: string;
  readonly targets: string;
  readonly keys: string;
  /** Which records of a target were settled. */
  readonly settled: string;
  /** Which records to look at when, to forget them. */
  readonly due: string;
  readonly #temporary: string;
  readonly #onStep: StepHook | undefined;
  #prepared: Promise<void> | undefined;

  constructor(path: string, onStep?: StepHook) {
    this.path = resolve(path);
    this.#onStep = onStep;
    [this.records, this.targets, this.keys, this.settled, this.due, this.#temporary] = [
      join(this.path, 'records'),
      join(this.path, 'targets'),
      join(this.path, 'keys'),
      join(this.path, 'settled'),
      join(this.path, 'due'),
      join(this.path, 'temporary'),
    ];
  }

  /** Makes the folders, once, and takes away what killed processes left behind. */
  async prepare(): Promise<void> {
    this.#prepared ??= this.#prepare();
    try {
      await this.#prepared;
    } catch (thrown) {
      this.#prepared = undefined;
      throw thrown;
    }
  }

  /** Makes the folders anew on the next use: somebody has taken them away. */
  forgetPrepared(): void {
    this.#prepared = undefined;
  }

  async step(name: string): Promise<void> {
    if (this.#onStep !== undefined) await this.#onStep(name);
  }

  /** A name that nothing else has, on the same file system as everything else. */
  temporaryPath(): string {
    return join(this.#temporary, randomUUID());
  }

  /** Writes a file under a temporary name; it outlives a crash of the machine. */
  async write(content: string): Promise<string> {
    const path = this.temporaryPath();
    const file = await open(path, 'wx', FILE_MODE);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  /** Makes the names in some folders outlive a crash of the machine. */
  async sync(...folders: readonly string[]): Promise<void> {
    // Windows cannot open a folder as a file; its file system keeps its names in order by itself.
    if (process.platform === 'win32') return;
    await Promise.all(folders.map(syncFolder));
  }

  /** Takes a file or a folder out of use at once, then removes it. What is gone already is fine. */
  async discard(path: string): Promise<void> {
    const discarded = this.temporaryPath();
    await unless(['ENOENT'], rename(path, discarded));
    await rm(discarded, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    const made = await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
    const parts = [this.records, this.targets, this.keys, this.settled, this.due, this.#temporary];
    const partsMade = await Promise.all(parts.map((part) => mkdir(part, { recursive: true, mode: FOLDER_MODE })));
    if (partsMade.some((part) => part !== undefined)) await this.sync(this.path);
    if (made !== undefined) await this.sync(join(this.path, '..'));
    await this.#removeLeftovers();
  }

  async #removeLeftovers(): Promise<void> {
    let left = LEFTOVERS_AT_ONCE;
    for await (const { name } of await opendir(this.#temporary)) {
      if (left === 0) return;
      left -= 1;
      const path = join(this.#temporary, name);
      const status = await unless(['ENOENT'], stat(path));
      if (status !== undefined && Date.now() - status.mtimeMs > LEFTOVER_AFTER_MS) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }
}

/** Makes a folder where it is missing; its parent must be there. */
export async function makeFolder(path: string): Promise<void> {
  await unless(['EEXIST'], mkdir(path, { mode: FOLDER_MODE }));
}

/** Makes an empty file where there is none. Its folder must be there. */
export async function makeMark(path: string): Promise<void> {
  const file = await unless(['EEXIST'], open(path, 'wx', FILE_MODE));
  await file?.close();
}

/** Makes an empty file where there is none, and its folder, which somebody may take away at any time while it is empty. */
export async function makeMarkIn(folder: string, name: string): Promise<void> {
  for (;;) {
    await makeFolder(folder);
    const marked = await unless(
      ['ENOENT'],
      makeMark(join(folder, name)).then(() => true),
    );
    if (marked === true) return;
  }
}

/** What is in a folder: nothing where there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await unless(['ENOENT'], readdir(folder))) ?? [];
}

/** Takes a folder away unless something is in it. What is gone already is fine. */
export async function removeIfEmpty(folder: string): Promise<void> {
  // The first two say on POSIX that it is not empty, the next two on Windows that somebody is at it.
  await unless(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY', 'ENOENT'], rmdir(folder));
}

/** What anything is called in the folder. */
export function nameOf(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts));
}

/** Whether {@link nameOf} makes such names. */
export function isName(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
