import { hostname } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';

const files = vi.hoisted(() => ({
  read: (_path: string): string => ' boot-1\n',
  link: (_path: string): string => 'pid:[4026531836]',
}));
vi.mock('node:fs', () => ({
  readFileSync: (path: string) => files.read(path),
  readlinkSync: (path: string) => files.link(path),
}));

const original = { ...files };
afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
  Object.assign(files, original);
});

/** As a process that has just started. */
async function started(platform: string) {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as NodeJS.Platform);
  return await import('../src/ledger/owner-process.js');
}
const gone = `2147483646@${hostname()}`;

describe('where process ids mean something', () => {
  it('is this boot and this pid namespace on Linux', async () => {
    const asked: string[] = [];
    files.read = (path) => {
      asked.push(path);
      return ' boot-1\n';
    };
    files.link = (path) => {
      asked.push(path);
      return 'pid:[7]';
    };
    const { processSpace } = await started('linux');
    expect(processSpace()).toBe('boot-1 pid:[7]');
    expect(asked).toEqual(['/proc/sys/kernel/random/boot_id', '/proc/self/ns/pid']);
  });

  it('is found out once', async () => {
    const { processSpace } = await started('linux');
    const first = processSpace();
    files.read = () => 'boot-2';
    expect(processSpace()).toBe(first);
  });

  it('is this host elsewhere', async () => {
    files.read = () => {
      throw new Error('there is no /proc');
    };
    const { processSpace } = await started('darwin');
    expect(processSpace()).toBe(hostname());
  });

  it('is not known on a Linux that does not tell, and then no owner counts as gone', async () => {
    files.link = () => {
      throw new Error('EACCES');
    };
    const { processSpace, ownerIsGone } = await started('linux');
    expect(processSpace()).toBeUndefined();
    expect(ownerIsGone(gone, undefined)).toBe(false);
    expect(ownerIsGone(gone, 'boot-1 pid:[4026531836]')).toBe(false);
  });
});

describe('the owner of a lease', () => {
  const isGone = async (owner: string, space?: string): Promise<boolean> => {
    const { ownerIsGone, processSpace } = await started('linux');
    return ownerIsGone(owner, space ?? processSpace());
  };

  it('is gone where no process of this place has its id', async () => {
    expect(await isGone(gone)).toBe(true);
  });

  it('is not gone where it lives, or lives as another user', async () => {
    expect(await isGone(`${process.pid}@${hostname()}`)).toBe(false);
    const asked: unknown[] = [];
    vi.spyOn(process, 'kill').mockImplementation((...asking) => {
      asked.push(asking);
      throw Object.assign(new Error('it is not yours'), { code: 'EPERM' });
    });
    expect(await isGone(gone)).toBe(false);
    expect(asked).toEqual([[2147483646, 0]]);
  });

  it('cannot be told from another boot, container or host, and then the lease has to run out', async () => {
    expect(await isGone(gone, 'boot-0 pid:[4026531836]')).toBe(false);
    expect(await isGone('2147483646@elsewhere')).toBe(false);
  });

  it.each([
    'somebody',
    hostname(),
    `@${hostname()}`,
    `x2147483646@${hostname()}`,
    `-2147483646@${hostname()}`,
    `0@${hostname()}`,
    `02147483646@${hostname()}`,
    `21474836460000@${hostname()}`,
    `2147483646@${hostname()}/worker`,
    `2147483646@`,
    `2147483646@${hostname()}\nworker`,
    `2147483646 @${hostname()}`,
  ])('is no process of this host where it is called %j', async (owner) => {
    const kill = vi.spyOn(process, 'kill');
    expect(await isGone(owner)).toBe(false);
    expect(kill).not.toHaveBeenCalled();
  });
});
