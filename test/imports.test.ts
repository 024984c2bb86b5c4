import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadReporter } from './load-reporter.js';

const root = join(import.meta.dirname, '..');

beforeAll(() => {
  if (!existsSync(join(root, 'dist/src/index.js'))) throw new Error('dist is missing: run `npm run build`');
});

/** What a fresh process loads when it imports one subpath of the built package: packages, and providers of this one. */
async function loadedBy(specifier: string): Promise<string[]> {
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(specifier)});
    // What CommonJS modules require of each other does not pass the loader.
    for (const path of Object.keys(createRequire(process.cwd() + '/').cache)) console.log('file://' + path);
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', loadReporter(1), '--input-type=module', '--eval', script],
    {
      cwd: root,
    },
  );
  const names = stdout.split('\n').map((url) => {
    const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    const provider = /\/dist\/providers\/([^/]+)\//.exec(url)?.[1];
    return inPackage ?? (provider === undefined ? undefined : `provider ${provider}`);
  });
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

describe('importing', () => {
  it.each(['obs', 'aom'])('providers/%s loads neither the AWS SDK nor tsyringe', async (provider) => {
    const seen = await loadedBy(`resumable-workflow/providers/${provider}`);
    expect(seen).toContain('undici');
    expect(seen.filter((name) => /^@aws-sdk|^@smithy|tsyringe|reflect-metadata/.test(name))).toEqual([]);
    expect(
      seen.filter((name) => name.startsWith('provider ') && !['huawei', provider].includes(name.slice(9))),
    ).toEqual([]);
  });

  it('providers/glue loads the AWS SDK only when a connection is made', async () => {
    const seen = await loadedBy('resumable-workflow/providers/glue');
    expect(seen.filter((name) => /^@aws-sdk|^@smithy|tsyringe|reflect-metadata/.test(name))).toEqual([]);
  });

  it('the root loads tsyringe and no provider', async () => {
    const seen = await loadedBy('resumable-workflow');
    expect(seen).toContain('tsyringe');
    expect(seen.filter((name) => name.startsWith('provider ') || /^@aws-sdk|undici/.test(name))).toEqual([]);
  });
});
