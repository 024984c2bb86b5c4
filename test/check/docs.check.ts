import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { compile } from './consumer.js';
import { blocksOf, moduleOf, pages, textOf } from './markdown.js';

const root = join(import.meta.dirname, '..', '..');
const written = pages();

describe('the code in the documents', () => {
  it('compiles against the packed package, nothing skipped', () => {
    const files = Object.fromEntries(
      written
        .filter((page) => blocksOf(page, 'ts').length > 0)
        .map((page) => [`${page.replaceAll('/', '-')}.mts`, moduleOf(page)]),
    );
    expect(Object.keys(files).length).toBeGreaterThan(5);
    const options = { experimentalDecorators: true, noUnusedLocals: false };
    expect(compile(inject('consumer'), 'docs', files, options)).toBe('');
  });

  it('is JSON where it says so', () => {
    for (const page of written) {
      for (const block of blocksOf(page, 'json')) expect(() => JSON.parse(block) as unknown, page).not.toThrow();
    }
  });
});

describe('the links in the documents', () => {
  it.each(written)('%s leads to files that are there', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    const missing = links.filter((path) => !existsSync(join(root, dirname(page), path)));
    expect(missing).toEqual([]);
  });

  it('names only files of this repository that are there', () => {
    const named = written.flatMap((page) =>
      [...textOf(page).matchAll(/`((?:src|providers|test|docs|examples|bench)\/[\w./-]+\.(?:ts|md|json))`/g)].map(
        ([, path = '']) => `${page}: ${path}`,
      ),
    );
    const isThere = (entry: string): boolean => {
      const [page = '', path = ''] = entry.split(': ');
      // A page of an example names the example's own files.
      return existsSync(join(root, path)) || existsSync(join(root, dirname(page), path));
    };
    expect(named.filter((entry) => !entry.includes('YYYY-MM-DD') && !isThere(entry))).toEqual([]);
  });
});

describe('the commands in the documents', () => {
  it('are scripts of this package', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = written.flatMap((page) =>
      [...textOf(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});
