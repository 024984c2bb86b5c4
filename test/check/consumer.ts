import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A consumer's own settings, strict, with nothing skipped. */
const STRICT = {
  target: 'es2022',
  lib: ['es2022', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  types: ['node'],
  noEmit: true,
};

/**
 * Compiles some files in a consumer's project.
 *
 * @returns what the compiler complains about; empty where it does not.
 */
export function compile(consumer: string, name: string, files: Record<string, string>, options: object = {}): string {
  const folder = join(consumer, name);
  for (const [file, text] of Object.entries(files)) write(join(folder, file), text);
  const config = { compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) };
  write(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

/** Runs a script of a consumer's. @returns what it prints. */
export function runScript(consumer: string, file: string, text: string, node: readonly string[] = [process.execPath]) {
  write(join(consumer, file), text);
  const [command = process.execPath, ...parts] = node;
  return execFileSync(command, [...parts, join(consumer, file)], {
    cwd: consumer,
    encoding: 'utf8',
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
