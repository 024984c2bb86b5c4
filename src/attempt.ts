import { concealIn, Secrets } from './conceal.js';
import type { CallScope } from './deadline.js';
import type { AttemptTrace } from './diagnostics.js';
import type { Attempt, Dispatched } from './driver.js';
import type { Runtime } from './runtime.js';

/** What all attempts of one call share: how often something left, whether that is in doubt, and the secrets seen. */
export class CallRecord {
  readonly runtime: Runtime;
  readonly secrets: Secrets;
  /** The connection's name, for diagnostics. */
  readonly connection: string;
  /** How many requests that could have resumed something were handed to a connection. */
  dispatches = 0;
  /** Whether a request has left of which it is not known that it did nothing. */
  inDoubt = false;
  /** Nothing may leave after this epoch millisecond: the lease on the intent ends. */
  sendBeforeMs = Number.POSITIVE_INFINITY;

  /** @param secrets - those of the connection, so that one of an earlier call shows in no later error. */
  constructor(runtime: Runtime, secrets: Secrets = new Secrets(), connection = '') {
    this.runtime = runtime;
    this.secrets = secrets;
    this.connection = connection;
  }
}

/** One request's view of its call. `mutating` says whether it could resume something. */
export class CallAttempt implements Attempt {
  readonly #call: CallRecord;
  readonly #scope: CallScope;
  readonly #mutating: boolean;
  #dispatched = false;
  #to: Dispatched | undefined;
  #closed = false;

  constructor(call: CallRecord, scope: CallScope, mutating: boolean) {
    this.#call = call;
    this.#scope = scope;
    this.#mutating = mutating;
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get dispatched(): boolean {
    return this.#dispatched;
  }

  dispatch(to?: Dispatched): void {
    this.#scope.throwIfEnded();
    if (this.#mutating) {
      if (this.#closed) throw new Error('this attempt has been judged already: nothing more may be sent for it');
      if (this.#dispatched) throw new Error('a driver may send one request per attempt; it tried to send a second one');
      if (this.#call.runtime.nowMs() >= this.#call.sendBeforeMs) {
        // A process that slept through its lease: somebody else may have taken the intent over.
        throw new Error('the lease on the intent has expired: nothing more may be sent for it');
      }
      this.#call.dispatches += 1;
      this.#call.inDoubt = true;
    }
    this.#dispatched = true;
    this.#to = to;
  }

  /** Runs what is traced, for as long as the call lasts; where its request went is told, however it ends. */
  async traced<T>(trace: AttemptTrace | undefined, run: () => Promise<T>): Promise<T> {
    try {
      return await this.race(run());
    } finally {
      const request = this.#request;
      if (trace !== undefined && request !== undefined) trace.request = request;
    }
  }

  /**
   * Where the request went, and nothing else of it, for it may be the whole request, with its credentials. Undefined where
   * a driver in JavaScript has told something else: that must not change its verdict.
   */
  get #request(): Dispatched | undefined {
    const { method, origin } = (this.#to ?? {}) as Partial<Record<keyof Dispatched, unknown>>;
    if (typeof method !== 'string' || typeof origin !== 'string') return undefined;
    const { secrets } = this.#call;
    return { method: concealIn(method, secrets), origin: concealIn(origin, secrets) };
  }

  /** After the verdict on this attempt its driver can send nothing more. */
  close(): void {
    this.#closed = true;
  }

  throwIfEnded(): void {
    this.#scope.throwIfEnded();
  }

  whenEnded(listener: (reason: Error) => void): () => void {
    return this.#scope.whenEnded(listener);
  }

  race<T>(promise: Promise<T>): Promise<T> {
    return this.#scope.race(promise);
  }

  conceal(secret: string | undefined): void {
    if (secret !== undefined) this.#call.secrets.add(secret);
  }
}
