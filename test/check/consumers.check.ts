import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { compile, runScript } from './consumer.js';

const root = join(import.meta.dirname, '..', '..');
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
const subpaths = Object.keys(entries).filter((path) => path !== './package.json');
const specifiers = subpaths.map((path) => `resumable-workflow${path.slice(1)}`);

/** Every entry, used by name, and one connection made with its own types. */
const imports = specifiers.map((specifier, place) => `import * as entry${place} from '${specifier}';`).join('\n');
const requires = specifiers.map((specifier, place) => `import entry${place} = require('${specifier}');`).join('\n');
const use = `console.log(${specifiers.map((_, place) => `Object.keys(entry${place}).length`).join(', ')});`;

const NODES = ['20', '22', '24'];

/** Node of another major version, through npm. */
function nodeOf(major: string): string[] {
  return process.versions.node.startsWith(`${major}.`)
    ? [process.execPath]
    : ['npx', '-y', '-p', `node@${major}`, '--', 'node'];
}

const SCRIPT = `
const fail = (why) => { throw new Error(why); };
const check = async (load) => {
  for (const specifier of ${JSON.stringify(specifiers)}) {
    const entry = await load(specifier);
    if (Object.keys(entry).length === 0) fail(specifier + ' exports nothing');
  }
  const { createObsWorkflow } = await load('resumable-workflow/providers/obs');
  const { ObsEmulator } = await load('resumable-workflow/providers/obs/emulator');
  const emulator = await new ObsEmulator().start();
  const { endpoint, credentials, sample } = emulator;
  const obs = createObsWorkflow({ name: 'obs', endpoint, credentials });
  const receipt = await obs.resume({ workflow: sample.workflow, execution: sample.execution });
  await obs.close();
  await emulator.close();
  console.log(receipt.confirmedBy, emulator.journal.committed.length);
};
`;

/** As if it were not installed: hooks see every module that is asked for. */
const WITHOUT_OPENTELEMETRY = `
import { register } from 'node:module';
const hooks = \`export async function resolve(name, context, next) {
  if (name.startsWith('@opentelemetry/')) throw new Error(name + ' is not installed');
  return next(name, context);
}\`;
register('data:text/javascript,' + encodeURIComponent(hooks));
for (const specifier of ${JSON.stringify(specifiers)}) {
  const failed = await import(specifier).then(() => false, (error) => error.message.includes('@opentelemetry/api'));
  if (failed) console.log(specifier);
}
`;

describe('a consumer', () => {
  it('needs @opentelemetry/api for the bridge to it alone', () => {
    const printed = runScript(inject('consumer'), 'without-opentelemetry.mjs', WITHOUT_OPENTELEMETRY);
    expect(printed.trim()).toBe('resumable-workflow/otel');
  });

  it('compiles as ES modules', () => {
    expect(compile(inject('consumer'), 'esm', { 'index.mts': `${imports}\n${use}` })).toBe('');
  });

  it('compiles as CommonJS, by require of ES modules', () => {
    const files = { 'index.cts': `${requires}\n${use}` };
    expect(compile(inject('consumer'), 'cjs', files, { module: 'node20', moduleResolution: 'node16' })).toBe('');
  });

  it('compiles with the resolution of bundlers', () => {
    const options = { module: 'esnext', moduleResolution: 'bundler' };
    expect(compile(inject('consumer'), 'bundler', { 'index.ts': `${imports}\n${use}` }, options)).toBe('');
  });

  it.each(NODES)('resumes on Node %s with import', (major) => {
    const script = `${SCRIPT}await check((specifier) => import(specifier));`;
    expect(runScript(inject('consumer'), `esm-${major}.mjs`, script, nodeOf(major)).trim()).toBe('answer 1');
  });

  it.each(NODES)('resumes on Node %s with require', (major) => {
    const script = `${SCRIPT}check(async (specifier) => require(specifier));`;
    expect(runScript(inject('consumer'), `cjs-${major}.cjs`, script, nodeOf(major)).trim()).toBe('answer 1');
  });
});
