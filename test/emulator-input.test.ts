import { describe, expect, it } from 'vitest';
import { AomEmulator, createAomEmulator } from '../providers/aom/emulator.js';
import { createGlueEmulator, GlueEmulator } from '../providers/glue/emulator.js';
import { createObsEmulator, ObsEmulator } from '../providers/obs/emulator.js';
import type { ResumeError } from '../src/errors.js';
import { VirtualClock } from '../src/testing/clock.js';

/** The fields of what it is refused for; a test in JavaScript hands over anything. */
function problemsOf(set: () => unknown): readonly string[] {
  try {
    set();
  } catch (error) {
    const { code, problems } = error as ResumeError;
    return [code, ...problems.map(({ field }) => field)];
  }
  return ['taken'];
}

const emulators = [
  ['obs', ObsEmulator, createObsEmulator, { errorFormat: 'yaml', contentType: 1, visibilityMs: -1, misspelt: true }],
  ['aom', AomEmulator, createAomEmulator, { result: 'yaml', visibilityMs: -1, contentType: 1, misspelt: true }],
  ['glue', GlueEmulator, createGlueEmulator, { neverRun: 'yaml', pageSize: 0, stoppingMs: -1, misspelt: true }],
] as const;

describe.each(emulators)('the %s emulator', (_provider, Emulator, create, wrongKnobs) => {
  it('names every option that it cannot be set up with', () => {
    const wrong = {
      port: -1,
      clock: {},
      region: '',
      credentials: { accessKeyId: 'AK', secret: 'SK' },
      knobs: wrongKnobs,
      misspelt: true,
    };
    expect(problemsOf(() => new Emulator(wrong as object))).toEqual([
      'INVALID_ARGUMENT',
      'port',
      'clock',
      'region',
      'credentials.secretAccessKey',
      'credentials.secret',
      ...Object.keys(wrongKnobs).map((knob) => `knobs.${knob}`),
      'misspelt',
    ]);
    expect(problemsOf(() => new Emulator(null as unknown as object))).toEqual(['INVALID_ARGUMENT', '']);
  });

  it('names every setting that it cannot be made from', () => {
    const wrong = { port: 65_536, accessKeyId: '', region: 'cn-north-4' };
    expect(problemsOf(() => create(wrong))).toEqual(['INVALID_ARGUMENT', 'port', 'accessKeyId', 'region']);
  });

  it('takes what fits', () => {
    const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
    const clock = new VirtualClock(0);
    expect(problemsOf(() => new Emulator({ port: 0, clock, region: 'r', credentials: keys, knobs: {} }))).toEqual([
      'taken',
    ]);
    expect(problemsOf(() => new Emulator())).toEqual(['taken']);
    const { port, ...settings } = { port: undefined, clock, ...keys, securityToken: 'T', projectId: 'p' };
    expect(problemsOf(() => create({ port, ...settings }))).toEqual(['taken']);
  });
});

describe('a definition names all that is wrong with it', () => {
  it('of an OBS instance, whose steps are meant by name', () => {
    const emulator = new ObsEmulator();
    const wrong = {
      workflow: 'w',
      steps: [{ name: 'a' }, { name: '', durationMs: '1' }],
      standsAt: 'b',
      runs: [{ failsAt: 'c' }, { failAt: 'a' }],
    };
    expect(problemsOf(() => emulator.define(wrong as never))).toEqual([
      'INVALID_ARGUMENT',
      'execution',
      'steps[1].name',
      'steps[1].durationMs',
      'standsAt',
      'runs[0].failsAt',
      'runs[1].failAt',
    ]);
    expect(problemsOf(() => emulator.define(undefined as never))).toEqual(['INVALID_ARGUMENT', '']);
  });

  it('of an AOM execution', () => {
    const wrong = { execution: 'e', nodes: [{ id: 'a', kind: 'gate', failures: -1, outcome: [] }, 'b'] };
    expect(problemsOf(() => new AomEmulator().define(wrong as never))).toEqual([
      'INVALID_ARGUMENT',
      'workflow',
      'nodes[0].kind',
      'nodes[0].failures',
      'nodes[0].outcome',
      'nodes[1]',
    ]);
  });

  it('of a Glue workflow, and of what becomes of its nodes', () => {
    const emulator = new GlueEmulator();
    const wrong = { nodes: ['a', { worker: 'b' }], triggers: [{ name: 't', begin: ['a'] }], maxConcurrentRuns: -1 };
    expect(problemsOf(() => emulator.define(wrong as never))).toEqual([
      'INVALID_ARGUMENT',
      'name',
      'nodes[1]',
      'triggers[0].start',
      'triggers[0].begin',
      'maxConcurrentRuns',
    ]);
    emulator.define({ name: 'w', nodes: ['a'], triggers: [{ name: 't', start: ['a'] }] });
    const outcomes = ['FAILED', 'BROKEN', { state: 'FAILED', duration: 1 }];
    expect(problemsOf(() => emulator.script('w', 'a', outcomes as never))).toEqual([
      'INVALID_ARGUMENT',
      '[1].state',
      '[2].duration',
    ]);
  });

  it('and may be spread from what is resumed', () => {
    const target = { workflow: 'w', execution: 'e', action: 'resume', nodes: [] };
    const emulator = new ObsEmulator();
    emulator.define({ ...target, steps: [{ name: 'a' }] });
    expect(emulator.stateOf('w', 'e')).toBe('FAILED');
  });
});
