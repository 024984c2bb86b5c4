import { equal, ok } from 'node:assert/strict';
import type { Outcome, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { aftermath, attempt, declaredActions, told, until, withinMs } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { errorOf, expectSilence, readError } from './expectations.js';
import type { DriverHarness } from './harness.js';
import { silentServer } from './line.js';

const TIMEOUT_MS = 300;
/** What a busy machine may add, in milliseconds. The library itself stays within 50. */
const SLACK_MS = 400;
/** Within which a socket is let go of after the verdict, in milliseconds. */
const RELEASE_MS = 250;

type Ending = 'deadline' | 'abort';
const ENDINGS: readonly Ending[] = ['deadline', 'abort'];

/** A call settles within its bounds in each phase, lets its socket go, and sends nothing afterwards. */
export function timeChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const { reads = [] } = workflow.capabilities;
  const late = harness.connectLate === undefined;
  return {
    title: 'deadline and abort',
    checks: ENDINGS.flatMap((ending) => [
      ...(late ? [] : [lateCredentials(ending)]),
      silentHandshake(ending),
      withoutAnswer(ending, 'hang'),
      ...(harness.acceptsWithoutBody === true ? [] : [withoutAnswer(ending, 'stall')]),
      ...(reads.includes('inspect') ? [hangingRead(ending)] : []),
    ]),
    skipped: late ? [{ capability: 'late credentials', reason: 'the harness has no connectLate' }] : [],
  };
}

function lateCredentials(ending: Ending): Check {
  return {
    capability: 'time',
    fault: `credentials that come after the ${ending}`,
    expected: 'effect none, nothing sent',
    run: async (bench) => {
      let supply = (): void => {};
      const ready = new Promise<void>((resolve) => {
        supply = resolve;
      });
      const late = bench.harness.connectLate?.(bench.line.endpoint, ready);
      if (late === undefined) throw new Error('the harness has no connectLate');
      const connection = bench.keep(late);
      const outcome = await ended(bench, connection, ending, async () => {});
      equal(errorOf(outcome).effect, 'none', `nothing had been sent, but it was told as ${told(outcome)}`);
      supply();
      await expectSilence(bench);
      return told(outcome);
    },
  };
}

function silentHandshake(ending: Ending): Check {
  return {
    capability: 'time',
    fault: `a TLS handshake that hangs until the ${ending}`,
    expected: 'effect none, in time',
    run: async (bench) => {
      const silent = await silentServer();
      bench.afterwards(() => silent.close());
      const outcome = await ended(bench, bench.connect(silent.endpoint), ending, aftermath);
      equal(errorOf(outcome).effect, 'none', `nothing had been sent, but it was told as ${told(outcome)}`);
      return told(outcome);
    },
  };
}

function withoutAnswer(ending: Ending, kind: 'hang' | 'stall'): Check {
  return {
    capability: 'time',
    fault: `${kind === 'hang' ? 'no answer' : 'half an answer'} until the ${ending}`,
    expected: 'effect unknown, in time, and the socket is let go of',
    run: async (bench) => {
      bench.arm({ kind, when: 'after', times: 99 });
      const connection = bench.connect();
      const outcome = await ended(bench, connection, ending, () => bench.arrived());
      const error = errorOf(outcome);
      equal(error.effect, 'unknown', `it may have happened, but was told as ${told(outcome)}`);
      equal(error.code, ending === 'deadline' ? 'DEADLINE_EXCEEDED' : 'CANCELLED', error.message);
      await until(() => bench.line.lastIsClosed, 'the socket to be let go of: hand attempt.signal on', RELEASE_MS);
      await aftermath();
      equal(bench.service.journal.mutating.length, 1, 'nothing may be sent after the verdict');
      equal(bench.service.journal.entries.at(-1)?.mutating, true, 'nothing may be sent after the verdict');
      return told(outcome);
    },
  };
}

function hangingRead(ending: Ending): Check {
  return {
    capability: 'time',
    fault: `a read without an answer until the ${ending}`,
    expected: 'fails in time, and the socket is let go of',
    run: async (bench) => {
      bench.arm({ kind: 'hang', when: 'before', operation: 'any', times: 99 });
      const connection = bench.connect();
      const { workflow, execution } = bench.request(connection, firstAction(connection));
      const stop = new AbortController();
      const options = ending === 'deadline' ? { timeoutMs: TIMEOUT_MS } : { signal: stop.signal };
      const read = readError(connection.inspect({ workflow, execution }, options));
      await until(() => bench.service.journal.entries.length > 0, 'the read to arrive');
      if (ending === 'abort') stop.abort();
      const error = await withinMs(read, TIMEOUT_MS + SLACK_MS, `a read after its ${ending}`);
      equal(error.code, ending === 'deadline' ? 'DEADLINE_EXCEEDED' : 'CANCELLED', error.message);
      await until(() => bench.line.lastIsClosed, 'the socket to be let go of: hand attempt.signal on', RELEASE_MS);
      return error.message;
    },
  };
}

/** Runs one attempt into its end, and measures how long it takes to settle after it. */
async function ended(
  bench: Bench,
  connection: ResumableWorkflow,
  ending: Ending,
  underWay: () => Promise<void>,
): Promise<Outcome> {
  const request = bench.request(connection, firstAction(connection));
  const stop = new AbortController();
  const startedMs = performance.now();
  const call = attempt(
    connection,
    request,
    ending === 'deadline' ? { timeoutMs: TIMEOUT_MS } : { signal: stop.signal },
  );
  call.catch(() => {});
  if (ending === 'abort') await underWay();
  const fromMs = ending === 'abort' ? performance.now() : startedMs + TIMEOUT_MS;
  stop.abort();
  const outcome = await withinMs(call, TIMEOUT_MS + SLACK_MS, `a call after its ${ending}`);
  const tookMs = performance.now() - fromMs;
  ok(tookMs < SLACK_MS, `the call settled ${Math.round(tookMs)} ms after its ${ending}`);
  return outcome;
}

function firstAction(connection: ResumableWorkflow) {
  return declaredActions(connection).declared[0] ?? 'resume';
}
