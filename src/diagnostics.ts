import type { TracingChannel } from 'node:diagnostics_channel';
import { tracingChannel } from 'node:diagnostics_channel';
import type { Dispatched } from './driver.js';
import type { Effect, ErrorCode } from './errors.js';
import type { Action } from './types.js';

/** What a call, attempt, read-back or ledger step failed with; no secret in it. */
export interface TracedFailure {
  readonly code: ErrorCode;
  readonly effect: Effect;
  readonly message: string;
  readonly httpStatus?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly requestId?: string | undefined;
}

interface TracedTarget {
  readonly workflow: string;
  readonly execution: string;
  readonly action: Action;
  readonly nodes: readonly string[];
}

/** `resumable-workflow:resume`: one call of `resume`, `attempt` or `resumeEach`. Its `result` is the outcome. */
export interface ResumeTrace {
  readonly provider: string;
  readonly connection: string;
  /** Undefined where the call was refused before it could be read. */
  readonly target?: TracedTarget | undefined;
}

/** `resumable-workflow:reconcile`: one call of `reconcile`. Its `result` is the outcome. */
export interface ReconcileTrace {
  readonly provider: string;
  readonly connection: string;
}

/** `resumable-workflow:look`: one call that only reads, or one read of `list` and `follow`. */
export interface LookTrace {
  readonly provider: string;
  readonly connection: string;
  /** What for, such as `inspecting nightly-etl / wr_1`. */
  readonly doing: string;
  failure?: TracedFailure;
}

/** `resumable-workflow:attempt`: one request to a provider. */
export interface AttemptTrace {
  readonly connection: string;
  /** `resume` could resume something; the others only read. */
  readonly purpose: 'resume' | 'discover' | 'read' | 'read-back';
  /** Where the last one of the attempt went; undefined where none left, or its driver does not say. */
  request?: Dispatched;
  failure?: TracedFailure;
}

/** `resumable-workflow:read-back`: looking for what became of a lost answer. */
export interface ReadBackTrace {
  readonly provider: string;
  readonly connection: string;
  readonly target: TracedTarget;
  readonly intent: string;
  found?: 'resumed' | 'several' | 'different' | 'nothing';
}

/** `resumable-workflow:ledger`: one step of the ledger. */
export interface LedgerTrace {
  readonly connection: string;
  readonly step: 'begin' | 'lookup' | 'find' | 'claim' | 'renew' | 'release' | 'settle';
  readonly intent?: string | undefined;
}

const channelOf = <C extends object>(name: string) => tracingChannel<C>(`resumable-workflow:${name}`);
const resumes = channelOf<ResumeTrace>('resume');
const reconciles = channelOf<ReconcileTrace>('reconcile');
const looks = channelOf<LookTrace>('look');
const attempts = channelOf<AttemptTrace>('attempt');
const readBacks = channelOf<ReadBackTrace>('read-back');
const ledgerSteps = channelOf<LedgerTrace>('ledger');

/** Traces a call. The context is made, here and below, only where somebody listens: otherwise this costs nothing. */
export function tracedResume<T>(context: () => ResumeTrace, run: () => Promise<T>): Promise<T> {
  return resumes.hasSubscribers ? resumes.tracePromise(run, context()) : run();
}

/** Traces a reconciliation. */
export function tracedReconcile<T>(context: () => ReconcileTrace, run: () => Promise<T>): Promise<T> {
  return reconciles.hasSubscribers ? reconciles.tracePromise(run, context()) : run();
}

/** Traces looking for a lost answer; `run` is handed the context to tell what was found. */
export function tracedReadBack<T>(
  context: () => ReadBackTrace,
  run: (trace?: ReadBackTrace) => Promise<T>,
): Promise<T> {
  if (!readBacks.hasSubscribers) return run();
  const trace = context();
  return withheld(readBacks, trace, () => run(trace));
}

/** Whether anybody watches calls. */
export function callsAreWatched(): boolean {
  return resumes.hasSubscribers;
}

/** Whether anybody watches requests. */
export function attemptsAreWatched(): boolean {
  return attempts.hasSubscribers;
}

/** Whether anybody watches the ledger's steps. */
export function ledgerStepsAreWatched(): boolean {
  return ledgerSteps.hasSubscribers;
}

/** Traces one step of the ledger. */
export function tracedLedgerStep<T>(context: () => LedgerTrace, run: () => Promise<T>): Promise<T> {
  return ledgerSteps.hasSubscribers ? ledgerSteps.tracePromise(run, context()) : run();
}

/**
 * Traces one request. What it throws is not published as it is, for it may echo a credential.
 *
 * @param failureOf - what may be published of it.
 */
export function tracedAttempt<T>(
  context: () => AttemptTrace,
  run: (trace?: AttemptTrace) => Promise<T>,
  failureOf: (thrown: unknown) => TracedFailure,
): Promise<T> {
  if (!attempts.hasSubscribers) return run();
  const trace = context();
  return concealed(attempts, trace, () => run(trace), failureOf);
}

/** The same for a call that only reads. */
export function tracedLook<T>(
  context: () => LookTrace,
  run: () => Promise<T>,
  failureOf: (thrown: unknown) => TracedFailure,
): Promise<T> {
  return looks.hasSubscribers ? concealed(looks, context(), run, failureOf) : run();
}

function concealed<T, C extends { failure?: TracedFailure }>(
  channel: TracingChannel<C, C>,
  context: C,
  run: () => Promise<T>,
  failureOf: (thrown: unknown) => TracedFailure,
): Promise<T> {
  return withheld(channel, context, async () => {
    try {
      return await run();
    } catch (thrown) {
      context.failure = failureOf(thrown);
      throw thrown;
    }
  });
}

/**
 * Traces what comes from a driver: neither what it answers nor what it throws is published, for both may echo a credential.
 * It ends with `asyncEnd`, however it ends.
 */
async function withheld<T, C extends object>(
  channel: TracingChannel<C, C>,
  context: C,
  run: () => Promise<T>,
): Promise<T> {
  let settled: { readonly value: T } | { readonly thrown: unknown } | undefined;
  await channel.tracePromise(async () => {
    try {
      settled = { value: await run() };
    } catch (thrown) {
      settled = { thrown };
    }
  }, context);
  if (settled === undefined) throw new Error('a traced call has not run');
  if ('thrown' in settled) throw settled.thrown;
  return settled.value;
}
