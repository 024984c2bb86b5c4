import { describe, expect, it } from 'vitest';
import { CallEnded, CallScope } from '../src/deadline.js';
import { FlightLife } from '../src/flight-life.js';
import { VirtualRuntime } from './virtual-runtime.js';

/** A flight whose first phase lasts a second, and the call that began it. */
function begun(deadlineMs = 5_000) {
  const runtime = new VirtualRuntime();
  const startMs = runtime.nowMs();
  const life = new FlightLife(runtime, 1_000, startMs);
  const own = new CallScope(runtime);
  life.limitOwner(own, deadlineMs);
  const ended = (scope: CallScope): Promise<number> =>
    runtime.run(new Promise((resolve) => scope.whenEnded(() => resolve(runtime.nowMs() - startMs))));
  const at = (afterMs: number, what: () => void): void => void runtime.startTimer(afterMs, what);
  return { runtime, life, own, ended, at };
}

describe('the deadline of the call that began a flight', () => {
  it('needs no timer of its own while the first phase lasts', () => {
    const { runtime, life } = begun();
    expect(runtime.pending).toBe(1);
    life.dispose();
    expect(runtime.pending).toBe(0);
  });

  it.each([1_020, 5_000, 91_020])('passes after its %i ms where the first phase just runs out', async (deadlineMs) => {
    const { own, ended } = begun(deadlineMs);
    expect(await ended(own)).toBe(deadlineMs);
    expect(own.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it.each([
    ['is not moved by a clock that is set back', -3_600_000, 4_000],
    ['has passed where the process sleeps beyond it', 3_600_000, 0],
    ['is nearer where the process sleeps beyond the first phase', 3_000, 1_500],
  ])('%s', async (_what, jumpMs, leftMs) => {
    const { runtime, life, own, at } = begun();
    at(500, () => runtime.jumpTo(runtime.nowMs() + jumpMs));
    await runtime.run(new Promise<void>((resolve) => life.sending.whenEnded(() => resolve())));
    expect(own.remainingMs).toBe(leftMs);
  });

  it('passes in time where somebody prolongs the first phase beyond it', async () => {
    const { life, own, ended, at } = begun(2_000);
    at(400, () => life.prolong(30_000));
    expect(await ended(own)).toBe(2_000);
    expect(life.sending.reason).toBeUndefined();
  });

  it('passes in time where another phase begins', async () => {
    const { life, own, ended, at } = begun(1_500);
    at(900, () => life.sendAgain());
    expect(await ended(own)).toBe(1_500);
  });

  it('passes no later than it would have where a clock is set back before it is set', () => {
    const { runtime, life, own } = begun();
    runtime.jumpTo(runtime.nowMs() - 60_000);
    life.prolong(30_000);
    expect(own.remainingMs).toBe(5_000);
  });

  it('is set at once where the first phase has ended already', async () => {
    const { runtime, life, ended } = begun();
    life.end(new CallEnded('CANCELLED', 'the connection was closed by close()'));
    const late = new CallScope(runtime);
    life.limitOwner(late, 3_000);
    expect(await ended(late)).toBe(3_000);
  });

  it('does not come back to a call that has left', async () => {
    const { runtime, life, own } = begun();
    own.end(new CallEnded('CANCELLED', 'the caller aborted the call'));
    life.prolong(1);
    life.end(new CallEnded('CANCELLED', 'everybody has left'));
    expect(runtime.pending).toBe(0);
  });
});
