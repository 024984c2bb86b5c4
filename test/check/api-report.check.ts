import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string } | string>;
};
const subpaths = Object.entries(entries).flatMap(([path, target]) =>
  typeof target === 'object' && target.types !== undefined ? [{ path, types: target.types }] : [],
);

/** What the root and `./testing` export by name, and an entry of its own folder, may be used by other entries. */
const namesOf = (types: string): string[] =>
  [...readFileSync(join(root, types), 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
const sharedNames = new Set(['dist/src/index.d.ts', 'dist/src/testing/index.d.ts'].flatMap(namesOf));

function mayUse(path: string, types: string, name: string): boolean {
  const sibling = types.replace('emulator.d.ts', 'index.d.ts');
  return path !== '.' && (sharedNames.has(name) || (sibling !== types && namesOf(sibling).includes(name)));
}

/** `./providers/glue` is reported in `providers-glue.api.md`. */
function reportNameOf(path: string): string {
  return path === '.' ? 'index' : path.slice(2).replaceAll('/', '-');
}

/** Writes the report of an entry, and tells whether it is the one that is checked in. */
function extract(path: string, types: string, update: boolean): { same: boolean; problems: string[] } {
  const problems: string[] = [];
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${reportNameOf(path)}.api.md`,
        reportFolder: join(root, 'docs', 'api'),
        reportTempFolder: mkdtempSync(join(tmpdir(), 'resumable-workflow-api-')),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = true;
      const [, name = ''] = /The symbol "(\w+)"/.exec(message.text) ?? [];
      const isForgotten = message.messageId === 'ae-forgotten-export' && !mayUse(path, types, name);
      if (isForgotten) problems.push(`${name} is used by ${path} and exported nowhere`);
    },
  });
  return { same: !result.apiReportChanged || update, problems };
}

describe('the public surface', () => {
  it.each(subpaths)('of $path is the one that was reviewed (UPDATE_API=1 writes it anew)', ({ path, types }) => {
    const { same, problems } = extract(path, types, process.env['UPDATE_API'] === '1');
    expect(problems).toEqual([]);
    expect(same).toBe(true);
  });
});
