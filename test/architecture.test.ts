import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

const sources = [...filesBelow('src'), ...filesBelow('providers')];
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Every static import and re-export of a file, relative ones as paths in this repository. */
function importsOf(file: string): Import[] {
  const statements = textOf(file).matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm);
  return [...statements].map(([, type, specifier = '']) => ({
    from: file,
    to: specifier.startsWith('.')
      ? relative(root, join(root, file, '..', specifier)).replace(/\.js$/, '.ts')
      : specifier,
    typeOnly: type !== undefined,
  }));
}

/** The layers, lowest first. A file may import from its own layer and from those below. */
const LAYERS: readonly (readonly RegExp[])[] = [
  [/^src\/errors\.ts$/],
  [/^src\/(types|vocabulary|snapshot|resume-plan|progress|inspection|driver|driver-failure|runtime)\.ts$/],
  [
    /^src\/(schema|invalid-argument|plain-call|message|read-schema|node-counts|deadline|diagnostics|conceal|call-options)\.ts$/,
  ],
  [/^src\/(attempt|failure)\.ts$/],
  [/^src\/retry\.ts$/, /^src\/auth\//, /^src\/http\//, /^src\/ledger\//, /^src\/plan\//],
  [/^src\/settings\.ts$/],
  [
    /^src\/(reading|read-back|lost-answer|sending|receipt|recorded|connection-parts|intent|reconcile|earlier-intent)\.ts$/,
    /^src\/(planning|discovering|read-call|inspecting|listing|lineage)\.ts$/,
  ],
  [
    /^src\/(settling|flight-life|landing|follower|acquiring|recovering|flight|flights|batch|follow|views|check-workflow|workflow)\.ts$/,
  ],
  [/^src\/registry\.ts$/],
  [/^src\/index\.ts$/],
  [/^src\/render\//, /^src\/otel\//, /^src\/testing\//],
  [/^providers\/huawei\//],
  [/^providers\/(?!huawei\/)/],
  [/^src\/cli\//],
];

function layerOf(file: string): number {
  return LAYERS.findIndex((patterns) => patterns.some((pattern) => pattern.test(file)));
}

const providerOf = (file: string): string | undefined => /^providers\/([^/]+)\//.exec(file)?.[1];
const providers = readdirSync(join(root, 'providers')).filter((name) => name !== 'huawei');
const all = sources.flatMap(importsOf);

describe('the arrows of the architecture', () => {
  it('give every source file a layer', () => {
    expect(sources.filter((file) => layerOf(file) < 0)).toEqual([]);
  });

  it('point downwards only', () => {
    const upwards = all.filter(({ from, to }) => layerOf(to) > layerOf(from) && to.endsWith('.ts'));
    expect(upwards.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('start from errors.ts, which imports nothing', () => {
    expect(importsOf('src/errors.ts')).toEqual([]);
  });

  it('never lead from a provider to another one', () => {
    const across = all.filter(({ from, to }) => {
      const [source, target] = [providerOf(from), providerOf(to)];
      return source !== undefined && target !== undefined && source !== target && target !== 'huawei';
    });
    expect(across).toEqual([]);
  });

  it('lead from a provider to no more than the types of the registry', () => {
    const values = all.filter(({ from, to, typeOnly }) => providerOf(from) && to === 'src/registry.ts' && !typeOnly);
    expect(values).toEqual([]);
  });

  it('lead to the emulators’ base only from emulators', () => {
    const wrong = all.filter(
      ({ from, to }) => providerOf(from) && to.startsWith('src/testing/') && !/emulat|verif/.test(from),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('let no code that runs in production reach an emulator', () => {
    const wrong = all.filter(
      ({ from, to }) => /\/(emulator|[\w-]*verify)/.test(to) && !/emulat|verif/.test(from) && providerOf(from),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });
});

describe('third-party packages', () => {
  it('tsyringe and its polyfill are loaded by one module, the polyfill first', () => {
    const loading = all.filter(({ to, typeOnly }) => (to === 'tsyringe' || to === 'reflect-metadata') && !typeOnly);
    expect(loading.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'src/registry.ts reflect-metadata',
      'src/registry.ts tsyringe',
    ]);
  });

  it('the AWS SDK is loaded by no static import', () => {
    expect(all.filter(({ to, typeOnly }) => /^@(aws-sdk|smithy)\//.test(to) && !typeOnly)).toEqual([]);
  });

  it('undici is used by the transport alone', () => {
    const using = new Set(all.filter(({ to }) => to === 'undici').map(({ from }) => from));
    expect([...using].filter((file) => !file.startsWith('src/http/'))).toEqual([]);
  });
});

describe('src', () => {
  it('names no provider in its code', () => {
    const naming = sources
      .filter((file) => file.startsWith('src/'))
      .filter((file) => {
        const code = textOf(file)
          .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
          // What a person reads about arguments may say what they are on each service.
          .replace(/new Argument\([^)]*\)/g, '');
        return providers.some((provider) => new RegExp(`\\b${provider}\\b`, 'i').test(code));
      });
    expect(naming).toEqual([]);
  });
});

describe('every provider', () => {
  it.each(providers)('%s has the seven files', (provider) => {
    const files = readdirSync(join(root, 'providers', provider));
    expect(files).toEqual(
      expect.arrayContaining(['auth.ts', 'driver.ts', 'emulator.ts', 'errors.ts', 'index.ts', 'options.ts', 'wire.ts']),
    );
  });

  it.each(providers)('%s exports the same triple', async (provider) => {
    const service = provider[0]?.toUpperCase() + provider.slice(1);
    const exported = (await import(join(root, 'providers', provider, 'index.ts'))) as object;
    expect(Object.keys(exported).sort()).toEqual([`create${service}Workflow`, `register${service}`]);
    expect(textOf(`providers/${provider}/index.ts`)).toMatch(new RegExp(`export type \\{[^}]*\\b${service}Options\\b`));
  });

  it.each(providers)('%s exports an emulator for any program', async (provider) => {
    const service = provider[0]?.toUpperCase() + provider.slice(1);
    const exported = (await import(join(root, 'providers', provider, 'emulator.ts'))) as object;
    expect(Object.keys(exported)).toEqual(expect.arrayContaining([`${service}Emulator`, `create${service}Emulator`]));
  });
});

describe('the public surface', () => {
  it('is what the root exports by name', async () => {
    const exported = (await import('../src/index.js')) as object;
    expect(Object.keys(exported).sort()).toEqual([
      'DriverFailure',
      'FileResumeLedger',
      'LedgerError',
      'MemoryResumeLedger',
      'ResumeError',
      'createRegistry',
      'createWorkflow',
      'workflowToken',
    ]);
  });

  it('has no export *', () => {
    expect(sources.filter((file) => /^export \*/m.test(textOf(file)))).toEqual([]);
  });
});

describe('sizes', () => {
  const lines = new Map(sources.map((file) => [file, textOf(file).split('\n').length - 1]));

  it('no file has more than 300 lines, tests included', () => {
    const tests = filesBelow('test').map((file) => [file, textOf(file).split('\n').length - 1] as const);
    expect([...lines, ...tests].filter(([, count]) => count > 300)).toEqual([]);
  });

  it('the median is under 80 lines', () => {
    const sorted = [...lines.values()].sort((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(80);
  });

  it('no file is called utils, helpers or common', () => {
    expect(sources.filter((file) => /\b(utils?|helpers?|common)\b/.test(file))).toEqual([]);
  });
});
