import { describe, expect, it } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { ResumeError } from '../src/errors.js';
import { rejected } from './rejected.js';

const RUN = { workflow: 'nightly', execution: 'run-1' };
const endpoint = 'https://127.0.0.1:1';
const projectId = 'p'.repeat(32);

const MAKERS = [
  ['obs', (credentials: unknown) => createObsWorkflow({ name: 'c', endpoint, credentials } as never)],
  ['aom', (credentials: unknown) => createAomWorkflow({ name: 'c', endpoint, projectId, credentials } as never)],
  ['glue', (credentials: unknown) => createGlueWorkflow({ name: 'c', region: 'eu-west-1', credentials } as never)],
] as const;

function problemsOf(make: () => unknown) {
  try {
    make();
  } catch (thrown) {
    if (ResumeError.isInstance(thrown)) return thrown.problems;
    throw thrown;
  }
  return expect.fail('it was let through');
}

describe.each(MAKERS)('credentials of %s that are none', (_, make) => {
  it.each(['abc', 5, null, true])('are told what they must be: %j', (credentials) => {
    const [problem, ...others] = problemsOf(() => make(credentials));
    expect(others).toEqual([]);
    expect(problem?.field).toBe('credentials');
    expect(problem?.message).toMatch(/^must be an object with accessKeyId and secretAccessKey.*, or a function that /);
  });
});

describe('credentials that a function supplies', () => {
  it('may not be another function: obs and aom say what it must return', async () => {
    for (const [, make] of MAKERS.slice(0, 2)) {
      const { message } = await rejected(make(() => 'abc').resume({ ...RUN, nodes: [] }));
      expect(message).toMatch(/must be an object with accessKeyId and secretAccessKey/);
      expect(message).not.toMatch(/or a function|Invalid input/);
    }
  });

  it('run out at a time, whatever else is passed', () => {
    const keys = { accessKeyId: 'a', secretAccessKey: 'b', expiresAt: {} };
    for (const [, make] of MAKERS.slice(0, 2)) {
      expect(problemsOf(() => make(keys))).toEqual([
        { field: 'credentials.expiresAt', message: 'must be a date, epoch milliseconds or ISO 8601' },
      ]);
    }
  });
});
