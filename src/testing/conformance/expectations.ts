import { deepEqual, equal, fail, match, ok } from 'node:assert/strict';
import { ResumeError } from '../../errors.js';
import type { Outcome, Receipt, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { aftermath, told } from './bench.js';

/** The receipt of what must have been accepted. */
export function acceptedReceipt(outcome: Outcome): Receipt {
  if (outcome.status === 'accepted') return outcome.receipt;
  return fail(`must be accepted, but was ${told(outcome)}`);
}

/** The error of what must not have been accepted. */
export function errorOf(outcome: Outcome): ResumeError {
  if (outcome.status === 'accepted') return fail(`must not be accepted, but was ${told(outcome)}`);
  const { error } = outcome;
  ok(ResumeError.isInstance(error), 'an outcome must hold a ResumeError');
  equal(outcome.status, error.effect === 'none' ? 'refused' : 'unknown', 'status and effect must agree');
  return error;
}

/** The error of a read that must fail: reads have no effect. */
export async function readError(read: Promise<unknown>): Promise<ResumeError> {
  const result = await read.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if (!('thrown' in result)) return fail(`must fail, but resolved with ${JSON.stringify(result.value)}`);
  const { thrown } = result;
  if (!ResumeError.isInstance(thrown)) return fail(`must fail with a ResumeError, but threw ${String(thrown)}`);
  equal(thrown.effect, 'none', `a read must have no effect, but failed with ${thrown.message}`);
  return thrown;
}

/** One request was committed, its answer was lost, and nothing followed it. */
export async function expectLost(bench: Bench, workflow: ResumableWorkflow, outcome: Outcome): Promise<string> {
  const error = errorOf(outcome);
  equal(error.effect, 'unknown', `it may have happened, but was told as ${told(outcome)}`);
  equal(error.provider, workflow.provider);
  equal(error.connection, workflow.name);
  await expectOneRequest(bench);
  equal(bench.committed, 1, 'the service of this harness must have committed it');
  equal(error.attempts, 1, 'attempts must count what was handed to a connection: call attempt.dispatch()');
  return told(outcome);
}

/** One request that could resume something was sent, as the last one of all. */
export async function expectOneRequest(bench: Bench): Promise<void> {
  await aftermath();
  const { entries } = bench.service.journal;
  equal(bench.mutating.length, 1, `one request must be sent, but there were ${bench.mutating.length}`);
  const after = entries.slice(entries.findIndex(({ mutating }) => mutating) + 1);
  deepEqual(
    after.map(({ method, target }) => `${method} ${target}`),
    [],
    'nothing may be sent after it',
  );
}

/** Refused with no effect before a byte was sent. */
export async function expectUnsent(bench: Bench, outcome: Outcome, codes: RegExp): Promise<string> {
  const error = errorOf(outcome);
  equal(error.effect, 'none', `nothing was sent, but it was told as ${told(outcome)}`);
  match(error.code, codes, `it was told as ${told(outcome)}`);
  equal(error.attempts, 0, 'attempts must count only what was handed to a connection');
  await expectSilence(bench);
  return told(outcome);
}

/** Not one byte went over the line. */
export async function expectSilence(bench: Bench): Promise<void> {
  await aftermath();
  equal(bench.line.bytesSent, 0, `nothing may be sent, but ${bench.line.bytesSent} bytes were`);
}

/** Fails where a request was sent that could have resumed something. */
export function expectReadsOnly(bench: Bench): void {
  equal(bench.mutating.length, 0, 'a read sent a request that could resume something');
  ok(bench.service.journal.entries.length > 0, 'nothing was read at all');
}
