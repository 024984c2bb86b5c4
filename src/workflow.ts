import { hostname } from 'node:os';
import { CallRecord } from './attempt.js';
import { inOrderOfCompletion } from './batch.js';
import type { CallOptions } from './call-options.js';
import { callOptionsOf, totalMsOf } from './call-options.js';
import { checkWorkflow } from './check-workflow.js';
import { Secrets } from './conceal.js';
import type { ConnectionParts } from './connection-parts.js';
import { abortReasonOf, CallEnded, CallScope } from './deadline.js';
import { callsAreWatched, tracedReconcile, tracedResume } from './diagnostics.js';
import type { Target, WorkflowDriver } from './driver.js';
import { ResumeError } from './errors.js';
import { failureFrom, resumeErrorOf, withEffect } from './failure.js';
import { Flights, NOTHING_SENT } from './flights.js';
import { invalidArgument } from './invalid-argument.js';
import type { ResumeLedger } from './ledger/ledger.js';
import { LedgerSteps } from './ledger/ledger-steps.js';
import { messageOf } from './message.js';
import { applicablePlan, isPlan, requestOf } from './plan/plan-schema.js';
import type { FollowOptions, Progress } from './progress.js';
import { Reads } from './read-call.js';
import { reconcileRecord } from './reconcile.js';
import { outcomeOfError } from './recorded.js';
import type { ResumePlan } from './resume-plan.js';
import { RetryGate } from './retry.js';
import type { Runtime } from './runtime.js';
import { REAL_RUNTIME } from './runtime.js';
import { parseBatch, parseReconcile, requestParser } from './schema.js';
import { Sender } from './sending.js';
import type {
  ExecutionRef,
  ExecutionSnapshot,
  Lineage,
  ListedExecution,
  ListOptions,
  ReadOptions,
} from './snapshot.js';
import type {
  Action,
  Capabilities,
  EachOptions,
  EachOutcome,
  Outcome,
  Receipt,
  ReconcileOptions,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
} from './types.js';
import { Views } from './views.js';

/** A call's own deadline comes this much after its request's, in milliseconds, so that the request's verdict is told. */
const GRACE_MS = 20;

/** What the ledger's steps may take in a reconciliation, besides the time that it looks for, in milliseconds. */
const LEDGER_STEPS_MS = 30_000;

/** What a connection can be given beside its driver. */
export interface WorkflowSettings {
  /** Remembers what was tried. @default one in memory, of this connection alone */
  readonly ledger?: ResumeLedger | undefined;
  /** @default the real clock and chance */
  readonly runtime?: Runtime | undefined;
}

/**
 * Makes a connection out of a driver: validation, capability check, deadline, retry gate, single flight, ledger,
 * read-back and one error model, the same for every provider.
 *
 * @param name - the connection's name, such as `glue-eu`.
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
 */
export function createWorkflow<A extends Action>(
  name: string,
  driver: WorkflowDriver<A>,
  settings: WorkflowSettings = {},
): ResumableWorkflow<A> {
  checkWorkflow(name, driver, settings);
  return new PortableWorkflow(name, driver, settings);
}

class PortableWorkflow<A extends Action> implements ResumableWorkflow<A> {
  readonly name: string;
  readonly provider: string;
  readonly capabilities: Capabilities;
  readonly #parts: ConnectionParts;
  readonly #gate: RetryGate;
  readonly #parseCall: ReturnType<typeof requestParser>;
  readonly #flights: Flights;
  readonly #closing: CallScope;
  readonly #views: Views<A>;

  constructor(name: string, driver: WorkflowDriver<A>, { ledger, runtime = REAL_RUNTIME }: WorkflowSettings) {
    this.name = name;
    this.provider = driver.provider;
    this.capabilities = driver.capabilities;
    this.#gate = new RetryGate(runtime.random);
    const steps = new LedgerSteps(ledger, name);
    this.#parts = {
      name,
      driver,
      sender: new Sender(driver, this.#gate),
      ledger: steps.ledger,
      steps,
      owner: `${process.pid}@${hostname()}`,
      runtime,
      secrets: new Secrets(),
    };
    this.#flights = new Flights(this.#parts, this.#gate);
    this.#parseCall = requestParser(driver.provider, name, driver.capabilities);
    this.#closing = new CallScope(runtime);
    this.#views = new Views(new Reads(this.#parts, this.#gate, this.#closing), this.#parseCall);
  }

  resume(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Receipt> {
    return this.attempt(request, options).then(receiptIn);
  }

  // Not async, as little else on a call's way: measured, each layer costs about a thirtieth of what undici does.
  attempt(request: ResumeRequest<A> | ResumePlan<A>, options?: ResumeOptions): Promise<Outcome> {
    let target: Target;
    let callOptions: CallOptions;
    try {
      const plan = isPlan(request) ? applicablePlan(request, this) : undefined;
      const parsed = this.#parseCall(plan === undefined ? request : requestOf(plan), options);
      target = parsed.target;
      callOptions = callOptionsOf(parsed.options, plan);
    } catch (thrown) {
      const error = this.#refusalOf(thrown);
      return tracedResume(
        () => ({ provider: this.provider, connection: this.name }),
        () => Promise.resolve({ status: 'refused', error }),
      );
    }
    if (!callsAreWatched()) return this.#attempt(target, callOptions);
    return tracedResume(
      () => ({ provider: this.provider, connection: this.name, target }),
      () => this.#attempt(target, callOptions),
    );
  }

  inspect(ref: ExecutionRef, options?: ReadOptions): Promise<ExecutionSnapshot> {
    return this.#views.inspect(ref, options);
  }

  list(workflow: string, options?: ListOptions): AsyncIterable<ListedExecution> {
    return this.#views.list(workflow, options);
  }

  plan(request: ResumeRequest<A>, options?: ReadOptions): Promise<ResumePlan<A>> {
    return this.#views.plan(request, options);
  }

  follow(receipt: Receipt, options?: FollowOptions): AsyncIterable<Progress> {
    return this.#views.follow(receipt, options);
  }

  settled(receipt: Receipt, options?: FollowOptions): Promise<ExecutionSnapshot> {
    return this.#views.settled(receipt, options);
  }

  lineage(ref: ExecutionRef, options?: ReadOptions): Promise<Lineage> {
    return this.#views.lineage(ref, options);
  }

  async *resumeEach(
    requests: Iterable<ResumeRequest<A>> | AsyncIterable<ResumeRequest<A>>,
    options: EachOptions = {},
  ): AsyncGenerator<EachOutcome<A>, void, undefined> {
    const { concurrency = 16, signal, ...rest } = parseBatch(requests, options, this.name);
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    const resumeOne = (request: ResumeRequest<A>): Promise<Outcome> =>
      this.attempt(request, { ...rest, signal: stop.signal });
    try {
      yield* inOrderOfCompletion(requests, concurrency, resumeOne, () =>
        stop.abort(new Error('the loop over the outcomes was left')),
      );
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  reconcile(asked: ExecutionRef, options?: ReconcileOptions): Promise<Outcome> {
    return tracedReconcile(
      () => ({ provider: this.provider, connection: this.name }),
      () => this.#reconcile(asked, options),
    );
  }

  async #reconcile(asked: ExecutionRef, options: ReconcileOptions = {}): Promise<Outcome> {
    const { ledger, runtime, secrets } = this.#parts;
    const {
      workflow,
      execution,
      readBackMs = callOptionsOf({}).readBackMs,
      signal,
    } = parseReconcile(asked, options, this.name);
    const startedMs = runtime.nowMs();
    const call = new CallRecord(runtime, secrets, this.name);
    const scope = new CallScope(runtime, { timeoutMs: readBackMs + LEDGER_STEPS_MS, signal, parent: this.#closing });
    let target: Target = { workflow, execution, action: 'resume', nodes: [] };
    let intent: string | undefined;
    try {
      const record = await scope.race(ledger.lookup({ target: { connection: this.name, workflow, execution } }));
      if (record === undefined) throw this.#noIntent(workflow, execution);
      target = record.intent.target;
      intent = record.intent.id;
      const outcome = await reconcileRecord(this.#parts, record, call, scope, { options: { readBackMs }, startedMs });
      return outcome ?? this.#stillWorkedOn(target, intent);
    } catch (thrown) {
      if (ResumeError.isInstance(thrown)) throw thrown;
      const failure = withEffect(failureFrom(thrown, 'unknown'), 'unknown');
      return { status: 'unknown', error: resumeErrorOf(failure, this.#parts, { target, intent }, call) };
    } finally {
      scope.dispose();
    }
  }

  async close(): Promise<void> {
    const reason = new CallEnded('CANCELLED', 'the connection was closed by close()');
    this.#closing.end(reason);
    // What they have to tell the ledger is told.
    await this.#flights.end(reason);
    await this.#parts.driver.close();
  }

  #attempt(target: Target, options: CallOptions): Promise<Outcome> {
    const ended = this.#closing.reason ?? abortReasonOf(options.signal);
    if (ended !== undefined) {
      // With a key, an earlier call may have resumed it, without one an equal call that is under way: neither was asked.
      const effect = options.idempotencyKey === undefined && !this.#flights.has(target) ? 'none' : 'unknown';
      const error = resumeErrorOf(failureFrom(ended, effect), this.#parts, { target }, NOTHING_SENT);
      return Promise.resolve(outcomeOfError(error));
    }
    let own: CallScope;
    try {
      own = new CallScope(this.#parts.runtime, { timeoutMs: totalMsOf(options) + GRACE_MS, signal: options.signal });
    } catch (thrown) {
      return Promise.resolve({ status: 'refused', error: this.#unwatchable(thrown) });
    }
    return this.#flights.fly(target, options, own);
  }

  /** A signal of the caller's own making that cannot be listened to. */
  #unwatchable(thrown: unknown): ResumeError {
    const problems = [{ field: 'signal', message: `cannot be listened to: ${messageOf(thrown)}` }];
    return invalidArgument('the call', problems, { provider: this.provider, connection: this.name });
  }

  /** Before anything was sent. */
  #refusalOf(thrown: unknown): ResumeError {
    if (ResumeError.isInstance(thrown)) return thrown;
    const { name: connection, provider } = this;
    const { why, details } = failureFrom(thrown, 'none');
    return new ResumeError(`${connection}: ${why}. Nothing was sent.`, { ...details, provider, connection });
  }

  #noIntent(workflow: string, execution: string): ResumeError {
    const { name: connection, provider } = this;
    const message = `${connection}: there is no unsettled intent for ${workflow} / ${execution}. Nothing was sent.`;
    return new ResumeError(message, { code: 'NOT_FOUND', effect: 'none', provider, connection });
  }

  #stillWorkedOn(target: Target, intent: string): Outcome {
    const why = `somebody still works on intent ${intent}, or it has just been settled; ask again`;
    const failure = { why, details: { code: 'ABORTED', effect: 'unknown' } } as const;
    const error = resumeErrorOf(failure, this.#parts, { target, intent }, NOTHING_SENT);
    return { status: 'unknown', error };
  }
}

function receiptIn(outcome: Outcome): Receipt {
  if (outcome.status === 'accepted') return outcome.receipt;
  throw outcome.error;
}
