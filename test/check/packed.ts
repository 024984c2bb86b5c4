import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const root = join(import.meta.dirname, '..', '..');

declare module 'vitest' {
  interface ProvidedContext {
    /** A project of somebody else's, in which the packed package is installed. */
    readonly consumer: string;
    /** The packed package. */
    readonly tarball: string;
  }
}

/** Packs the package and installs it into an empty project, as a user would: once for all checks. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'resumable-workflow-check-'));
  const run = (command: string, ...parts: string[]): string =>
    execFileSync(command, parts, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  run('npm', 'pack', root, '--ignore-scripts', '--silent');
  const tarball = join(folder, run('node', '-p', "fs.readdirSync('.').find((name) => name.endsWith('.tgz'))").trim());
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', tarball);
  // What a user may bring along, at the versions that this repository has. Copied: an install through a link would prune
  // the originals.
  for (const name of ['@types', 'undici-types', '@opentelemetry', 'vitest', '@vitest']) {
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  project.provide('consumer', folder);
  project.provide('tarball', tarball);
  return () => rmSync(folder, { recursive: true, force: true });
}
