/** Why a ledger could not do its work, and what to do about it. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  /** The system's error code, such as `ENOSPC`, where there was one. */
  readonly code: string | undefined;

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = codeOf(cause);
  }
}

const SHOWN_PATHS = 5;

/** Files of records that are damaged, or that a newer version of this package wrote. */
export class UnreadableRecords extends LedgerError {
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    const [first = ''] = paths;
    const more = paths.length > SHOWN_PATHS ? ` and ${paths.length - SHOWN_PATHS} more` : '';
    super(
      paths.length === 1
        ? `${first} is no record that this version can read: move it away, or use a newer version.`
        : `${paths.length} files are no records that this version can read: move them away, or use a newer version. ` +
            `They are ${paths.slice(0, SHOWN_PATHS).join(', ')}${more}.`,
    );
    this.paths = paths;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to read and write it, or choose another folder',
  EPERM: 'give this user the right to read and write it, and keep it on a local disk that knows hard links',
  EROFS: 'it lies on a read-only file system: choose another folder',
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the quota of this user is used up: free some space',
  EMFILE: 'this process has too many files open: raise its limit (ulimit -n)',
  ENFILE: 'this machine has too many files open: close some programs or raise the limit',
  EEXIST: 'a file is in the place of a folder: choose another folder',
  ENOTDIR: 'a part of its path is a file: choose another folder',
  ENOENT: 'it was removed while it was in use: call again, which makes it anew',
  ENOTSUP: 'its file system has no hard links: choose a folder on a local disk',
  ENOSYS: 'its file system has no hard links: choose a folder on a local disk',
  EXDEV: 'it spans two file systems: choose a folder on one local disk',
  EIO: 'the disk fails: check it',
};

/** An error of the file system as one that names the folder and says what to do; any other one as it is. */
export function ledgerErrorOf(folder: string, thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === undefined || thrown instanceof LedgerError) return thrown;
  const advice = ADVICE[code] ?? 'check the folder, or choose another one';
  return new LedgerError(`The ledger in ${folder} cannot be used (${code}): ${advice}.`, thrown);
}

/** The system's error code of anything that was thrown. */
export function codeOf(thrown: unknown): string | undefined {
  const code = (thrown as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Answers undefined for the errors that are expected here, and throws every other one. */
export async function unless<T>(codes: readonly string[], step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (thrown) {
    if (codes.includes(codeOf(thrown) ?? '')) return undefined;
    throw thrown;
  }
}
