import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { ResumeOptions, ResumeRequest } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';
import { VirtualRuntime } from './virtual-runtime.js';

const target = { workflow: 'nightly', execution: 'run-1' };

/** A driver that answers after a second, or as told. */
function answering(answerMs = 1_000, failure?: DriverFailure) {
  const runtime = new VirtualRuntime();
  const ledger = new MemoryResumeLedger();
  let sent = 0;
  const make = () =>
    createWorkflow<'resume' | 'restart'>(
      'fake-eu',
      fakeDriver({
        async doResume({ execution }, { nodes }, attempt: Attempt) {
          attempt.dispatch();
          sent += 1;
          await attempt.race(runtime.sleep(answerMs));
          if (failure !== undefined) throw failure;
          return { execution: `${execution}-again`, nodes, nodesBasis: 'expected' };
        },
      }),
      { runtime, ledger },
    );
  const workflow = make();
  const resume = (more: Partial<ResumeRequest<'resume' | 'restart'>> = {}, options?: ResumeOptions) =>
    workflow.resume({ ...target, ...more }, options);
  return { runtime, ledger, make, workflow, resume, sent: () => sent };
}

describe('concurrent calls of one identity', () => {
  it('share one request: 64 calls, one mutation, 64 equal verdicts', async () => {
    const { runtime, resume, sent } = answering();
    const calls = Array.from({ length: 64 }, () => resume());
    const receipts = await runtime.run(Promise.all(calls));
    expect(sent()).toBe(1);
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
  });

  it('share a refusal, too', async () => {
    const { runtime, resume, sent } = answering(
      10,
      new DriverFailure('no', { code: 'FAILED_PRECONDITION', effect: 'none' }),
    );
    const errors = await runtime.run(Promise.all([rejected(resume()), rejected(resume())]));
    expect(errors.map(({ code, effect }) => [code, effect])).toEqual(Array(2).fill(['FAILED_PRECONDITION', 'none']));
    expect(sent()).toBe(1);
  });

  it('are one whatever the order of their nodes', async () => {
    const { runtime, resume, sent } = answering();
    await runtime.run(Promise.all([resume({ nodes: ['a', 'b'] }), resume({ nodes: ['b', 'a', 'b'] })]));
    expect(sent()).toBe(1);
  });

  it('keep their own deadlines: who leaves does not know, who stays is told', async () => {
    const { runtime, resume } = answering(5_000);
    const patient = resume({}, { timeoutMs: 20_000, readBack: 'off' });
    const hasty = rejected(resume({}, { timeoutMs: 1_000, readBack: 'off' }));
    expect(await runtime.run(hasty)).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'unknown' });
    expect(await runtime.run(patient)).toMatchObject({ execution: 'run-1-again' });
  });

  it('last as long as the most patient one', async () => {
    const { runtime, resume } = answering(5_000);
    const hasty = rejected(resume({}, { timeoutMs: 1_000, readBack: 'off' }));
    const patient = resume({}, { timeoutMs: 20_000, readBack: 'off' });
    expect(await runtime.run(hasty)).toMatchObject({ effect: 'unknown' });
    expect(await runtime.run(patient)).toMatchObject({ execution: 'run-1-again' });
  });

  it('end the request only when all have left', async () => {
    const { runtime, resume, sent } = answering(60_000);
    const stops = [new AbortController(), new AbortController()] as const;
    const calls = stops.map(({ signal }) => rejected(resume({}, { signal })));
    runtime.startTimer(1_000, () => stops[0].abort());
    runtime.startTimer(2_000, () => stops[1].abort());
    const errors = await runtime.run(Promise.all(calls));
    expect(errors.map(({ code, effect }) => [code, effect])).toEqual(Array(2).fill(['CANCELLED', 'unknown']));
    expect(sent()).toBe(1);
  });

  it.each([0, 1])('are told, all of them, where signal %i cannot be let go of', async (broken) => {
    const { runtime, resume } = answering(10);
    const signals = [0, 1].map((place) => {
      const { signal } = new AbortController();
      if (place === broken) {
        signal.removeEventListener = () => {
          throw new Error('cannot be let go of');
        };
      }
      return signal;
    });
    const receipts = await runtime.run(Promise.all(signals.map((signal) => resume({}, { signal }))));
    expect(receipts.map(({ execution }) => execution)).toEqual(['run-1-again', 'run-1-again']);
    expect(runtime.pending).toBe(0);
  });

  it('are new calls once the first has ended', async () => {
    const { runtime, resume, sent } = answering();
    await runtime.run(resume());
    await runtime.run(resume());
    expect(sent()).toBe(2);
  });
});

describe('concurrent calls that differ', () => {
  it.each([
    ['in nodes', { nodes: ['b'] }, {}],
    ['in action', { action: 'restart', nodes: ['a'] }, {}],
    ['in idempotencyKey', {}, { idempotencyKey: 'k' }],
    ['in readBack', {}, { readBack: 'off' }],
    ['in onUnknown', {}, { onUnknown: 'send-again' }],
  ] as const)('%s do not join: ABORTED, effect unknown, naming the pending intent', async (_what, more, options) => {
    const { runtime, resume, sent } = answering();
    const first = resume();
    const second = new Promise<unknown>((resolve) => {
      runtime.startTimer(100, () => void rejected(resume(more, options)).then(resolve));
    });
    const error = await runtime.run(second);
    expect(error).toMatchObject({ code: 'ABORTED', effect: 'unknown', attempts: 0, intent: 'intent-1' });
    await runtime.run(first);
    expect(sent()).toBe(1);
  });

  it('are told so as an outcome, too', async () => {
    const { runtime, workflow, resume } = answering();
    const first = resume();
    const outcome = await runtime.run(workflow.attempt({ ...target, nodes: ['b'] }));
    expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'ABORTED' } });
    await runtime.run(first);
  });

  it('of two executions do not disturb each other', async () => {
    const { runtime, resume, sent } = answering();
    await runtime.run(Promise.all([resume(), resume({ execution: 'run-2' }), resume({ workflow: 'other' })]));
    expect(sent()).toBe(3);
  });
});

describe('an idempotency key', () => {
  const keyed = { idempotencyKey: 'nightly-2026-11-21' };

  it('gets the recorded verdict, also in another connection on the same ledger', async () => {
    const { runtime, resume, make, sent } = answering();
    const first = await runtime.run(resume({}, keyed));
    const again = await runtime.run(make().resume(target, keyed));
    expect(again).toEqual({ ...first, confirmedBy: 'ledger' });
    expect(sent()).toBe(1);
  });

  it('gets a recorded refusal, too', async () => {
    const { runtime, resume, sent } = answering(
      1,
      new DriverFailure('no', { code: 'NOT_FOUND', effect: 'none', httpStatus: 404 }),
    );
    const first = await runtime.run(rejected(resume({}, keyed)));
    const again = await runtime.run(rejected(resume({}, keyed)));
    expect(again).toMatchObject({ code: 'NOT_FOUND', effect: 'none', httpStatus: 404, message: first.message });
    expect(sent()).toBe(1);
  });

  it('used for another request is refused with no effect', async () => {
    const { runtime, resume, sent } = answering();
    await runtime.run(resume({}, keyed));
    const error = await runtime.run(rejected(resume({ execution: 'run-2' }, keyed)));
    expect(error).toMatchObject({ code: 'ABORTED', effect: 'none' });
    expect(error.message).toContain('use a new key');
    expect(sent()).toBe(1);
  });

  it('waits for whoever works on it in another connection', async () => {
    const { runtime, resume, make, sent } = answering(5_000);
    const first = resume({}, keyed);
    const second = make().resume(target, keyed);
    const [one, other] = await runtime.run(Promise.all([first, second]));
    expect(other).toEqual({ ...one, confirmedBy: 'ledger' });
    expect(sent()).toBe(1);
  });

  it('is read back, not sent again, where it was never settled', async () => {
    const lost = new DriverFailure('lost', { code: 'UNAVAILABLE', effect: 'unknown' });
    const { runtime, resume, sent } = answering(1, lost);
    await runtime.run(rejected(resume({}, keyed)));
    expect(await runtime.run(rejected(resume({}, { ...keyed, readBackMs: 500 })))).toMatchObject({
      effect: 'unknown',
      intent: 'intent-1',
    });
    expect(sent()).toBe(1);
  });
});

describe('a ledger that does not work', () => {
  it('lets nothing be sent', async () => {
    const { runtime, ledger, resume, sent } = answering();
    ledger.begin = () => Promise.reject(new Error('disk full'));
    const error = await runtime.run(rejected(resume()));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(error.message).toContain('disk full');
    expect(sent()).toBe(0);
  });

  it('that hangs is left at the deadline', async () => {
    const { runtime, ledger, resume, sent } = answering();
    ledger.begin = () => new Promise(() => {});
    expect(await runtime.run(rejected(resume({}, { timeoutMs: 500, readBack: 'off' })))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      effect: 'none',
    });
    expect(sent()).toBe(0);
  });

  it('that fails after the acceptance is told as a warning', async () => {
    const { runtime, ledger, resume } = answering();
    ledger.settle = () => Promise.reject(new Error('disk full'));
    const receipt = await runtime.run(resume());
    expect(receipt.warnings).toEqual(['the ledger could not be told: disk full']);
  });
});

describe('a lease', () => {
  it('that has run out lets nothing be sent, as after a long sleep of the machine', async () => {
    const { runtime, ledger, resume, sent } = answering();
    const begin = ledger.begin.bind(ledger);
    ledger.begin = async (...asked) => {
      const begun = await begin(...asked);
      const [, , nowMs, leaseMs] = asked;
      runtime.jumpTo(nowMs + leaseMs);
      return begun;
    };
    const error = await runtime.run(rejected(resume({}, { readBack: 'off' })));
    expect(error).toMatchObject({ effect: 'none', attempts: 0 });
    expect(error.message).toContain('lease');
    expect(sent()).toBe(0);
  });
});
