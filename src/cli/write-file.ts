import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.js';

const MAX_NAMES = 1_000;

/**
 * Writes a file that somebody named: whoever reads it sees the old one or the whole new one.
 *
 * @throws {UsageError} it cannot be written.
 */
export async function writeNamed(file: string, content: string): Promise<void> {
  try {
    const place = await realpath(file).catch(() => file);
    const there = await stat(place).catch(() => undefined);
    // A pipe or a device is written to, not replaced.
    if (there !== undefined && !there.isFile()) await writeFile(place, content);
    else await replace(place, content);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Writes a file under a name that nobody chose, and overwrites none.
 *
 * @returns the name that it got.
 * @throws {UsageError} it cannot be written.
 */
export async function writeNew(name: string, suffix: string, content: string): Promise<string> {
  const base =
    name
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 100) || 'execution';
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const file = number === 1 ? `${base}${suffix}` : `${base}-${number}${suffix}`;
    try {
      await writeFile(file, content, { flag: 'wx' });
      return file;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new UsageError(`${file} cannot be written: ${(cause as Error).message}`, { cause });
    }
  }
  throw new UsageError(`There are ${MAX_NAMES} files like ${base}${suffix} here already: name one with --html=<file>.`);
}

async function replace(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}
