import { describe, expect, it } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import { CallEnded, CallScope } from '../src/deadline.js';
import type { Attempt, FailureDetails, Target, WorkflowDriver } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { RetryGate } from '../src/retry.js';
import type { GivenUp } from '../src/sending.js';
import { Sender } from '../src/sending.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

type Driver = WorkflowDriver<'resume' | 'restart'>;
const target: Target = { workflow: 'nightly', execution: 'run-1', action: 'resume', nodes: [] };
const selection = { performed: 'restart', nodes: ['a'] } as const;
const down: FailureDetails = { code: 'UNAVAILABLE', effect: 'none' };
const stale: FailureDetails = { code: 'UNAUTHENTICATED', effect: 'none', staleCredential: { token: 'old' } };
const failing = (details: FailureDetails) => new DriverFailure(`failed with ${details.code}`, details);

/** A sender whose driver fails as scripted, one failure a request, and then accepts. */
function sending(failures: readonly Error[], script: Partial<Driver> = {}) {
  const runtime = new VirtualRuntime();
  const call = new CallRecord(runtime);
  const scope = new CallScope(runtime, { timeoutMs: 30_000 });
  const attempts: Attempt[] = [];
  const next = (attempt: Attempt): void => {
    attempts.push(attempt);
    const failure = failures[attempts.length - 1];
    if (failure !== undefined) throw failure;
  };
  const driver = fakeDriver({
    doResume: async (_target, { nodes }, attempt) => {
      attempt.dispatch();
      next(attempt);
      return { execution: 'run-2', nodes, nodesBasis: 'reported' };
    },
    doDiscover: async (_target, attempt) => {
      next(attempt);
      return { ...selection, baseline: { state: 'FAILED' } };
    },
    ...script,
  });
  const sender = new Sender(driver, new RetryGate(runtime.random));
  const resume = () => runtime.run(sender.resume(target, selection, call, scope));
  const discover = () => runtime.run(sender.discover(target, call, scope));
  return { runtime, call, scope, attempts, driver, sender, resume, discover };
}

const givenUp = async (promise: Promise<unknown>): Promise<GivenUp> =>
  (await promise.then(
    () => expect.fail('it was not given up'),
    (error: unknown) => error,
  )) as GivenUp;

describe('a request that resumes', () => {
  it('goes to the driver as it was selected, and its acceptance comes back', async () => {
    const { driver, resume, call } = sending([]);
    expect(await resume()).toMatchObject({ execution: 'run-2', nodes: ['a'] });
    expect(driver.seen).toEqual([{ target, selection }]);
    expect(call.dispatches).toBe(1);
  });

  it('that is given up says how the last one failed', async () => {
    const error = await givenUp(sending([failing(down), failing({ code: 'NOT_FOUND', effect: 'none' })]).resume());
    expect(error).toMatchObject({
      name: 'GivenUp',
      message: 'failed with NOT_FOUND',
      failure: { why: 'failed with NOT_FOUND', details: { code: 'NOT_FOUND', effect: 'none' } },
    });
  });

  it('leaves no doubt where it provably did nothing', async () => {
    const { call, resume } = sending([failing({ code: 'NOT_FOUND', effect: 'none' })]);
    await givenUp(resume());
    expect([call.dispatches, call.inDoubt]).toEqual([1, false]);
  });

  it('leaves doubt where its effect is unknown, and is not sent again', async () => {
    const { call, resume } = sending([failing({ code: 'UNAVAILABLE', effect: 'unknown' })]);
    await givenUp(resume());
    expect([call.dispatches, call.inDoubt]).toEqual([1, true]);
  });

  it('takes no doubt away that an earlier one has left', async () => {
    const { call, resume } = sending([failing({ code: 'NOT_FOUND', effect: 'none' })]);
    call.inDoubt = true;
    await givenUp(resume());
    expect(call.inDoubt).toBe(true);
  });

  it('whose driver breaks has no effect before anything has left, and an unknown one after that', async () => {
    const before = sending([], { doResume: () => Promise.reject(new Error('a bug')) });
    expect((await givenUp(before.resume())).failure).toMatchObject({
      why: 'a bug',
      details: { code: 'INTERNAL', effect: 'none' },
    });
    expect(before.call.inDoubt).toBe(false);
    const after = sending([new Error('a bug')]);
    expect((await givenUp(after.resume())).failure.details).toMatchObject({ code: 'INTERNAL', effect: 'unknown' });
    expect(after.call.inDoubt).toBe(true);
  });

  it('is not sent in a call that has ended', async () => {
    const { scope, driver, resume } = sending([]);
    scope.end(new CallEnded('CANCELLED', 'the caller aborted the call'));
    const { details, why } = (await givenUp(resume())).failure;
    expect(details).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(why).toContain('nothing had been sent');
    expect(driver.seen).toEqual([]);
  });

  it('can be sent no more once it has been judged, whatever its driver does later', async () => {
    const { attempts, resume } = sending([failing({ code: 'NOT_FOUND', effect: 'none' })]);
    await givenUp(resume());
    expect(() => attempts[0]?.dispatch()).toThrow(/judged already/);
    const unsent: Attempt[] = [];
    const refused = sending([], {
      doResume: (_target, _selection, attempt) => {
        unsent.push(attempt);
        return Promise.reject(failing({ code: 'INVALID_ARGUMENT', effect: 'none' }));
      },
    });
    await givenUp(refused.resume());
    expect(() => unsent[0]?.dispatch()).toThrow(/judged already/);
    expect(refused.call.dispatches).toBe(0);
  });

  it('says how it failed, not that the call ended, where the call ends before the next try', async () => {
    const { runtime, scope, resume } = sending([
      failing({ code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 9_000 }),
    ]);
    runtime.startTimer(1_000, () => scope.end(new CallEnded('CANCELLED', 'the caller aborted the call')));
    expect((await givenUp(resume())).failure.details).toMatchObject({ code: 'RESOURCE_EXHAUSTED', effect: 'none' });
  });
});

describe('a stale credential', () => {
  it('is dropped, and the request sent once more at once', async () => {
    const dropped: object[] = [];
    const { runtime, resume, call } = sending([failing(stale)], {
      dropCredential: (credential) => dropped.push(credential),
    });
    const startedMs = runtime.nowMs();
    expect(await resume()).toMatchObject({ execution: 'run-2' });
    expect(dropped).toEqual([{ token: 'old' }]);
    expect([call.dispatches, runtime.nowMs()]).toEqual([2, startedMs]);
  });

  it('that stays stale is renewed once only', async () => {
    const dropped: object[] = [];
    const { resume, call } = sending(Array<Error>(9).fill(failing(stale)), {
      dropCredential: (credential) => dropped.push(credential),
    });
    expect((await givenUp(resume())).failure.details.code).toBe('UNAUTHENTICATED');
    expect([dropped.length, call.dispatches]).toEqual([1, 2]);
  });

  it('is no try: three of them are left', async () => {
    const { resume, call } = sending([failing(stale), failing(down), failing(down)]);
    expect(await resume()).toMatchObject({ execution: 'run-2' });
    expect(call.dispatches).toBe(4);
    const longer = sending([failing(stale), failing(down), failing(down), failing(down)]);
    await givenUp(longer.resume());
    expect(longer.call.dispatches).toBe(4);
  });

  it('is borne where the driver cannot drop it', async () => {
    expect(await sending([failing(stale)]).resume()).toMatchObject({ execution: 'run-2' });
  });
});

describe('looking where an execution stopped', () => {
  it('tells what the driver has read', async () => {
    expect(await sending([]).discover()).toEqual({ ...selection, baseline: { state: 'FAILED' } });
  });

  it('is tried again, whatever the driver says of its effect', async () => {
    const { attempts, discover } = sending([failing({ code: 'UNAVAILABLE', effect: 'unknown' }), failing(stale)]);
    expect(await discover()).toMatchObject(selection);
    expect(attempts).toHaveLength(3);
  });

  it('that fails has no effect, and says what it was about', async () => {
    const { call, discover } = sending([failing({ code: 'NOT_FOUND', effect: 'unknown', httpStatus: 404 })]);
    expect((await givenUp(discover())).failure).toEqual({
      why: 'looking where it stopped: failed with NOT_FOUND',
      details: { code: 'NOT_FOUND', effect: 'none', httpStatus: 404 },
    });
    expect(call.inDoubt).toBe(false);
  });

  it('claims nothing about what was sent', async () => {
    const { scope, discover } = sending([]);
    scope.end(new CallEnded('CANCELLED', 'the caller aborted the call'));
    const { why, details } = (await givenUp(discover())).failure;
    expect([why, details.effect]).toEqual(['looking where it stopped: the caller aborted the call', 'none']);
  });

  it('is not the only thing that is read: whatever fails says so in its own words, and has no effect', async () => {
    const { runtime, call, scope, sender } = sending([]);
    const read = () => Promise.reject(failing({ code: 'NOT_FOUND', effect: 'unknown' }));
    expect((await givenUp(runtime.run(sender.read(read, call, scope)))).failure).toEqual({
      why: 'failed with NOT_FOUND',
      details: { code: 'NOT_FOUND', effect: 'none' },
    });
    expect(await runtime.run(sender.read(async () => 'seen', call, scope))).toBe('seen');
  });

  it('cannot be asked of a driver that has promised it and does not do it', () => {
    const sender = new Sender(fakeDriver(), new RetryGate(() => 0));
    const runtime = new VirtualRuntime();
    const look = () => sender.discover(target, new CallRecord(runtime), new CallScope(runtime));
    expect(look).toThrow('the driver of fake needs doDiscover');
  });
});
