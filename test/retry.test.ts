import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { RetryGate } from '../src/retry.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';
import { VirtualRuntime } from './virtual-runtime.js';

const unavailable = { code: 'UNAVAILABLE', effect: 'none' } as const;
const fresh = { tried: 1, renewed: false, remainingMs: 30_000 };
const gate = (chance = 0.5): RetryGate => new RetryGate(() => chance);

describe('the retry gate, after a request that could have resumed something', () => {
  it.each([
    ['UNAVAILABLE', 'try-again'],
    ['RESOURCE_EXHAUSTED', 'try-again'],
    ['INVALID_ARGUMENT', 'give-up'],
    ['NOT_FOUND', 'give-up'],
    ['FAILED_PRECONDITION', 'give-up'],
    ['UNAUTHENTICATED', 'give-up'],
    ['PERMISSION_DENIED', 'give-up'],
    ['DEADLINE_EXCEEDED', 'give-up'],
    ['CANCELLED', 'give-up'],
    ['UNIMPLEMENTED', 'give-up'],
    ['ABORTED', 'give-up'],
    ['INTERNAL', 'give-up'],
  ] as const)('%s without effect: %s; with an unknown effect: give-up', (code, kind) => {
    expect(gate().afterMutation({ code, effect: 'none' }, fresh).kind).toBe(kind);
    expect(gate().afterMutation({ code, effect: 'unknown' }, fresh).kind).toBe('give-up');
    expect(gate().afterMutation({ code, effect: 'none', final: true }, fresh).kind).toBe('give-up');
  });

  it('tries three times at most', () => {
    expect(gate().afterMutation(unavailable, { ...fresh, tried: 2 }).kind).toBe('try-again');
    expect(gate().afterMutation(unavailable, { ...fresh, tried: 3 }).kind).toBe('give-up');
  });

  it.each([
    [0, 1, 0],
    [0.5, 1, 50],
    [0.999, 1, 99.9],
    [0.5, 2, 100],
    [0.999, 2, 199.8],
  ])('waits with full jitter: chance %d at try %i is %d ms', (chance, tried, afterMs) => {
    expect(gate(chance).afterMutation(unavailable, { ...fresh, tried })).toEqual({ kind: 'try-again', afterMs });
  });

  it('never waits less than Retry-After, and gives up at once where that lies past the deadline', () => {
    const throttled = { code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 7_000 } as const;
    expect(gate().afterMutation(throttled, fresh)).toEqual({ kind: 'try-again', afterMs: 7_000 });
    expect(gate().afterMutation(throttled, { ...fresh, remainingMs: 7_001 }).kind).toBe('try-again');
    expect(gate().afterMutation(throttled, { ...fresh, remainingMs: 7_000 }).kind).toBe('give-up');
  });

  it('renews a stale credential once, and never after an unknown effect', () => {
    const staleCredential = { token: 'old' };
    const refused = { code: 'UNAUTHENTICATED', effect: 'none', staleCredential } as const;
    expect(gate().afterMutation(refused, fresh)).toEqual({ kind: 'renew-credential', stale: staleCredential });
    expect(gate().afterMutation(refused, { ...fresh, renewed: true }).kind).toBe('give-up');
    expect(gate().afterMutation({ ...refused, effect: 'unknown' }, fresh).kind).toBe('give-up');
  });
});

describe('the retry gate, after a read', () => {
  it('tries again whatever effect the driver says', () => {
    expect(gate().afterRead({ code: 'UNAVAILABLE', effect: 'unknown' }, fresh).kind).toBe('try-again');
    expect(gate().afterRead({ code: 'PERMISSION_DENIED', effect: 'unknown' }, fresh).kind).toBe('give-up');
  });
});

describe('the retry budget of a connection', () => {
  it('allows ten retries, then one for ten calls', () => {
    const one = gate();
    const retries = (): number => {
      let granted = 0;
      while (one.afterMutation(unavailable, fresh).kind === 'try-again') granted += 1;
      return granted;
    };
    expect(retries()).toBe(10);
    for (let call = 0; call < 9; call += 1) one.noteCall();
    expect(retries()).toBe(0);
    one.noteCall();
    one.noteCall();
    expect(retries()).toBe(1);
  });

  it('amplifies a total outage at most 1.1 times, beyond the first ten', () => {
    const one = gate();
    let sent = 0;
    const calls = 10_000;
    for (let call = 0; call < calls; call += 1) {
      one.noteCall();
      sent += 1;
      for (let tried = 1; one.afterMutation(unavailable, { ...fresh, tried }).kind === 'try-again'; tried += 1)
        sent += 1;
    }
    expect(sent - 10).toBeLessThanOrEqual(calls * 1.1);
    expect(sent).toBeGreaterThan(calls * 1.05);
  });

  it('never saves up more than ten', () => {
    const one = gate();
    for (let call = 0; call < 1_000; call += 1) one.noteCall();
    let granted = 0;
    while (one.afterMutation(unavailable, fresh).kind === 'try-again') granted += 1;
    expect(granted).toBe(10);
  });
});

describe('a call through the gate', () => {
  const target = { workflow: 'nightly', execution: 'run-1' };
  const refusing = (times: number, failure: ConstructorParameters<typeof DriverFailure>[1]) => {
    const runtime = new VirtualRuntime();
    const sentAtMs: number[] = [];
    const driver = fakeDriver({
      async doResume(_target, { nodes }, attempt: Attempt) {
        attempt.dispatch();
        sentAtMs.push(runtime.nowMs());
        if (sentAtMs.length > times) return { execution: 'run-1', nodes, nodesBasis: 'expected' };
        throw new DriverFailure('refused', failure);
      },
    });
    return { runtime, sentAtMs, workflow: createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime }) };
  };

  it('sends again what provably did nothing, and counts it', async () => {
    const { runtime, sentAtMs, workflow } = refusing(2, unavailable);
    const receipt = await runtime.run(workflow.resume(target));
    expect(receipt.attempts).toBe(3);
    expect(sentAtMs.map((atMs) => atMs - (sentAtMs[0] ?? 0))).toEqual([0, 50, 150]);
    expect(runtime.pending).toBe(0);
  });

  it('gives up after three, with no effect', async () => {
    const { runtime, workflow } = refusing(9, unavailable);
    expect(await runtime.run(rejected(workflow.resume(target)))).toMatchObject({ ...unavailable, attempts: 3 });
  });

  it('never sends again after an unknown effect', async () => {
    const { runtime, sentAtMs, workflow } = refusing(9, { code: 'UNAVAILABLE', effect: 'unknown' });
    expect(await runtime.run(rejected(workflow.resume(target)))).toMatchObject({ effect: 'unknown', attempts: 1 });
    expect(sentAtMs).toHaveLength(1);
  });

  it('fails at once, carrying Retry-After, where that lies past the deadline', async () => {
    const { runtime, workflow } = refusing(9, { code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 60_000 });
    const startedMs = runtime.nowMs();
    const error = await runtime.run(rejected(workflow.resume(target, { timeoutMs: 30_000 })));
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', effect: 'none', retryAfterMs: 60_000, attempts: 1 });
    expect(runtime.nowMs()).toBe(startedMs);
  });

  it('aborted while it waits has no effect, and sends nothing more', async () => {
    const { runtime, sentAtMs, workflow } = refusing(9, {
      code: 'RESOURCE_EXHAUSTED',
      effect: 'none',
      retryAfterMs: 5_000,
    });
    const stop = new AbortController();
    const call = rejected(workflow.resume(target, { signal: stop.signal }));
    runtime.startTimer(1_000, () => stop.abort());
    expect(await runtime.run(call)).toMatchObject({ code: 'CANCELLED', effect: 'none', attempts: 1 });
    await runtime.run(runtime.sleep(60_000));
    expect(sentAtMs).toHaveLength(1);
  });
});
