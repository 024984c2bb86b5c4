import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './cli-run.js';

const SECRET = 'SuperSecretKeyValue1234567890';
/** What stands in a configuration for an environment variable. */
const fromEnv = (name: string): string => `$\{${name}}`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resumable-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What is said of a configuration; never a secret, nor a stack. */
async function said(file: string, content: string): Promise<string> {
  await writeFile(join(folder, file), content);
  const { exitCode, stdout, stderr } = await runCli(['connections', '--config', file], folder);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).not.toContain(SECRET);
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr.replaceAll(`${folder}/`, '').replace(/^\/private/, '');
}

/** A package in the folder's node_modules. */
async function install(name: string, code: string): Promise<void> {
  const place = join(folder, 'node_modules', name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), JSON.stringify({ name, type: 'module', main: 'index.js' }));
  await writeFile(join(place, 'index.js'), code);
}

describe('a configuration in YAML', () => {
  it.each([
    [
      'a tag that is not known',
      `connections:\n  a:\n    key: !secret ${SECRET}\n`,
      '(line 3): a tag that is not known',
    ],
    [
      'a key that is given twice',
      `connections:\n  a: {provider: obs}\n  a: {provider: glue}\n`,
      '(line 3): duplicate key.',
    ],
    ['an alias of nothing', 'connections:\n  a: *nope\n', ': an alias is used that is not defined'],
    [
      'a connection that holds itself',
      'connections: &all\n  a: *all\n',
      'is nested more than 16 levels deep, or holds itself',
    ],
  ])('is refused for %s', async (_what, content, why) => {
    expect(await said('c.yaml', content)).toContain(why);
  });

  it('may merge what several connections share', async () => {
    const shared = 'x: &shared {provider: obs, region: cn-north-4}\n';
    expect(await said('c.yaml', `${shared}connections:\n  a:\n    <<: *shared\n`)).toBe(
      'c.yaml:\n  - x is not known here; remove it or mend its spelling\n',
    );
  });
});

describe('a configuration in JSON', () => {
  it('is refused for keys that are given twice, each by its path', async () => {
    const credentials = `{"accessKeyId": "a\\"}{", "accessKeyId": "b", "list": [{"x": 1}, {"x": 2}]}`;
    const a = `"a": {"provider": "obs", "credentials": ${credentials}}`;
    expect(await said('c.json', `{"connections": {${a}, "b": {"provider": "obs"}, "b": {"provider": "glue"}}}`)).toBe(
      'c.json:\n  - connections.a.credentials.accessKeyId is given twice\n  - connections.b is given twice\n',
    );
  });

  it('is refused for what is nested too deeply', async () => {
    const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
    expect(await said('c.json', `{"connections": {"a": {"provider": "obs", "x": ${deep}}}}`)).toContain(
      'nested more than 16',
    );
  });

  it('is refused for another name than its key, and may repeat that', async () => {
    const content = { connections: { a: { provider: 'obs', name: 'b' }, b: { provider: 'obs', name: 'b' } } };
    expect(await said('c.json', JSON.stringify(content))).toBe(
      'c.json:\n  - connections.a.name must be left out: its name is a\n',
    );
  });

  it('may begin with the mark of its byte order', async () => {
    const content = { connections: { a: { provider: 'obs', region: 'cn-north-4' } } };
    await writeFile(join(folder, 'c.json'), `\uFEFF${JSON.stringify(content)}`);
    expect((await runCli(['connections', '--config', 'c.json'], folder)).exitCode).toBe(0);
  });
});

describe('connections that cannot be made', () => {
  it('are all told, with what a stranger’s provider says, and without what it was given', async () => {
    await install('throwing', 'export function createXWorkflow(o) { throw new TypeError("no " + o.credentials.key); }');
    await install('empty', 'export function createXWorkflow() { return {}; }');
    const connections = {
      a: { provider: 'throwing', credentials: { key: SECRET } },
      b: { provider: 'empty' },
      c: { provider: 'obs', region: fromEnv('NOPE'), ca: 'x', bogus: 1 },
      d: { provider: 'missing' },
    };
    const told = await said('c.json', JSON.stringify({ connections }));
    expect(told.split('\n')).toEqual([
      'The configuration cannot be used:',
      '  - connections.a: its provider has failed: no [concealed]',
      '  - connections.b.resume must be a function',
      '  - connections.c.region needs the environment variable NOPE, which is not set',
      '  - connections.c.ca must be the PEM itself, not the path of a file',
      '  - connections.c.bogus is not known here; remove it or mend its spelling',
      expect.stringContaining('  - connections.d.provider: There is no provider "missing"'),
      '',
    ]);
  });
});
