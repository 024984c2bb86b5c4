import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { ResumeError } from '../src/errors.js';
import { rejected } from './rejected.js';
import { connect, discovering, never, target } from './workflow-bench.js';

describe('a request', () => {
  it('is refused with every problem at once, and no driver is asked', async () => {
    const { workflow, driver } = connect();
    const error = await rejected(
      workflow.resume({ workflow: '', execution: 7, nodes: ['a', null, 'b c'], action: 'retry', nodeIds: [] } as never),
    );
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', connection: 'fake-eu', attempts: 0 });
    expect(error.problems).toEqual([
      { field: 'workflow', message: 'must not be empty' },
      { field: 'execution', message: 'must be a string' },
      { field: 'action', message: 'must be one of resume, restart, skip, continue' },
      { field: 'nodes[1]', message: 'must be a string' },
      { field: 'nodes[2]', message: 'must consist of letters, digits, _ or -' },
      { field: 'nodeIds', message: 'is not known here; remove it or mend its spelling' },
    ]);
    expect(driver.seen).toEqual([]);
  });

  it.each([undefined, null, 'x', []])('that is %j is refused', async (request) => {
    await expect(connect().workflow.resume(request as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it.each([
    [{ action: 'restart' }, 'must name at least 1 for restart, got 0'],
    [{ nodes: ['a', 'b', 'c'] }, 'must name at most 2 for resume, got 3'],
  ] as const)('with the wrong number of nodes %j is refused', async (part, message) => {
    const error = await rejected(connect().workflow.resume({ ...target, ...part }));
    expect(error.problems).toEqual([{ field: 'nodes', message }]);
  });

  it('for an action that the driver lacks is refused, naming those that it has', async () => {
    const error = await rejected(connect().workflow.resume({ ...target, action: 'skip', nodes: ['a'] } as never));
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none', attempts: 0 });
    expect(error.message).toContain('fake cannot skip; it takes resume, restart');
  });

  it('reaches the driver once, with the default action and each node once', async () => {
    const { workflow, driver } = connect();
    await workflow.resume({ ...target, nodes: ['b', 'a', 'b'] });
    expect(driver.seen).toEqual([
      {
        target: { ...target, action: 'resume', nodes: ['b', 'a'] },
        selection: { performed: 'resume', nodes: ['b', 'a'] },
      },
    ]);
  });

  it('may be frozen or have a null prototype', async () => {
    const request = Object.freeze(Object.assign(Object.create(null) as object, target)) as typeof target;
    await expect(connect().workflow.resume(request)).resolves.toMatchObject({ execution: 'run-1' });
  });
});

describe('options', () => {
  it.each([
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: 1.5 }, 'timeoutMs'],
    [{ timeoutMs: '10' }, 'timeoutMs'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ signal: {} }, 'signal'],
    [{ readBack: 'maybe' }, 'readBack'],
    [{ timeout: 5 }, 'timeout'],
  ])('%j are refused by name', async (options, field) => {
    const { workflow, driver } = connect();
    const error = await rejected(workflow.resume(target, options as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map((problem) => problem.field)).toEqual([field]);
    expect(driver.seen).toEqual([]);
  });
});

describe('discovery', () => {
  it('fills in the nodes, and a node that is not restarted shows as a warning', async () => {
    const doDiscover = vi.fn(async (_target: unknown, attempt: Attempt) => {
      attempt.dispatch();
      attempt.dispatch();
      return { performed: 'restart' as const, nodes: ['a', 'b'] };
    });
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      attempt.dispatch();
      return { execution: 'run-2', nodes: ['a', 'c'], nodesBasis: 'reported' as const };
    };
    const receipt = await connect({ ...discovering(), doDiscover, doResume }).workflow.resume(target);
    expect(receipt).toMatchObject({
      performed: 'restart',
      action: 'resume',
      execution: 'run-2',
      sameExecution: false,
      attempts: 1,
    });
    expect(receipt.warnings).toEqual([
      'asked for but not restarted by itself: b',
      'restarted although not asked for: c',
    ]);
  });

  it('is left out where nodes are named', async () => {
    const doDiscover = vi.fn();
    await connect({ ...discovering(), doDiscover }).workflow.resume({ ...target, nodes: ['a'] });
    expect(doDiscover).not.toHaveBeenCalled();
  });

  it('that fails has no effect, whatever its driver says', async () => {
    const doDiscover = async (_target: unknown, attempt: Attempt) => {
      attempt.dispatch();
      throw new DriverFailure('lost', { code: 'UNAVAILABLE', effect: 'unknown' });
    };
    const { workflow, driver } = connect({ ...discovering(), doDiscover });
    const error = await rejected(workflow.resume(target));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(driver.seen).toEqual([]);
  });

  it('that hangs ends at the deadline', async () => {
    const { workflow } = connect({ ...discovering(), doDiscover: () => never() });
    expect(await rejected(workflow.resume(target, { timeoutMs: 20 }))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      effect: 'none',
    });
  });
});

describe('diagnostics', () => {
  it('publish a call on the tracing channel', async () => {
    const seen: unknown[] = [];
    const note = (trace: unknown): void => void seen.push(trace);
    subscribe('tracing:resumable-workflow:resume:asyncEnd', note);
    await connect().workflow.resume(target);
    unsubscribe('tracing:resumable-workflow:resume:asyncEnd', note);
    expect(seen).toEqual([
      expect.objectContaining({
        provider: 'fake',
        connection: 'fake-eu',
        result: expect.objectContaining({ status: 'accepted' }),
      }),
    ]);
  });
});

describe('ResumeError', () => {
  it('is recognised across copies of the package', () => {
    const foreign = { [Symbol.for('resumable-workflow.ResumeError')]: true };
    expect(ResumeError.isInstance(foreign)).toBe(true);
    expect(ResumeError.isInstance(new ResumeError('x', { code: 'INTERNAL', effect: 'none' }))).toBe(true);
    expect([new Error('x'), null, undefined, 'x', {}].some((value) => ResumeError.isInstance(value))).toBe(false);
  });
});
