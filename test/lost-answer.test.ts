import { describe, expect, it } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import { CallEnded, CallScope } from '../src/deadline.js';
import type { Attempt, Finding, WorkflowDriver } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { Failure } from '../src/failure.js';
import { LostAnswer } from '../src/lost-answer.js';
import { intentOf } from '../src/testing/ledger-bench.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

type Driver = WorkflowDriver<'resume' | 'restart'>;
type Look = Finding | Error | 'hangs';

const lost: Failure = {
  why: 'the answer was lost',
  details: { code: 'UNAVAILABLE', effect: 'unknown', requestId: 'r-9' },
};
const nothing: Finding = { found: 'nothing', seen: 'it is still failed' };
const resumed: Finding = { found: 'resumed', acceptance: { execution: 'run-2', nodes: [], nodesBasis: 'observed' } };
const down = new DriverFailure('answered 503', { code: 'UNAVAILABLE', effect: 'unknown' });
const forbidden = new DriverFailure('may not read', { code: 'PERMISSION_DENIED', effect: 'none' });
const stale = new DriverFailure('answered 401', {
  code: 'UNAUTHENTICATED',
  effect: 'none',
  staleCredential: { token: 'old' },
});

/** Looks for a lost answer; each look goes as scripted, and the last one stays. */
function looking(looks: readonly Look[], script: Partial<Driver> = {}) {
  const runtime = new VirtualRuntime();
  const startedMs = runtime.nowMs();
  const call = new CallRecord(runtime);
  const parent = new CallScope(runtime);
  const looksAtMs: number[] = [];
  const driver = fakeDriver({
    doFindResumed: async (_target, _selection, _lost, attempt: Attempt) => {
      attempt.dispatch();
      looksAtMs.push(runtime.nowMs() - startedMs);
      const look = looks[Math.min(looksAtMs.length, looks.length) - 1] ?? nothing;
      if (look === 'hangs') return await new Promise<never>(() => {});
      if (look instanceof Error) throw look;
      return look;
    },
    ...script,
  });
  const lookFor = (readBackMs = 30_000) =>
    runtime.run(new LostAnswer(driver, intentOf(), lost).lookFor(readBackMs, call, parent));
  return { runtime, call, parent, looksAtMs, lookFor, elapsedMs: () => runtime.nowMs() - startedMs };
}

describe('looking for a lost answer', () => {
  it('starts between 100 and 200 ms apart, and gets no rarer than every five seconds', async () => {
    for (const [chance, share] of [
      [0, 0.5],
      [0.5, 0.75],
      [0.999, 0.9995],
    ] as const) {
      const { runtime, looksAtMs, lookFor } = looking([nothing]);
      runtime.chance = chance;
      await lookFor(90_000);
      const gaps = looksAtMs.slice(1).map((atMs, index) => atMs - (looksAtMs[index] ?? 0));
      expect(gaps[0]).toBeCloseTo(200 * share, 2);
      expect(gaps[1]).toBeCloseTo(270 * share, 2);
      expect(Math.max(...gaps)).toBeCloseTo(5_000 * share, 2);
    }
  });

  it('leaves a read alone that hangs, and asks again', async () => {
    const { looksAtMs, lookFor } = looking(['hangs', resumed]);
    expect((await lookFor()).acceptance).toEqual({ execution: 'run-2', nodes: [], nodesBasis: 'observed' });
    expect(looksAtMs).toEqual([0, 10_150]);
  });

  it('counts no read as a request that could have resumed something', async () => {
    const { call, lookFor } = looking([nothing, down, resumed]);
    await lookFor();
    expect([call.dispatches, call.inDoubt]).toEqual([0, false]);
  });

  it('ends when its time is up in the middle of a read, and keeps what was seen before', async () => {
    const { lookFor, elapsedMs, runtime } = looking([nothing, 'hangs']);
    expect((await lookFor(2_000)).failure.why).toBe(
      'the answer was lost; reading back found no proof: it is still failed',
    );
    expect(elapsedMs()).toBe(2_000);
    expect(runtime.pending).toBe(0);
  });

  it('says that it could not be read where not one read has ended', async () => {
    const { lookFor } = looking(['hangs']);
    expect((await lookFor(2_000)).failure.why).toContain('found no proof: it could not be read');
  });

  it('ends with the call, at once', async () => {
    const { runtime, parent, lookFor, looksAtMs } = looking([nothing]);
    runtime.startTimer(50, () => parent.end(new CallEnded('CANCELLED', 'the caller aborted the call')));
    const found = await lookFor();
    expect(found.acceptance).toBeUndefined();
    expect(looksAtMs).toEqual([0]);
    expect(runtime.pending).toBe(0);
  });

  it('does not take place where a driver cannot read back, and says so', async () => {
    const runtime = new VirtualRuntime();
    const found = await new LostAnswer(fakeDriver(), intentOf(), lost).lookFor(
      30_000,
      new CallRecord(runtime),
      new CallScope(runtime),
    );
    expect(found.failure.why).toContain('found no proof: fake cannot be read back');
  });

  it('bears a stale credential that a driver cannot drop, once', async () => {
    const once = looking([stale, resumed]);
    expect((await once.lookFor()).acceptance).toBeDefined();
    const always = looking([stale]);
    expect((await always.lookFor()).failure.why).toContain('reading it back failed: answered 401');
    expect(always.looksAtMs).toHaveLength(2);
  });

  it('has a stale credential dropped before it looks again', async () => {
    const dropped: object[] = [];
    const { lookFor } = looking([stale, resumed], { dropCredential: (credential) => dropped.push(credential) });
    await lookFor();
    expect(dropped).toEqual([{ token: 'old' }]);
  });
});

describe('a lost answer that stays unknown', () => {
  it('says why reads failed where nothing was seen', async () => {
    expect((await looking([down]).lookFor(1_000)).failure).toEqual({
      why: 'the answer was lost; reading back found no proof: reading it back failed: answered 503',
      details: lost.details,
    });
    expect((await looking([nothing, forbidden]).lookFor()).failure.why).toContain('failed: may not read');
  });

  it('says that reads were not answered', async () => {
    const { lookFor } = looking(['hangs', forbidden]);
    expect((await lookFor()).failure.why).toContain('may not read');
    expect((await looking(['hangs']).lookFor(10_100)).failure.why).toContain('a read was not answered within 10000 ms');
  });

  it('still names another resume that was seen, when later reads fail', async () => {
    const different: Finding = { found: 'different', seen: 'run-7 restarted b' };
    const { failure, acceptance } = await looking([different, down]).lookFor(2_000);
    expect(acceptance).toBeUndefined();
    expect(failure).toEqual({
      why: 'the answer was lost; reading back found another resume, not adopted: run-7 restarted b',
      details: lost.details,
    });
  });

  it('because there are several names them all, and is ABORTED', async () => {
    const { failure } = await looking([{ found: 'several', executions: ['run-2', 'run-3'] }]).lookFor();
    expect(failure.details).toEqual({ ...lost.details, code: 'ABORTED' });
    expect(failure.why).toMatch(/^the answer was lost; .* as run-2, run-3: none was chosen/);
  });

  it('is adopted by nothing that a driver does not call resumed', async () => {
    const { acceptance } = resumed as { acceptance: object };
    const odd = { ...nothing, acceptance } as Finding;
    expect((await looking([odd]).lookFor(1_000)).acceptance).toBeUndefined();
  });
});

describe('a lost answer that was found', () => {
  it('still says how it was lost', async () => {
    expect((await looking([resumed]).lookFor()).failure).toEqual(lost);
  });
});

describe('sending again after a lost answer', () => {
  const undecided: Finding = { ...nothing, undecided: true };
  const mayAfter = async (looks: readonly Look[]) => (await looking(looks).lookFor(1_000)).maySendAgain;

  it.each<[string, readonly Look[]]>([
    ['nothing was seen', [nothing]],
    ['a driver says outright that nothing is undecided', [{ ...nothing, undecided: false }]],
    ['all reads failed', [down]],
  ])('may be asked for where %s', async (_what, looks) => {
    expect(await mayAfter(looks)).toBe(true);
  });

  it.each<[string, readonly Look[]]>([
    ['something speaks for its having happened', [undecided]],
    ['something spoke for its having happened before reads failed', [undecided, down]],
    ['another resume was seen', [{ found: 'different', seen: 'run-7' }]],
    ['several were seen', [{ found: 'several', executions: ['run-2', 'run-3'] }]],
    ['it was found', [resumed]],
  ])('may never be where %s', async (_what, looks) => {
    expect(await mayAfter(looks)).toBe(false);
  });
});
