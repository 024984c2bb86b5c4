import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { ResumeError } from '../src/errors.js';
import type { ResumableWorkflow } from '../src/types.js';
import { withoutReadBack } from './without-read-back.js';

let emulator: ObsEmulator;
let workflow: ResumableWorkflow<'resume'>;

beforeAll(async () => {
  emulator = await new ObsEmulator().start();
  const { endpoint, credentials } = emulator;
  workflow = withoutReadBack(createObsWorkflow({ name: 'obs-north', endpoint, credentials }));
});
afterAll(async () => {
  await workflow.close();
  await emulator.close();
});

/** Either the id arrives intact and is restored, or it is refused and nothing leaves. */
async function arrivesOrIsRefused(execution: string): Promise<'arrived' | 'refused'> {
  emulator.journal.clear();
  emulator.define({ workflow: 'graph_1', execution, steps: [{ name: 'a' }] });
  try {
    const receipt = await workflow.resume({ workflow: 'graph_1', execution });
    expect(receipt.execution).toBe(execution);
    expect(emulator.stateOf('graph_1', execution)).toBe('RUNNING');
    expect(emulator.journal.entries).toHaveLength(1);
    return 'arrived';
  } catch (error) {
    if (!ResumeError.isInstance(error)) throw error;
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map(({ field }) => field)).toEqual(['execution']);
    expect(emulator.journal.entries).toHaveLength(0);
    return 'refused';
  }
}

describe('execution names', () => {
  it.each([
    '..',
    '.',
    'a/../../b?x=1',
    'a/b',
    'a?b',
    'a#b',
    'a%2Fb',
    '%2e%2e',
    'a\\b',
    'a\nb',
    'a\u0000b',
    'a\u007fb',
    'x'.repeat(256),
    '\ud800',
  ])('%j is refused', async (execution) => {
    expect(await arrivesOrIsRefused(execution)).toBe('refused');
  });

  it.each(['exec-001', 'a b', "it's(*)!", 'ä', '执行', '😀', 'a+b&c=d;e', 'a.b', '~_-', 'x'.repeat(255)])(
    '%j arrives intact',
    async (execution) => {
      expect(await arrivesOrIsRefused(execution)).toBe('arrived');
    },
  );

  it('of any text never rewrite the URL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (execution) => {
        await arrivesOrIsRefused(execution);
      }),
      { numRuns: 200 },
    );
  });
});

describe('graph names', () => {
  it.each(['', '-a', '_a', 'a b', 'a/b', '..', 'ä', 'a'.repeat(65), 'a\n'])(
    '%j is refused, as documented',
    async (graph) => {
      emulator.journal.clear();
      await expect(workflow.resume({ workflow: graph, execution: 'exec-001' })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        effect: 'none',
        problems: [{ field: 'workflow', message: expect.any(String) }],
      });
      expect(emulator.journal.entries).toHaveLength(0);
    },
  );
});
