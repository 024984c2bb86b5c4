import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

function run(command: string, ...parts: string[]): string {
  try {
    return execFileSync(command, parts, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${parts.join(' ')}:\n${stdout}${stderr}`);
  }
}

describe('the packed package', () => {
  it('is what publint recommends', () => {
    expect(run('npx', 'publint', 'run', inject('tarball'), '--strict')).toContain('All good');
  });

  it('has types that resolve in every way that ES modules can be', () => {
    // It fails by its exit code; what it ignores for packages of ES modules alone it prints all the same.
    expect(() => run('npx', 'attw', inject('tarball'), '--profile', 'esm-only', '--no-emoji')).not.toThrow();
  });

  it('ships what is needed and nothing else', () => {
    const files = run('tar', '-tzf', inject('tarball')).trim().split('\n');
    const strange = files.filter(
      (file) =>
        !/^package\/(dist\/(src|providers)\/.+\.(js|d\.ts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(file),
    );
    expect(strange).toEqual([]);
  });

  it('names no dependency that its code does not import', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const unused = Object.keys(dependencies).filter(
      (name) => run('grep', '-rlE', `['"]${name}(/[^'"]*)?['"]`, 'dist', '--include=*.js').trim() === '',
    );
    expect(unused).toEqual([]);
  });
});
