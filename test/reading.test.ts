import { describe, expect, it } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import { CallEnded, CallScope } from '../src/deadline.js';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { readOnce } from '../src/reading.js';
import { VirtualRuntime } from './virtual-runtime.js';

function reading(timeoutMs = 60_000) {
  const runtime = new VirtualRuntime();
  const startedMs = runtime.nowMs();
  const call = new CallRecord(runtime);
  const phase = new CallScope(runtime, { timeoutMs });
  const read = (once: (attempt: Attempt) => Promise<unknown>) =>
    runtime.run(
      readOnce(call, phase, once).then(
        (value) => ({ value, atMs: runtime.nowMs() - startedMs }),
        (error: unknown) => ({ error, atMs: runtime.nowMs() - startedMs }),
      ),
    );
  return { runtime, call, phase, read };
}
const hanging = () => new Promise<never>(() => {});

describe('one read of a driver', () => {
  it('may send several requests, none of which counts as one that resumes', async () => {
    const { call, read } = reading();
    const ended = await read(async (attempt) => {
      attempt.dispatch();
      attempt.dispatch();
      return 'seen';
    });
    expect(ended).toMatchObject({ value: 'seen' });
    expect([call.dispatches, call.inDoubt]).toEqual([0, false]);
  });

  it('that hangs is given up after ten seconds, without effect, so that another one can be tried', async () => {
    const { runtime, read } = reading();
    const { error, atMs } = (await read(hanging)) as { error: unknown; atMs: number };
    expect(error).toBeInstanceOf(DriverFailure);
    expect(error).toMatchObject({
      message: 'a read was not answered within 10000 ms',
      details: { code: 'UNAVAILABLE', effect: 'none', cause: { code: 'DEADLINE_EXCEEDED' } },
    });
    expect(atMs).toBe(10_000);
    // Of the phase's own time only.
    expect(runtime.pending).toBe(1);
  });

  it('ends with its phase, and says why that has ended', async () => {
    const { runtime, phase, read } = reading();
    const abort = new CallEnded('CANCELLED', 'the caller aborted the call');
    runtime.startTimer(700, () => phase.end(abort));
    expect(await read(hanging)).toEqual({ error: abort, atMs: 700 });
  });

  it('ends with its phase where both end at the same time', async () => {
    const { read } = reading(10_000);
    expect(await read(hanging)).toMatchObject({ error: { name: 'CallEnded', code: 'DEADLINE_EXCEEDED' } });
  });

  it('fails as its driver says, however late', async () => {
    const { runtime, read } = reading();
    const failure = new DriverFailure('gone', { code: 'NOT_FOUND', effect: 'none' });
    const late = async () => {
      await runtime.sleep(9_999);
      throw failure;
    };
    expect(await read(late)).toEqual({ error: failure, atMs: 9_999 });
  });

  it('is not begun in a phase that has ended', async () => {
    const { phase, read } = reading();
    phase.end(new CallEnded('CANCELLED', 'the caller aborted the call'));
    let begun = false;
    const ended = await read(async () => {
      begun = true;
    });
    expect([begun, ended]).toMatchObject([false, { error: { code: 'CANCELLED' } }]);
  });
});
