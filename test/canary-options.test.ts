import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow, registerObs } from '../providers/obs/index.js';
import { createRegistry } from '../src/registry.js';
import type { ResumableWorkflow } from '../src/types.js';

const SECRET = 'CanarySecret/With+Signs=And"More0123';
const keys = { accessKeyId: 'AKIDX', secretAccessKey: SECRET };
const endpoint = 'http://127.0.0.1:1';
const projectId = '0123456789abcdef0123456789abcdef';
const spellings = [
  SECRET,
  encodeURIComponent(SECRET),
  JSON.stringify(SECRET).slice(1, -1),
  Buffer.from(SECRET).toString('base64'),
];

function expectHidden(value: unknown): void {
  const shown = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  expect(spellings.filter((spelling) => shown.includes(spelling))).toEqual([]);
}

/** What comes of a call on a connection that may be impossible to make. */
async function outcomeOf(make: () => ResumableWorkflow): Promise<unknown> {
  let workflow: ResumableWorkflow;
  try {
    workflow = make();
  } catch (error) {
    return error;
  }
  const target = { workflow: 'workflow-1', execution: 'execution-1' };
  const outcome = await workflow.attempt(target, { readBack: 'off', timeoutMs: 500 });
  await workflow.close();
  return outcome;
}

/** As callers in JavaScript hand them in. */
const untyped = (value: unknown): never => value as never;

const WRONG: readonly (readonly [string, unknown])[] = [
  ['an array in the place of a key', { ...keys, secretAccessKey: [SECRET] }],
  ['a bare string', SECRET],
  ['a key with a line break', { ...keys, secretAccessKey: `${SECRET}\n` }],
  ['a session token with a line break', { ...keys, securityToken: `${SECRET}\n`, sessionToken: `${SECRET}\n` }],
  ['a token among keys', { ...keys, token: SECRET }],
  ['an unknown field', { ...keys, more: SECRET }],
];

describe.each([
  ['obs', (credentials: unknown) => createObsWorkflow(untyped({ name: 'c', endpoint, credentials }))],
  ['aom', (credentials: unknown) => createAomWorkflow(untyped({ name: 'c', endpoint, projectId, credentials }))],
  [
    'glue',
    (credentials: unknown) =>
      createGlueWorkflow(untyped({ name: 'c', endpoint, region: 'eu-west-1', credentials })) as ResumableWorkflow,
  ],
] as const)('wrong credentials of %s', (_provider, make) => {
  it.each(WRONG)('are not shown: %s', async (_what, credentials) => {
    expectHidden(await outcomeOf(() => make(credentials)));
  });

  it.each(WRONG)('are not shown where a function supplies them: %s', async (_what, credentials) => {
    expectHidden(await outcomeOf(() => make(() => Promise.resolve(credentials))));
  });
});

describe('a secret beside the credentials', () => {
  it.each([
    ['proxy', { proxy: `http://user:${encodeURIComponent(SECRET)}@127.0.0.1:1` }],
    ['proxy of an unknown kind', { proxy: `ftp://user:${encodeURIComponent(SECRET)}@127.0.0.1:1` }],
    ['endpoint', { endpoint: `https://user:${encodeURIComponent(SECRET)}@obs.example.com` }],
    ['key', { cert: 'x', key: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` }],
  ])('does not show: in %s', async (_what, options) => {
    const settings = { name: 'c', endpoint: 'https://127.0.0.1:1', credentials: keys, ...options };
    expectHidden(await outcomeOf(() => createObsWorkflow(settings)));
  });

  it('does not show in a registry, nor in what it refuses', async () => {
    const workflows = createRegistry();
    const register = () => registerObs(workflows, { name: 'c', endpoint, credentials: keys });
    register();
    expectHidden(workflows);
    expectHidden(workflows.get('c'));
    expect(register).toThrow('"c"');
    expect(register).not.toThrow(SECRET);
    await workflows.close();
  });
});
