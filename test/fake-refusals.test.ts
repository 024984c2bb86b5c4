import { describe, expect, it } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { ResumeError } from '../src/errors.js';
import { MemoryResumeLedger } from '../src/index.js';
import { REAL_RUNTIME } from '../src/runtime.js';
import { expectNotResumed, expectResumed, fakeWorkflow } from '../src/testing/index.js';

const RUN = { workflow: 'nightly-etl', execution: 'wr_1' } as const;

/** The fields of all that a call was refused for. */
function refused(call: () => unknown): { readonly fields: readonly string[]; readonly message: string } {
  try {
    call();
  } catch (thrown) {
    if (!ResumeError.isInstance(thrown)) throw thrown;
    expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    return { fields: thrown.problems.map(({ field }) => field), message: thrown.message };
  }
  return expect.fail('it was let through');
}

describe('an expectation that no resume could fail', () => {
  it('is refused: a misspelt key does not fit everything', async () => {
    const fake = fakeWorkflow();
    await fake.resume(RUN);
    const { message } = refused(() => expectResumed(fake, { exec: 'another' } as never));
    expect(message).toContain('expectResumed() of a fake: expected.exec is not known here');
    expect(message).toContain('known are workflow, execution, action, nodes');
    expect(refused(() => expectNotResumed(fake, { excution: 'wr_1' } as never)).message).toMatch(
      /^expectNotResumed\(\)/,
    );
  });

  it('is refused with all that is wrong with it at once', () => {
    const wrong = { workflow: 5, action: 'fly', nodes: 'load' } as never;
    const { fields } = refused(() => expectResumed(fakeWorkflow(), wrong, { time: 2, times: -1 } as never));
    expect(fields).toEqual(['expected.workflow', 'expected.action', 'expected.nodes', 'options.times', 'options.time']);
  });

  it('is refused where what it looks at is no fake', () => {
    for (const what of [{}, undefined, createObsWorkflow({ name: 'obs', region: 'cn-north-4' })]) {
      expect(refused(() => expectResumed(what as never, RUN)).message).toContain(
        'fake must be a fake, as fakeWorkflow()',
      );
    }
  });
});

describe('a script that a fake cannot play', () => {
  const fake = fakeWorkflow();

  it('is refused where it is for resumes that cannot be', () => {
    const { message } = refused(() => fake.on({ exceution: 'e1' } as never));
    expect(message).toContain('exceution is not known here: remove it or mend its spelling');
    expect(message).toContain('known are workflow, execution, action');
    expect(refused(() => fake.on('wr_1' as never)).message).toContain('must be an object of workflow');
  });

  it('is refused with all that is wrong with the answer at once', () => {
    const rule = fake.on();
    expect(refused(() => rule.refuse('NOPE' as never, { times: 0, httpStatus: 42 })).fields).toEqual([
      'code',
      'times',
      'httpStatus',
    ]);
    expect(refused(() => rule.accept({ becomes: ['done'], afterMs: -1, node: 'a' } as never)).fields).toEqual([
      'afterMs',
      'becomes[0].state',
      'node',
    ]);
    expect(refused(() => rule.accept({ becomes: [] })).fields).toEqual(['becomes']);
    expect(refused(() => rule.lose({ happend: true } as never)).fields).toEqual(['happend']);
  });

  it('is not played, not even in part', async () => {
    refused(() => fake.on().refuse('NOT_FOUND', { times: 0 }));
    await fake.resume(RUN);
    expectResumed(fake, RUN);
  });

  it('is refused where it shows what no execution is', () => {
    const nodes = [{ id: 'load', state: 'broken' }];
    const { fields, message } = refused(() =>
      fake.show({ ...RUN, run: 1 } as never, 'dead' as never, { state: 'failed', nodes } as never),
    );
    expect(fields).toEqual(['ref.run', 'standings[0].state', 'standings[1].nodes[0].state']);
    expect(message).toContain('must be one of running, failed, paused');
  });
});

describe('the options of a fake', () => {
  it('are refused with all that is wrong with them at once', () => {
    const wrong = { nmae: 'glue-eu', actions: ['fly'], capabilities: { newExcution: true }, ledger: {} };
    expect(refused(() => fakeWorkflow(wrong as never)).fields).toEqual([
      'actions[0]',
      'capabilities.newExcution',
      'ledger',
      'nmae',
    ]);
  });

  it.each([
    ['obs', createObsWorkflow({ name: 'obs', region: 'cn-north-4' })],
    ['glue', createGlueWorkflow({ name: 'glue', region: 'eu-west-1' })],
    ['aom', createAomWorkflow({ name: 'aom', region: 'cn-north-4', projectId: 'p'.repeat(32) })],
  ])('may be all that a real connection declares, with its ledger and time: %s', async (_, { capabilities }) => {
    const fake = fakeWorkflow({ capabilities, ledger: new MemoryResumeLedger(), runtime: REAL_RUNTIME });
    fake.on({ workflow: undefined }).accept({ times: undefined, afterMs: 0 });
    fake.show(RUN);
    expect(fake.capabilities.ids).toEqual(capabilities.ids);
  });
});
