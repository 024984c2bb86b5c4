import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Every page that a reader may copy code from, by its path. */
export function pages(): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'examples/custom-provider/README.md',
    ...docs.filter((path) => path.endsWith('.md') && !path.startsWith('api')).map((path) => `docs/${path}`),
  ];
}

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The blocks of one language, in their order. */
export function blocksOf(page: string, language: string): string[] {
  const blocks = textOf(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, code = '']) => code);
}

const IMPORT = /^import (type )?\{([^}]*)\} from '([^']+)';.*$|^import '([^']+)';.*$/gm;

/**
 * A page's blocks as the one module that a reader has who copied them all: a page is read from its beginning, so that a
 * later block may use what an earlier one made.
 */
export function moduleOf(page: string): string {
  const code = blocksOf(page, 'ts').join('\n');
  const named = new Map<string, Set<string>>();
  const bare = new Set<string>();
  for (const [, type, names = '', from = '', effect] of code.matchAll(IMPORT)) {
    if (effect !== undefined) bare.add(effect);
    const known = named.get(`${type ?? ''}|${from}`) ?? new Set();
    for (const name of names.split(',')) if (name.trim() !== '') known.add(name.trim());
    if (from !== '') named.set(`${type ?? ''}|${from}`, known);
  }
  const imports = [...named].map(([key, names]) => {
    const [type = '', from = ''] = key.split('|');
    return `import ${type}{ ${[...names].join(', ')} } from '${from}';`;
  });
  return [...[...bare].map((from) => `import '${from}';`), ...imports, code.replace(IMPORT, ''), 'export {};'].join(
    '\n',
  );
}
