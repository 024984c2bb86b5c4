import { describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { rejected } from './rejected.js';
import { connect, never, target } from './workflow-bench.js';

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
