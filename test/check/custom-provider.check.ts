import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { ConformanceReport } from '../../src/testing/index.js';
import { failuresOf } from '../../src/testing/index.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED/;

it('a provider outside of the tree is built on the packed package alone, and conforms', { timeout: 180_000 }, async ({
  skip,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'custom-provider-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(inject('tarball'), join(folder, 'resumable-workflow.tgz'));
  for (const name of ['package.json', 'tsconfig.json', 'src']) {
    await cp(join(root, 'examples/custom-provider', name), join(folder, name), { recursive: true });
  }
  try {
    const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
    await run('npm', ['install', ...quietly], { cwd: folder });
  } catch (thrown) {
    const { stderr } = thrown as { readonly stderr: string };
    if (!OFFLINE.test(stderr)) throw thrown;
    console.info('custom-provider: skipped, since the packages that it needs cannot be fetched here');
    skip('the packages that it needs cannot be fetched here');
  }
  await run('npm', ['test'], { cwd: folder }).catch(({ stdout }: { readonly stdout: string }) => {
    // A runner tells what failed on its standard output.
    throw new Error(
      stdout
        .split('\n')
        .filter((line) => /error TS|not ok|✖|error: /.test(line))
        .join('\n'),
    );
  });
  const report = JSON.parse(await readFile(join(folder, 'conformance.json'), 'utf8')) as ConformanceReport;
  expect(failuresOf(report)).toEqual([]);
  expect(report.rows.filter(({ result }) => result === 'pass').length).toBeGreaterThan(60);
  expect(report.provider).toBe('step-functions');
});
