import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DescribedEmulator, EmulatorSettings } from '../testing/emulated-connection.js';
import type { ResumableWorkflow } from '../types.js';
import { UsageError } from './exit-codes.js';

/** `create<Service>Workflow`, found by its name. */
export type CreateWorkflow = (options: unknown) => ResumableWorkflow;
type CreateEmulator = (settings: EmulatorSettings) => DescribedEmulator;

const PACKAGE = 'resumable-workflow';

/**
 * Loads a provider by name: one of this package's own through its exports, any other name as a package of its own.
 *
 * @throws {UsageError} there is no such provider, or it does not export what a provider exports.
 */
export async function loadProvider(provider: string): Promise<CreateWorkflow> {
  const own = await ownProviders();
  const specifier = own.includes(provider) ? `${PACKAGE}/providers/${provider}` : provider;
  const exported = await imported(specifier, provider, own);
  return onlyFunction<CreateWorkflow>(exported, /^create\w+Workflow$/, specifier);
}

/** Loads the emulator of one of this package's own providers. */
export async function loadEmulator(provider: string): Promise<CreateEmulator> {
  const specifier = `${PACKAGE}/providers/${provider}/emulator`;
  const exported = (await import(specifier)) as Record<string, unknown>;
  return onlyFunction<CreateEmulator>(exported, /^create\w+Emulator$/, specifier);
}

/** The names of this package's own providers, read off its exports. */
export async function ownProviders(): Promise<string[]> {
  const manifest = await readFile(new URL(import.meta.resolve(`${PACKAGE}/package.json`)), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  return Object.keys(exports)
    .map((path) => /^\.\/providers\/([^/]+)$/.exec(path)?.[1])
    .filter((name) => name !== undefined);
}

async function imported(specifier: string, provider: string, own: readonly string[]): Promise<Record<string, unknown>> {
  try {
    const location = own.includes(provider) ? specifier : locationOf(specifier);
    return (await import(location)) as Record<string, unknown>;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'it is not installed' : cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `There is no provider "${provider}" (${why}). Built in: ${own.join(', ')}. Another one must be an installed package.`,
      { cause },
    );
  }
}

/**
 * Where a stranger's package lies: as the project sees it in whose folder the command runs. This package itself may be
 * installed elsewhere, globally or in a store that shows it no others.
 */
function locationOf(specifier: string): string {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'resumable.config.json')).resolve(specifier)).href;
  } catch {
    return specifier;
  }
}

function onlyFunction<F>(exported: Record<string, unknown>, pattern: RegExp, specifier: string): F {
  const [found, second] = Object.entries(exported).filter(([name, value]) => {
    return pattern.test(name) && typeof value === 'function';
  });
  if (found === undefined || second !== undefined) {
    throw new UsageError(`${specifier} must export exactly one function named like ${String(pattern)}.`);
  }
  return found[1] as F;
}
