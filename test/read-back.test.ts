import { describe, expect, it } from 'vitest';
import type { Attempt, Finding, WorkflowDriver } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { ResumeOptions } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';
import { VirtualRuntime } from './virtual-runtime.js';

type Driver = WorkflowDriver<'resume' | 'restart'>;
const target = { workflow: 'nightly', execution: 'run-1' };
const nothing: Finding = { found: 'nothing', seen: 'it is still failed' };
const resumed: Finding = {
  found: 'resumed',
  acceptance: { execution: 'run-2', nodes: ['a'], nodesBasis: 'observed' },
};

/** A driver that loses every answer, and finds what is scripted, one finding a look; the last one stays. */
function losing(findings: readonly (Finding | Error)[], script: Partial<Driver> = {}) {
  const runtime = new VirtualRuntime();
  const ledger = new MemoryResumeLedger();
  const looksAtMs: number[] = [];
  let sent = 0;
  const startedMs = runtime.nowMs();
  const driver = fakeDriver({
    async doResume(_target, _selection, attempt: Attempt) {
      attempt.dispatch();
      sent += 1;
      throw new DriverFailure('the answer was lost', { code: 'UNAVAILABLE', effect: 'unknown', requestId: 'r-9' });
    },
    async doFindResumed() {
      looksAtMs.push(runtime.nowMs() - startedMs);
      const finding = findings[Math.min(looksAtMs.length, findings.length) - 1] ?? nothing;
      if (finding instanceof Error) throw finding;
      return finding;
    },
    ...script,
  });
  const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger });
  const resume = (options?: ResumeOptions) => workflow.resume({ ...target, nodes: ['a'] }, options);
  return {
    runtime,
    ledger,
    workflow,
    resume,
    looksAtMs,
    driver,
    sent: () => sent,
    elapsedMs: () => runtime.nowMs() - startedMs,
  };
}

describe('after a lost answer', () => {
  it('adopts what is found, and says how it is known', async () => {
    const { runtime, resume, sent } = losing([nothing, nothing, resumed]);
    const receipt = await runtime.run(resume());
    expect(receipt).toMatchObject({
      confirmedBy: 'read-back',
      execution: 'run-2',
      previousExecution: 'run-1',
      nodes: ['a'],
      nodesBasis: 'observed',
      attempts: 1,
    });
    expect(sent()).toBe(1);
    expect(runtime.pending).toBe(0);
  });

  it('looks at once, then less and less often, to the end of its time', async () => {
    const { runtime, resume, looksAtMs, elapsedMs } = losing([nothing]);
    const error = await runtime.run(rejected(resume({ readBackMs: 30_000 })));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown', requestId: 'r-9', attempts: 1 });
    expect(error.message).toContain('the answer was lost; reading back found no proof: it is still failed');
    expect(elapsedMs()).toBe(30_000);
    expect(looksAtMs[0]).toBe(0);
    const gaps = looksAtMs.slice(1).map((atMs, index) => atMs - (looksAtMs[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
    expect(gaps.slice(0, 4)).toEqual([...gaps.slice(0, 4)].sort((one, other) => one - other));
    expect(looksAtMs.length).toBeGreaterThan(8);
  });

  it('looks for 90 s where nothing else is said, and never when it is turned off', async () => {
    const long = losing([nothing]);
    await long.runtime.run(rejected(long.resume()));
    expect(long.elapsedMs()).toBe(90_000);
    const off = losing([resumed]);
    const error = await off.runtime.run(rejected(off.resume({ readBack: 'off' })));
    expect(error).toMatchObject({ effect: 'unknown' });
    expect(off.looksAtMs).toEqual([]);
    expect(off.elapsedMs()).toBe(0);
  });

  it('bears failing reads', async () => {
    const broken = new DriverFailure('503', { code: 'UNAVAILABLE', effect: 'unknown' });
    const { runtime, resume } = losing([broken, new Error('odd'), broken, resumed]);
    expect(await runtime.run(resume())).toMatchObject({ confirmedBy: 'read-back' });
  });

  it('bears reads that hang, to the end of its time', async () => {
    const { runtime, resume, elapsedMs } = losing([], { doFindResumed: () => new Promise(() => {}) });
    const error = await runtime.run(rejected(resume({ timeoutMs: 1_000, readBackMs: 2_000 })));
    expect(error).toMatchObject({ effect: 'unknown' });
    expect(elapsedMs()).toBe(2_000);
  });

  it.each(['PERMISSION_DENIED', 'UNAUTHENTICATED', 'UNIMPLEMENTED', 'INVALID_ARGUMENT'] as const)(
    'stops looking where reads are refused with %s, and says so',
    async (code) => {
      const { runtime, resume, looksAtMs } = losing([new DriverFailure('may not read', { code, effect: 'none' })]);
      const error = await runtime.run(rejected(resume()));
      expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown' });
      expect(error.message).toContain('may not read');
      expect(looksAtMs).toHaveLength(1);
    },
  );

  it('renews a stale credential once while it looks', async () => {
    const stale = new DriverFailure('401', {
      code: 'UNAUTHENTICATED',
      effect: 'none',
      staleCredential: { token: 'old' },
    });
    let dropped = 0;
    const dropCredential = (): void => {
      dropped += 1;
    };
    const once = losing([stale, resumed], { dropCredential });
    expect(await once.runtime.run(once.resume())).toMatchObject({ confirmedBy: 'read-back' });
    const always = losing([stale], { dropCredential });
    await always.runtime.run(rejected(always.resume()));
    expect(always.looksAtMs).toHaveLength(2);
    expect(dropped).toBe(2);
  });

  it('names all where there are several, and chooses none', async () => {
    const { runtime, resume, looksAtMs } = losing([nothing, { found: 'several', executions: ['run-2', 'run-3'] }]);
    const error = await runtime.run(rejected(resume({ onUnknown: 'send-again' })));
    expect(error).toMatchObject({ code: 'ABORTED', effect: 'unknown', attempts: 1 });
    expect(error.message).toMatch(/more than once, as run-2, run-3/);
    expect(looksAtMs).toHaveLength(2);
  });

  it('does not adopt another resume, and goes on looking', async () => {
    const different: Finding = { found: 'different', seen: 'run-7 restarted b' };
    const adopted = losing([different, resumed]);
    expect(await adopted.runtime.run(adopted.resume())).toMatchObject({ execution: 'run-2' });
    const never = losing([different]);
    const error = await never.runtime.run(rejected(never.resume({ onUnknown: 'send-again' })));
    expect(error.message).toContain('not adopted: run-7 restarted b');
    expect(never.sent()).toBe(1);
  });

  it('is told the driver with the intent’s time and baseline', async () => {
    const seen: unknown[] = [];
    const baseline = { state: 'FAILED' };
    const { runtime, resume } = losing([], {
      needsDiscovery: () => true,
      doDiscover: async () => ({ performed: 'restart', nodes: ['a', 'b'], baseline }),
      doFindResumed: async (...asked) => {
        seen.push(asked.slice(0, 3));
        return resumed;
      },
    });
    const createdAtMs = runtime.nowMs();
    await runtime.run(resume());
    expect(seen).toEqual([
      [
        { ...target, action: 'resume', nodes: ['a'] },
        { performed: 'restart', nodes: ['a', 'b'] },
        { createdAtMs, baseline },
      ],
    ]);
  });

  it('an abort while it looks settles at once, unknown', async () => {
    const { runtime, resume, elapsedMs } = losing([nothing]);
    const stop = new AbortController();
    const call = rejected(resume({ signal: stop.signal }));
    runtime.startTimer(3_000, () => stop.abort());
    expect(await runtime.run(call)).toMatchObject({ code: 'CANCELLED', effect: 'unknown' });
    expect(elapsedMs()).toBe(3_000);
  });

  it('sends once more, and only once, where the caller asks for it and nothing was found', async () => {
    const { runtime, resume, sent, elapsedMs } = losing([nothing]);
    const error = await runtime.run(rejected(resume({ onUnknown: 'send-again', readBackMs: 10_000 })));
    expect(error).toMatchObject({ effect: 'unknown', attempts: 2 });
    expect(sent()).toBe(2);
    expect(elapsedMs()).toBe(20_000);
  });

  it('does not send again where something once spoke for a resume, whatever later reads show', async () => {
    const doubt: Finding = { found: 'nothing', seen: 'a run was made of it', undecided: true };
    const { runtime, resume, sent } = losing([nothing, doubt, nothing]);
    expect(await runtime.run(rejected(resume({ onUnknown: 'send-again' })))).toMatchObject({ effect: 'unknown' });
    expect(sent()).toBe(1);
  });

  it('keeps to timeoutMs plus readBackMs where the server hangs', async () => {
    const { runtime, resume, elapsedMs } = losing([nothing], {
      doResume: (_target, _selection, attempt: Attempt) => {
        attempt.dispatch();
        return new Promise(() => {});
      },
    });
    const error = await runtime.run(rejected(resume({ timeoutMs: 5_000, readBackMs: 7_000 })));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'unknown', attempts: 1 });
    expect(elapsedMs()).toBeLessThanOrEqual(12_050);
    expect(elapsedMs()).toBeGreaterThanOrEqual(12_000);
  });
});

describe('reconcile', () => {
  it('settles what can be told by now, and clears the way', async () => {
    const findings: Finding[] = [nothing];
    const { runtime, workflow, resume, sent, ledger } = losing(findings);
    const error = await runtime.run(rejected(resume({ readBackMs: 1_000 })));
    expect(error.intent).toBeDefined();
    const blocked = await runtime.run(rejected(resume()));
    expect(blocked).toMatchObject({ code: 'ABORTED', effect: 'unknown', intent: error.intent });
    expect(blocked.message).toContain(error.intent);
    findings[0] = resumed;
    const outcome = await runtime.run(workflow.reconcile(target));
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'read-back', execution: 'run-2' } });
    expect(sent()).toBe(1);
    expect(await ledger.lookup({ target: { connection: 'fake-eu', ...target } })).toBeUndefined();
  });

  it('leaves it unknown where it still cannot be told', async () => {
    const { runtime, workflow, resume } = losing([nothing]);
    const { intent } = await runtime.run(rejected(resume({ readBackMs: 1_000 })));
    const outcome = await runtime.run(workflow.reconcile(target, { readBackMs: 500 }));
    expect(outcome).toMatchObject({ status: 'unknown', error: { effect: 'unknown', intent } });
  });

  it('says so where there is nothing to reconcile', async () => {
    const { workflow } = losing([]);
    expect(await rejected(workflow.reconcile(target))).toMatchObject({ code: 'NOT_FOUND', effect: 'none' });
    await expect(workflow.reconcile({ workflow: '' } as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('leaves alone what somebody still works on', async () => {
    const { runtime, workflow, resume } = losing([nothing]);
    const call = rejected(resume());
    const asked = new Promise<unknown>((resolve) => {
      runtime.startTimer(1_000, () => void workflow.reconcile(target).then(resolve));
    });
    expect(await runtime.run(asked)).toMatchObject({ status: 'unknown', error: { code: 'ABORTED' } });
    await runtime.run(call);
  });
});
