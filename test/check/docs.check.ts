import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
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

const run = promisify(execFile);
const MAIN = join(root, 'dist/src/cli/main.js');

describe('the command line in the documents', () => {
  const page = textOf('docs/command-line.md');
  /** Each section of a command, by its words. */
  const sections = new Map(
    page
      .split(/^## /m)
      .map((section) => [/^`resumable ([a-z]+)`/.exec(section)?.[1] ?? '', section] as const)
      .filter(([command]) => command !== ''),
  );
  const helpOf = async (...words: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...words, '--help'])).stdout;
  const commandsIn = (help: string): string[] =>
    [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
  const flagsIn = (text: string): Set<string> =>
    new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag));

  it('has every command, and no other', async () => {
    expect([...sections.keys()].sort()).toEqual(commandsIn(await helpOf()).sort());
  });

  it.each([...sections.keys()])('has every flag of %s, and no other', async (command) => {
    const help = await helpOf(command);
    const all = [help, ...(await Promise.all(commandsIn(help).map((name) => helpOf(command, name))))].join('\n');
    // What is said of several commands is said once, in front of them.
    const common = page.split(/^## /m).find((section) => section.startsWith('Flags of several commands')) ?? '';
    const known = flagsIn(all);
    const told = flagsIn(sections.get(command) ?? '');
    expect([...known].filter((flag) => !told.has(flag) && !flagsIn(common).has(flag) && flag !== '--help')).toEqual([]);
    expect([...told].filter((flag) => !known.has(flag))).toEqual([]);
  });

  it('is configured as it is shown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'documents-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = join(folder, 'resumable.config.json');
    const shown = written.flatMap((name) => blocksOf(name, 'json')).filter((block) => block.includes('"connections"'));
    expect(shown.length).toBeGreaterThan(2);
    for (const block of shown) {
      writeFileSync(config, block);
      const variables = [...block.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [
        name,
        '0123456789abcdef0123456789abcdef',
      ]);
      const env = { PATH: process.env['PATH'], ...(Object.fromEntries(variables) as Record<string, string>) };
      const { stdout } = await run(process.execPath, [MAIN, 'connections', '--config', config, '--json'], { env });
      expect(stdout, block).toContain('"name":');
    }
  });
});
