import { describe, expect, it } from 'vitest';
import type { Attempt, Finding, Target } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { Outcome, ResumeOptions, ResumeRequest } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

// A connection's own ledger answers at once and is asked for less. What comes of any calls must be the same as with a
// ledger that it was given: the same verdicts, at the same times, and the same requests.

const RUNS = Number(process.env['OWN_LEDGER_RUNS'] ?? 1_500);

/** Chance by a seed. */
function chanceOf(seed: number) {
  let state = (seed * 48_271 + 11) % 2_147_483_647;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const pick = <T>(things: readonly [T, ...T[]]): T => things[Math.floor(next() * things.length)] ?? things[0];
  return { upTo: (most: number): number => Math.floor(next() * most), pick };
}

interface Call {
  readonly atMs: number;
  readonly request: ResumeRequest<'resume' | 'restart'>;
  readonly options: ResumeOptions;
  readonly abortAfterMs: number | undefined;
  readonly kind: 'attempt' | 'reconcile';
}

function callsOf(seed: number): Call[] {
  const { upTo, pick } = chanceOf(seed);
  return Array.from({ length: 2 + upTo(6) }, (_unused, place): Call => {
    const execution = pick(['a', 'a', 'b']);
    const restarts = pick([false, false, true]);
    return {
      // Never two at the same time: which of them is first would be nobody's promise.
      atMs: upTo(12) * 100 + place,
      request: restarts
        ? { workflow: 'w', execution, action: 'restart', nodes: ['n'] }
        : { workflow: 'w', execution, nodes: pick([[], [], ['n']]) },
      options: {
        timeoutMs: pick([300, 1_000, 5_000]),
        readBackMs: pick([500, 3_000]),
        readBack: pick(['on', 'off']),
        onUnknown: pick(['report', 'report', 'send-again']),
        idempotencyKey: pick([undefined, undefined, undefined, 'k1', 'k2']),
      },
      abortAfterMs: pick([undefined, undefined, undefined, 0, 150]),
      kind: pick(['attempt', 'attempt', 'attempt', 'attempt', 'reconcile']),
    };
  });
}

/** A service whose answers depend on how many requests it has seen before. */
function serviceOf(seed: number, runtime: VirtualRuntime) {
  const { upTo, pick } = chanceOf(seed + 1_000_000);
  const seen: string[] = [];
  const startedMs = runtime.nowMs();
  const arrived = async (what: string, { execution }: Target, attempt: Attempt): Promise<void> => {
    seen.push(`${runtime.nowMs() - startedMs} ${what} ${execution}`);
    // Odd, so that it is not the time of a call.
    await attempt.race(runtime.sleep(upTo(8) * 60 + 31));
  };
  const driver = fakeDriver({
    needsDiscovery: (_target, readBack) => readBack,
    async doDiscover(target, attempt) {
      await arrived('read', target, attempt);
      const found = pick(['fine', 'fine', 'fine', 'running', 'down']);
      if (found === 'running') throw new DriverFailure('it runs', { code: 'FAILED_PRECONDITION', effect: 'none' });
      if (found === 'down') throw new DriverFailure('no', { code: 'UNAVAILABLE', effect: 'unknown', httpStatus: 503 });
      return { performed: target.action, nodes: target.nodes };
    },
    async doResume(target, { nodes }, attempt) {
      attempt.dispatch();
      await arrived('resume', target, attempt);
      const answer = pick(['yes', 'yes', 'yes', 'no', 'lost', 'busy', 'odd']);
      if (answer === 'no') throw new DriverFailure('no', { code: 'NOT_FOUND', effect: 'none' });
      if (answer === 'busy') throw new DriverFailure('busy', { code: 'UNAVAILABLE', effect: 'none', retryAfterMs: 40 });
      if (answer === 'lost') throw new DriverFailure('lost', { code: 'UNAVAILABLE', effect: 'unknown' });
      if (answer === 'odd') throw new TypeError('a bug in a driver');
      return { execution: target.execution, nodes, nodesBasis: 'expected' };
    },
    async doFindResumed(target, { nodes }, _lost, attempt): Promise<Finding> {
      await arrived('read back', target, attempt);
      const found = pick<Finding['found']>(['resumed', 'nothing', 'nothing', 'different', 'several']);
      const acceptance = { execution: target.execution, nodes, nodesBasis: 'observed' } as const;
      if (found === 'resumed') return { found, acceptance };
      return found === 'several' ? { found, executions: ['x', 'y'] } : { found, seen: 'something' };
    },
  });
  return { driver, seen };
}

function told(outcome: Outcome): unknown {
  if (outcome.status === 'accepted') return outcome;
  const { code, effect, message, attempts } = outcome.error;
  return { status: outcome.status, code, effect, message: message.replaceAll(/intent-\d+/g, 'intent'), attempts };
}

async function played(seed: number, ledger?: MemoryResumeLedger) {
  const runtime = new VirtualRuntime();
  const { driver, seen } = serviceOf(seed, runtime);
  const workflow = createWorkflow<'resume' | 'restart'>('c', driver, { ledger, runtime });
  const startedMs = runtime.nowMs();
  const make = async ({ atMs, request, options, abortAfterMs, kind }: Call): Promise<unknown> => {
    await runtime.sleep(atMs);
    const stop = new AbortController();
    if (abortAfterMs !== undefined) void runtime.sleep(abortAfterMs).then(() => stop.abort());
    const { signal } = stop;
    const outcome =
      kind === 'attempt'
        ? workflow.attempt(request, { ...options, signal })
        : workflow.reconcile(request, { signal, readBackMs: options.readBackMs }).catch((thrown: unknown) => thrown);
    const settled = await outcome;
    const what = settled instanceof Error ? settled.message : told(settled as Outcome);
    return { afterMs: runtime.nowMs() - startedMs, what };
  };
  const outcomes = await runtime.run(Promise.all(callsOf(seed).map(make)));
  await runtime.run(workflow.close());
  return { outcomes, seen };
}

describe('a connection with a ledger of its own', () => {
  it(`does what it does with one that it was given, in ${RUNS} schedules`, { timeout: 120_000 }, async () => {
    const came = new Map<string, number>();
    for (let seed = 0; seed < RUNS; seed += 1) {
      const own = await played(seed);
      expect(own, `seed ${seed}`).toEqual(await played(seed, new MemoryResumeLedger()));
      for (const { what } of own.outcomes as { what: unknown }[]) {
        const { status = 'thrown', code = '' } = what as { status?: string; code?: string };
        came.set(`${status} ${code}`, (came.get(`${status} ${code}`) ?? 0) + 1);
      }
    }
    // All that a call can come to has come.
    for (const what of [
      'accepted ',
      'refused NOT_FOUND',
      'refused CANCELLED',
      'unknown ABORTED',
      'unknown UNAVAILABLE',
    ]) {
      expect(came.get(what) ?? 0, what).toBeGreaterThan(RUNS / 100);
    }
  });
});
