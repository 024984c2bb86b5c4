import type * as Files from 'node:fs/promises';

/** What a test sees of the file system, and where it steps in. */
export const fileSystem = {
  /** What was made to outlive a crash of the machine, as paths in the order of the syncs. */
  synced: [] as string[],
  /** Called right before each operation, with its name and first path; what it throws is what the operation fails with. */
  before: undefined as ((operation: string, path: string) => void | Promise<void>) | undefined,
  reset(): void {
    this.synced = [];
    this.before = undefined;
  },
};

/** As the system reports a failed operation. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: told by the test`), { code });
}

const OPERATIONS = [
  'link',
  'mkdir',
  'opendir',
  'readFile',
  'readdir',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'unlink',
] as const;

/** For `vi.mock('node:fs/promises', …)`: the real one, but watched. */
export function traced(files: typeof Files): typeof Files {
  const watched: Record<string, unknown> = { ...files };
  for (const operation of OPERATIONS) {
    const real = files[operation] as (path: string, ...more: unknown[]) => Promise<unknown>;
    watched[operation] = async (path: string, ...more: unknown[]) => {
      await fileSystem.before?.(operation, path);
      return await real(path, ...more);
    };
  }
  watched['open'] = async (path: string, ...more: unknown[]) => {
    await fileSystem.before?.('open', path);
    const handle = await (files.open as (path: string, ...more: unknown[]) => Promise<Files.FileHandle>)(path, ...more);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      fileSystem.synced.push(path);
      await sync();
    };
    return handle;
  };
  return watched as typeof Files;
}
