import { hostname } from 'node:os';
import { CallRecord } from './attempt.js';
import { inOrderOfCompletion } from './batch.js';
import type { CallOptions } from './call-options.js';
import { callOptionsOf, totalMsOf } from './call-options.js';
import { Secrets } from './conceal.js';
import type { ConnectionParts } from './connection-parts.js';
import { abortReasonOf, CallEnded, CallScope } from './deadline.js';
import { traced } from './diagnostics.js';
import type { Target, WorkflowDriver } from './driver.js';
import { ResumeError } from './errors.js';
import { failureFrom, resumeErrorOf, withEffect } from './failure.js';
import { Flight } from './flight.js';
import type { ResumeLedger } from './ledger/ledger.js';
import { MemoryResumeLedger } from './ledger/memory-ledger.js';
import { reconcileRecord } from './reconcile.js';
import { outcomeOfError } from './recorded.js';
import { RetryGate } from './retry.js';
import type { Runtime } from './runtime.js';
import { REAL_RUNTIME } from './runtime.js';
import { parseBatchOptions, parseReconcile, requestParser } from './schema.js';
import { Sender } from './sending.js';
import type {
  Action,
  Capabilities,
  EachOutcome,
  Outcome,
  Receipt,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
} from './types.js';

/** A call's own deadline comes this much after its request's, in milliseconds, so that the request's verdict is told. */
const GRACE_MS = 20;
const NOTHING_SENT = { secrets: new Secrets(), dispatches: 0 };

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
 */
export function createWorkflow<A extends Action>(
  name: string,
  driver: WorkflowDriver<A>,
  settings: WorkflowSettings = {},
): ResumableWorkflow<A> {
  return new PortableWorkflow(name, driver, settings);
}

class PortableWorkflow<A extends Action> implements ResumableWorkflow<A> {
  readonly name: string;
  readonly provider: string;
  readonly capabilities: Capabilities;
  readonly #parts: ConnectionParts;
  readonly #gate: RetryGate;
  readonly #parseCall: ReturnType<typeof requestParser>;
  /** At most one for each execution. */
  readonly #flights = new Map<string, Flight>();
  readonly #closing: CallScope;

  constructor(name: string, driver: WorkflowDriver<A>, { ledger, runtime = REAL_RUNTIME }: WorkflowSettings) {
    this.name = name;
    this.provider = driver.provider;
    this.capabilities = driver.capabilities;
    this.#gate = new RetryGate(runtime.random);
    this.#parts = {
      name,
      driver,
      sender: new Sender(driver, this.#gate),
      ledger: ledger ?? new MemoryResumeLedger(),
      owner: `${process.pid}@${hostname()}`,
      runtime,
      secrets: new Secrets(),
    };
    this.#parseCall = requestParser(driver.provider, name, driver.capabilities);
    this.#closing = new CallScope(runtime);
  }

  async resume(request: ResumeRequest<A>, options?: ResumeOptions): Promise<Receipt> {
    const outcome = await this.attempt(request, options);
    if (outcome.status === 'accepted') return outcome.receipt;
    throw outcome.error;
  }

  async attempt(request: ResumeRequest<A>, options?: ResumeOptions): Promise<Outcome> {
    let target: Target;
    let callOptions: CallOptions;
    try {
      const parsed = this.#parseCall(request, options);
      target = parsed.target;
      callOptions = callOptionsOf(parsed.options);
    } catch (thrown) {
      return { status: 'refused', error: this.#refusalOf(thrown) };
    }
    return await traced({ provider: this.provider, connection: this.name, target }, () =>
      this.#attempt(target, callOptions),
    );
  }

  async *resumeEach(
    requests: Iterable<ResumeRequest<A>> | AsyncIterable<ResumeRequest<A>>,
    options: ResumeOptions & { readonly concurrency?: number | undefined } = {},
  ): AsyncGenerator<EachOutcome<A>, void, undefined> {
    const { concurrency = 16, signal, ...rest } = parseBatchOptions(options, this.name);
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

  async reconcile(
    asked: { readonly workflow: string; readonly execution: string },
    options: { readonly readBackMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Outcome> {
    const { ledger, runtime, secrets } = this.#parts;
    const {
      workflow,
      execution,
      readBackMs = callOptionsOf({}).readBackMs,
      signal,
    } = parseReconcile({ ...options, ...asked }, this.name);
    const startedMs = runtime.nowMs();
    const call = new CallRecord(runtime, secrets);
    const scope = new CallScope(runtime, { signal, parent: this.#closing });
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
    const flights = [...this.#flights.values()];
    const reason = new CallEnded('CANCELLED', 'the connection was closed by close()');
    this.#closing.end(reason);
    for (const flight of flights) flight.end(reason);
    // What they have to tell the ledger is told.
    await Promise.all(flights.map(({ outcome }) => outcome));
    await this.#parts.driver.close();
  }

  async #attempt(target: Target, options: CallOptions): Promise<Outcome> {
    const ended = this.#closing.reason ?? abortReasonOf(options.signal);
    if (ended !== undefined) {
      // With a key, an earlier call may have resumed it: this one has not looked.
      const effect = options.idempotencyKey === undefined ? 'none' : 'unknown';
      return outcomeOfError(resumeErrorOf(failureFrom(ended, effect), this.#parts, { target }, NOTHING_SENT));
    }
    const own = new CallScope(this.#parts.runtime, {
      timeoutMs: totalMsOf(options) + GRACE_MS,
      signal: options.signal,
    });
    try {
      return await this.#fly(target, options, own);
    } finally {
      own.dispose();
    }
  }

  async #fly(target: Target, options: CallOptions, own: CallScope): Promise<Outcome> {
    const key = JSON.stringify([target.workflow, target.execution]);
    for (;;) {
      const flight = this.#flights.get(key);
      if (flight === undefined) break;
      if (!flight.isEnding) {
        if (flight.isSameAs(target, options)) return await flight.follow(options, own);
        return { status: 'unknown', error: flight.inTheWay(target) };
      }
      const waited = await this.#waitFor(flight, target, options, own);
      if (waited !== undefined) return waited;
    }
    this.#gate.noteCall();
    const flight = new Flight(this.#parts, target, options);
    this.#flights.set(key, flight);
    const land = (): void => {
      this.#flights.delete(key);
    };
    flight.outcome.then(land, land);
    return await flight.follow(options, own);
  }

  /** Lets a call that everybody has left end first, for as long as this one may wait. */
  async #waitFor(flight: Flight, target: Target, options: CallOptions, own: CallScope): Promise<Outcome | undefined> {
    try {
      const outcome = await own.race(flight.outcome);
      // Equal calls at the same time are one, also where all the others have left.
      return outcome.status === 'accepted' && flight.isSameAs(target, options) ? outcome : undefined;
    } catch (thrown) {
      // The other one may have sent something, and has not told yet what became of it.
      const failure = failureFrom(thrown, 'unknown');
      return { status: 'unknown', error: resumeErrorOf(failure, this.#parts, { target }, NOTHING_SENT) };
    }
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
