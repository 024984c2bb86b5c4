import { VirtualClock } from '../testing/clock.js';
import type { DescribedEmulator, EmulatorSettings } from '../testing/emulated-connection.js';
import { EXIT, UsageError } from './exit-codes.js';
import { instantOf } from './flags.js';
import { loadEmulator, ownProviders } from './providers.js';

/** The flags of `resumable emulate`. */
export interface EmulateFlags {
  readonly port?: string[];
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly securityToken?: string;
  readonly projectId?: string;
  readonly clock?: string;
}

/** Starts every emulator, prints one JSON line each, and plays until it is told to stop. */
export async function emulateCommand(flags: EmulateFlags): Promise<number> {
  const providers = await ownProviders();
  const { ports, frozenAtMs } = checked(flags, providers);
  const emulators = await startEmulators(providers, (provider) => ({
    port: ports.get(provider),
    clock: new VirtualClock(frozenAtMs),
    accessKeyId: flags.accessKey,
    secretAccessKey: flags.secretKey,
    securityToken: flags.securityToken,
    projectId: flags.projectId,
  }));
  for (const emulator of emulators) process.stdout.write(`${JSON.stringify(emulator.describe())}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await Promise.all(emulators.map((emulator) => emulator.close()));
  return EXIT.accepted;
}

/** Starts the emulators of some providers; none is left running where one cannot start. */
export async function startEmulators(
  providers: readonly string[],
  settingsOf: (provider: string) => EmulatorSettings,
): Promise<DescribedEmulator[]> {
  const emulators: DescribedEmulator[] = [];
  try {
    for (const provider of providers) {
      const create = await loadEmulator(provider);
      const emulator = create(settingsOf(provider));
      await emulator.start();
      emulators.push(emulator);
    }
    return emulators;
  } catch (cause) {
    await Promise.all(emulators.map((emulator) => emulator.close()));
    if ((cause as NodeJS.ErrnoException).syscall !== 'listen') throw cause;
    throw new UsageError(`The emulators cannot be started: ${(cause as Error).message}`, { cause });
  }
}

const KEY_FLAGS = { accessKey: '--access-key', secretKey: '--secret-key', securityToken: '--security-token' } as const;

/** @throws {UsageError} with every flag that cannot be used. */
function checked({ port = [], clock, projectId, ...keys }: EmulateFlags, providers: readonly string[]) {
  const problems: string[] = [];
  const ports = new Map<string, number>();
  const known = providers.join(', ');
  for (const flag of port) {
    const [, provider = '', number = ''] = /^([^=]*)=(\d{1,5})$/.exec(flag) ?? [];
    if (ports.has(provider)) problems.push(`--port ${provider}=… is given twice.`);
    else if (providers.includes(provider) && Number(number) <= 65_535) ports.set(provider, Number(number));
    else problems.push(`--port takes <provider>=<port>, one of ${known} and a port from 0 to 65535; got "${flag}".`);
  }
  const frozenAtMs = clock === undefined ? undefined : instantOf(clock);
  if (clock !== undefined && frozenAtMs === undefined)
    problems.push(`--clock takes a time such as 2020-08-27T12:38:10Z; got "${clock}".`);
  if (projectId !== undefined && !/^[0-9a-zA-Z]{32}$/.test(projectId)) {
    problems.push(`--project-id takes 32 letters and digits; got "${projectId}".`);
  }
  for (const [name, flag] of Object.entries(KEY_FLAGS)) {
    if (keys[name as keyof typeof keys] === '') problems.push(`${flag} must not be empty.`);
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return { ports, frozenAtMs };
}
