import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import { ResumeError } from '../src/errors.js';
import type { Attempt, WorkflowDriver } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';

const target = { workflow: 'nightly', execution: 'run-1' };
type Driver = WorkflowDriver<'resume' | 'restart'>;

const connect = (script: Partial<Driver> = {}) => {
  const driver = fakeDriver(script);
  return { driver, workflow: createWorkflow<'resume' | 'restart'>('fake-eu', driver) };
};
const never = <T>(): Promise<T> => new Promise<T>(() => {});
const discovering = (): Pick<Driver, 'capabilities'> => ({
  capabilities: { ...fakeDriver().capabilities, discoversNodes: true },
});

afterEach(() => vi.restoreAllMocks());

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

describe('the effect of what a driver throws', () => {
  const boom = new Error('boom');

  it('is none while nothing was dispatched', async () => {
    const doResume = async () => Promise.reject(boom);
    const error = await rejected(connect({ doResume }).workflow.resume(target));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0, cause: boom });
  });

  it('is unknown once something was dispatched', async () => {
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      attempt.dispatch();
      throw boom;
    };
    const error = await rejected(connect({ doResume }).workflow.resume(target));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', attempts: 1, cause: boom });
    expect(error.message).toBe(
      'fake-eu: resume of nightly / run-1: boom. Whether it was resumed is unknown: look at the execution before calling again.',
    );
  });

  it('is what its DriverFailure says, with all its details', async () => {
    const details = {
      code: 'NOT_FOUND',
      effect: 'none',
      httpStatus: 404,
      providerCode: 'Gone',
      requestId: 'r',
      retryAfterMs: 5,
    } as const;
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      attempt.dispatch();
      throw new DriverFailure('it is gone.', { ...details, cause: boom });
    };
    const error = await rejected(connect({ doResume }).workflow.resume(target));
    expect(error).toMatchObject({ ...details, provider: 'fake', connection: 'fake-eu', attempts: 1, cause: boom });
    expect(error.message).toBe('fake-eu: resume of nightly / run-1: it is gone. Nothing was resumed.');
  });
});

describe('a driver that does not keep its word', () => {
  it('cannot send twice in one attempt', async () => {
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      attempt.dispatch();
      attempt.dispatch();
      throw new Error('not reached');
    };
    const error = await rejected(connect({ doResume }).workflow.resume(target));
    expect(error).toMatchObject({ effect: 'unknown', attempts: 1 });
    expect(error.message).toContain('one request per attempt');
  });

  it('cannot send after the verdict', async () => {
    let late: Attempt | undefined;
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      late = attempt;
      throw new DriverFailure('no', { code: 'UNAVAILABLE', effect: 'none' });
    };
    await rejected(connect({ doResume }).workflow.resume(target));
    expect(() => late?.dispatch()).toThrow(/judged already/);
  });

  it('is left behind at the deadline when it hangs', async () => {
    const startedMs = performance.now();
    const error = await rejected(connect({ doResume: () => never() }).workflow.resume(target, { timeoutMs: 60 }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none' });
    expect(performance.now() - startedMs).toBeLessThan(110);
  });
});

describe('the end of a call', () => {
  it.each(['before', 'after'] as const)('by the deadline %s the dispatch is judged by its phase', async (phase) => {
    const doResume = (_target: unknown, _selection: unknown, attempt: Attempt) => {
      if (phase === 'after') attempt.dispatch();
      return never<never>();
    };
    const error = await rejected(connect({ doResume }).workflow.resume(target, { timeoutMs: 20 }));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: phase === 'after' ? 'unknown' : 'none' });
  });

  it('makes a dispatch that comes later throw', async () => {
    let late: Attempt | undefined;
    const doResume = (_target: unknown, _selection: unknown, attempt: Attempt) => {
      late = attempt;
      return never<never>();
    };
    const error = await rejected(connect({ doResume }).workflow.resume(target, { timeoutMs: 20 }));
    expect(error.attempts).toBe(0);
    expect(() => late?.dispatch()).toThrow('no answer within 20 ms');
    expect(late?.signal.aborted).toBe(true);
  });

  it('by the caller’s signal keeps the caller’s reason as its cause', async () => {
    const stop = new AbortController();
    const call = rejected(connect({ doResume: () => never() }).workflow.resume(target, { signal: stop.signal }));
    const reason = new Error('shutting down');
    stop.abort(reason);
    const error = await call;
    expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect((error.cause as Error).cause).toBe(reason);
  });

  it('leaves no listener on the caller’s signal and no timer', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    await connect().workflow.resume(target, { signal });
    expect(added).toHaveBeenCalledOnce();
    expect(removed).toHaveBeenCalledWith('abort', added.mock.calls[0]?.[1]);
    expect(cleared).toHaveBeenCalled();
  });
});

describe('a stale credential', () => {
  const stale = { token: 'old' };
  const refuseTimes = (times: number) => {
    let refused = 0;
    return async (_target: unknown, { nodes }: { nodes: readonly string[] }, attempt: Attempt) => {
      attempt.dispatch();
      refused += 1;
      if (refused > times) return { execution: 'run-1', nodes, nodesBasis: 'expected' as const };
      throw new DriverFailure('token', { code: 'UNAUTHENTICATED', effect: 'none', staleCredential: stale });
    };
  };

  it('is dropped, and the call sent once more, counted', async () => {
    const dropCredential = vi.fn();
    const receipt = await connect({ doResume: refuseTimes(1), dropCredential }).workflow.resume(target);
    expect(receipt.attempts).toBe(2);
    expect(dropCredential).toHaveBeenCalledExactlyOnceWith(stale);
  });

  it('is renewed once only', async () => {
    const dropCredential = vi.fn();
    const error = await rejected(connect({ doResume: refuseTimes(9), dropCredential }).workflow.resume(target));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 2 });
    expect(dropCredential).toHaveBeenCalledOnce();
  });

  it('is not renewed after an unknown effect', async () => {
    const doResume = async (_target: unknown, _selection: unknown, attempt: Attempt) => {
      attempt.dispatch();
      throw new DriverFailure('?', { code: 'UNAUTHENTICATED', effect: 'unknown', staleCredential: stale });
    };
    const dropCredential = vi.fn();
    expect(await rejected(connect({ doResume, dropCredential }).workflow.resume(target))).toMatchObject({
      attempts: 1,
    });
    expect(dropCredential).not.toHaveBeenCalled();
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

describe('secrets that an attempt has seen', () => {
  const secret = 'S3cr3t/+=&value';
  const fail = (cause?: unknown) => async (_target: unknown, _selection: unknown, attempt: Attempt) => {
    attempt.conceal(secret);
    throw new DriverFailure(`said ${secret} and ${encodeURIComponent(secret)}`, {
      code: 'INTERNAL',
      effect: 'none',
      providerCode: secret,
      requestId: secret,
      cause,
    });
  };

  it('show nowhere in the error', async () => {
    const deep = { config: { headers: [['x', secret]] } };
    const cause = Object.assign(new TypeError(`inner ${secret}`), deep);
    const error = await rejected(connect({ doResume: fail(cause) }).workflow.resume(target));
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(error)).not.toContain(secret);
    expect(error.message).toContain('said [concealed] and [concealed]');
    expect((error.cause as Error).name).toBe('TypeError');
  });

  it('leave a cause alone that does not hold them', async () => {
    const cause = new Error('harmless');
    const error = await rejected(connect({ doResume: fail(cause) }).workflow.resume(target));
    expect(error.cause).toBe(cause);
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
        result: expect.objectContaining({ execution: 'run-1' }),
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
