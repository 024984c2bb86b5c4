import { describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { ResumeError } from '../src/errors.js';
import { createRegistry, createWorkflow, FileResumeLedger } from '../src/index.js';
import { instrument } from '../src/otel/index.js';
import { renderHtml, renderTree } from '../src/render/index.js';
import { fakeWorkflow } from '../src/testing/index.js';
import { snapshotOf, task } from './render-subjects.js';

/** The fields of what it is refused for, which a caller in JavaScript can get wrong. */
async function problemsOf(call: () => unknown): Promise<readonly string[]> {
  try {
    await call();
  } catch (error) {
    const { code, effect, problems } = error as ResumeError;
    return [code, effect, ...problems.map(({ field }) => field)];
  }
  return ['taken'];
}
const refused = (...fields: readonly string[]) => ['INVALID_ARGUMENT', 'none', ...fields];

const ref = { workflow: 'w', execution: 'e' };
const snapshot = snapshotOf([task('a', 'failed')], undefined);
const rule = { maxLength: 9, pattern: /./, rule: 'be short' };
const ids = { workflow: rule, execution: rule, node: rule };
const driver = { provider: 'p', capabilities: { actions: {}, ids }, doResume: () => {} };
const wrong = (value: unknown): never => value as never;

describe('what is handed in is refused by the names of its fields', () => {
  it.each<readonly [what: string, call: () => unknown, fields: readonly string[]]>([
    ['no options of a registry', () => createRegistry(wrong(null)), ['']],
    ['a misspelt container', () => createRegistry(wrong({ contaner: 5 })), ['contaner']],
    ['a container that is none', () => createRegistry(wrong({ container: 5 })), ['container']],
    ['a connection without name or maker', () => createRegistry().register('', wrong(5)), ['name', 'make']],
    ['a ledger without a folder', () => new FileResumeLedger(''), ['folder']],
    ['a ledger in no folder', () => new FileResumeLedger(wrong(undefined)), ['folder']],
    ['a folder that cannot be', () => new FileResumeLedger('a\0b'), ['folder']],
    [
      'options of a ledger',
      () => new FileResumeLedger('a', wrong({ keepSettledMs: -1, keepDays: 1 })),
      ['keepSettledMs', 'keepDays'],
    ],
    [
      'a workflow of nothing',
      () => createWorkflow('', wrong({ provider: 'p' }), wrong({ ledger: 5, runtime: 5 })),
      [
        'name',
        'driver.capabilities.actions',
        ...['workflow', 'execution', 'node'].map((id) => `driver.capabilities.ids.${id}`),
        'driver.doResume',
        'settings.ledger',
        ...['nowMs', 'startTimer', 'random', 'newId'].map((method) => `settings.runtime.${method}`),
      ],
    ],
    ['no driver and no settings', () => createWorkflow('w', wrong(undefined), wrong(null)), ['driver', 'settings']],
    [
      'a rule that is none',
      () =>
        createWorkflow(
          'w',
          wrong({ ...driver, provider: 1, capabilities: { actions: {}, ids: { ...ids, node: {} } } }),
        ),
      ['driver.provider', 'driver.capabilities.ids.node'],
    ],
    ['no telemetry', () => instrument(wrong(null)), ['']],
    ['other telemetry', () => instrument(wrong({ tracer: 5, meterProvider: {} })), ['meterProvider', 'tracer']],
    ['options of a tree', () => renderTree(snapshot, wrong({ width: Number.NaN, color: true })), ['width', 'color']],
    ['options of a page', () => renderHtml(snapshot, wrong({ title: 5, titel: '' })), ['title', 'titel']],
    [
      'a time of a fake',
      () =>
        fakeWorkflow()
          .on({})
          .refuse('NOT_FOUND', wrong({ afterMs: 'x' })),
      ['afterMs'],
    ],
    ['options that are none', () => fakeWorkflow().resume(ref, wrong('x')), ['options']],
    ['options of a read that are none', () => fakeWorkflow().inspect(ref, wrong(5)), ['options']],
    [
      'what is to be reconciled',
      () => fakeWorkflow().reconcile(wrong('x'), wrong({ readBack: 'on' })),
      ['', 'readBack'],
    ],
    [
      'a key for many',
      () =>
        fakeWorkflow()
          .resumeEach([ref], wrong({ idempotencyKey: 'k' }))
          .next(),
      ['idempotencyKey'],
    ],
  ])('%s', async (_what, call, fields) => {
    expect(await problemsOf(call)).toEqual(refused(...fields));
  });

  it('of a connection that its maker does not make', async () => {
    const registry = createRegistry();
    registry.register('mine', () => wrong({}));
    expect(await problemsOf(() => registry.get('mine'))).toEqual(refused('resume'));
    await registry.close();
  });

  it('and what fits is taken', async () => {
    expect(await problemsOf(() => createRegistry({ container: createRegistry().container }))).toEqual(['taken']);
    expect(await problemsOf(() => createWorkflow('w', wrong(driver), wrong({ name: 'w', region: 'r' })))).toEqual([
      'taken',
    ]);
    expect(await problemsOf(() => renderTree(snapshot, { width: 40, colour: true }))).toEqual(['taken']);
  });

  it('of a signal that cannot be listened to, and nothing is sent', async () => {
    const emulator = await new ObsEmulator().start();
    const { endpoint, credentials, sample } = emulator;
    const workflow = createObsWorkflow({ name: 'obs', endpoint, credentials });
    const signal = wrong({
      aborted: false,
      addEventListener: () => {
        throw new Error('no');
      },
      removeEventListener: () => {},
    });
    expect(await problemsOf(() => workflow.resume(sample, { signal }))).toEqual(refused('signal'));
    expect(await workflow.attempt(sample, { signal })).toMatchObject({
      status: 'refused',
      error: { connection: 'obs' },
    });
    await expect(workflow.inspect(sample, { signal })).rejects.toMatchObject({ name: 'ResumeError', effect: 'none' });
    expect(emulator.connections).toBe(0);
    await workflow.close();
    await emulator.close();
  });
});

describe('a fault that would never strike, or otherwise than it says, is refused', () => {
  it.each<readonly [fault: object, fields: readonly string[]]>([
    [{ kind: 'reset' }, ['when']],
    [{ kind: 'nope', when: 'afetr' }, ['kind', 'when']],
    [{ kind: 'answer', when: 'before' }, ['answer']],
    [{ kind: 'answer', when: 'before', answer: { status: 99, body: 1 } }, ['answer.status', 'answer.body']],
    [{ kind: 'delay', when: 'after' }, ['delayMs']],
    [{ kind: 'reset', when: 'after', tims: 3, times: 0, operation: '' }, ['operation', 'times', 'tims']],
  ])('%j', async (fault, fields) => {
    const { faults } = new ObsEmulator();
    expect(await problemsOf(() => faults.add(wrong(fault)))).toEqual(refused(...fields));
    expect(faults.take('restore', true)).toBeUndefined();
  });

  it('and one that strikes for ever is taken', () => {
    const { faults } = new ObsEmulator();
    faults.add({ kind: 'answer', when: 'before', answer: wrong({ status: 503 }), times: Number.POSITIVE_INFINITY });
    for (let time = 0; time < 3; time += 1)
      expect(faults.take('restore', true)).toMatchObject({ answer: { body: '' } });
  });
});
