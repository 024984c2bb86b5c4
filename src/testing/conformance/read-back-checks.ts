import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { aftermath, declaredActions, told } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, errorOf } from './expectations.js';
import type { DriverHarness } from './harness.js';

export const BRIEF = { timeoutMs: 2_000, readBackMs: 500 };
export const PATIENT = { timeoutMs: 2_000, readBackMs: 3_000 };

/** A lost answer is taken for a resume only on evidence that is newer than the request. */
export function readBackChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const { newExecution } = workflow.capabilities;
  if (!harness.readsBack) {
    return {
      title: 'read-back',
      checks: [neverCommitted(), notReadBack()],
      skipped: [{ capability: 'read-back', reason: 'the harness says that answers are not read back' }],
    };
  }
  return {
    title: 'read-back',
    checks: [found(), neverCommitted(), sentAgain(), resumedBefore(), ...(newExecution ? [resumedTwice()] : [])],
    skipped: newExecution ? [] : [{ capability: 'read-back', reason: 'several candidates: no new executions' }],
  };
}

export function requestFor(bench: Bench, connection: ResumableWorkflow) {
  const [action = 'resume'] = declaredActions(connection).declared;
  return bench.request(connection, action);
}

function found(): Check {
  return {
    capability: 'read-back',
    fault: 'reset after the commit',
    expected: 'accepted by evidence, one request',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      bench.arm({ kind: 'reset', when: 'after' });
      const outcome = await connection.attempt(request, PATIENT);
      const { confirmedBy, execution, sameExecution } = acceptedReceipt(outcome);
      equal(confirmedBy, 'read-back');
      equal(sameExecution, !connection.capabilities.newExecution);
      if (!sameExecution) ok(execution !== request.execution);
      equal(bench.mutating.length, 1, 'it must not be sent again');
      return told(outcome);
    },
  };
}

function neverCommitted(): Check {
  return {
    capability: 'read-back',
    fault: 'reset before the commit',
    expected: 'effect unknown: absence is no proof',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      bench.arm({ kind: 'reset', when: 'before' });
      const outcome = await connection.attempt(request, BRIEF);
      const error = errorOf(outcome);
      equal(error.effect, 'unknown', `it was told as ${told(outcome)}`);
      deepEqual([bench.mutating.length, bench.committed], [1, 0]);
      return told(outcome);
    },
  };
}

/** Once more is what the caller asked for, not twice. */
function sentAgain(): Check {
  return {
    capability: 'read-back',
    fault: 'reset before each commit, where the caller lets it be sent again',
    expected: 'effect unknown, at most two requests',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      bench.arm({ kind: 'reset', when: 'before', times: 99 });
      const outcome = await connection.attempt(request, { ...BRIEF, onUnknown: 'send-again' });
      const { effect, attempts } = errorOf(outcome);
      equal(effect, 'unknown', `it was told as ${told(outcome)}`);
      await aftermath();
      ok(bench.mutating.length <= 2, `${bench.mutating.length} requests were sent`);
      equal(attempts, bench.mutating.length, 'attempts must count what was handed to a connection');
      return told(outcome);
    },
  };
}

/** Somebody has resumed it earlier: that is not what a later request did. */
function resumedBefore(): Check {
  return {
    capability: 'read-back',
    fault: 'resumed by somebody before, then reset before the commit',
    expected: 'not accepted: the resume of before is not adopted',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      acceptedReceipt(await bench.connect().attempt(request, { readBack: 'off' }));
      bench.harness.finish?.(bench.service);
      bench.arm({ kind: 'reset', when: 'before', times: 99 });
      const outcome = await connection.attempt(request, BRIEF);
      errorOf(outcome);
      equal(bench.committed, 1);
      return told(outcome);
    },
  };
}

/** Two new executions, one of them a stranger's: nobody can tell which is ours. */
function resumedTwice(): Check {
  return {
    capability: 'read-back',
    fault: 'no answer after the commit, and somebody else resumes it too',
    expected: 'effect unknown: none of several is chosen',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      bench.arm({ kind: 'hang', when: 'after' });
      const call = connection.attempt(request, { timeoutMs: 400, readBackMs: 1_000 });
      await bench.arrived();
      acceptedReceipt(await bench.connect().attempt(request, { readBack: 'off' }));
      const outcome = await call;
      equal(errorOf(outcome).effect, 'unknown', `it was told as ${told(outcome)}`);
      equal(bench.mutating.length, 2, 'it must not be sent again');
      return told(outcome);
    },
  };
}

function notReadBack(): Check {
  return {
    capability: 'read-back',
    fault: 'reset after the commit, where answers are not read back',
    expected: 'effect unknown, one request',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      bench.arm({ kind: 'reset', when: 'after' });
      const outcome = await connection.attempt(request, BRIEF);
      equal(errorOf(outcome).effect, 'unknown', `readsBack is not true to fact: ${told(outcome)}`);
      await aftermath();
      equal(bench.mutating.length, 1, 'it must not be sent again');
      return told(outcome);
    },
  };
}
