import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where process ids mean what they mean here: this boot of this machine and, on Linux, this pid namespace. A container
 * that shares the folder and the host's name has its own. Undefined where that cannot be told.
 */
export function processSpace(): string | undefined {
  known ??= { space: readProcessSpace() };
  return known.space;
}

let known: { readonly space: string | undefined } | undefined;

/**
 * Whether an owner such as `4711@host` is a process of this very place that is provably gone. A process id that was
 * given to another process meanwhile counts as alive: then the lease has to run out.
 *
 * @param space - the {@link processSpace} of whoever wrote the owner down.
 */
export function ownerIsGone(owner: string, space: string | undefined): boolean {
  if (space === undefined || space !== processSpace()) return false;
  const found = /^([1-9]\d{0,9})@(.+)$/.exec(owner);
  if (found?.[2] !== hostname()) return false;
  try {
    process.kill(Number(found[1]), 0);
    return false;
  } catch (thrown) {
    // EPERM: it lives, as another user.
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function readProcessSpace(): string | undefined {
  if (process.platform !== 'linux') return hostname();
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // It cannot be told.
  }
  return undefined;
}
