import { VirtualClock } from '../testing/clock.js';
import type { DescribedEmulator, EmulatorSettings } from '../testing/emulated-connection.js';
import { EXIT, UsageError } from './exit-codes.js';
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
  const ports = portsOf(flags.port ?? [], providers);
  const frozenAtMs = instantOf(flags.clock);
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

function portsOf(flags: readonly string[], providers: readonly string[]): Map<string, number> {
  return new Map(
    flags.map((flag) => {
      const [provider = '', port = ''] = flag.split('=');
      if (!providers.includes(provider) || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
        throw new UsageError(`--port takes <provider>=<port> with one of ${providers.join(', ')}; got "${flag}".`);
      }
      return [provider, Number(port)];
    }),
  );
}

function instantOf(clock: string | undefined): number | undefined {
  if (clock === undefined) return undefined;
  const ms = Date.parse(clock);
  if (Number.isNaN(ms)) throw new UsageError(`--clock takes a time such as 2020-08-27T12:38:10Z; got "${clock}".`);
  return ms;
}
