import type { Runtime } from './runtime.js';

/** Why a call ended before it had an answer: its time was up, or its caller (or `close()`) gave up on it. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';
  readonly code: 'DEADLINE_EXCEEDED' | 'CANCELLED';

  constructor(code: CallEnded['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

type Listener = (reason: CallEnded) => void;

/** What ends a {@link CallScope}. */
export interface ScopeLimits {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends with it. */
  readonly parent?: CallScope | undefined;
}

/**
 * The life of one call or of one phase of it: joins a deadline, a signal and an outer scope, without an `AbortSignal` of
 * its own.
 *
 * Listeners are told once, synchronously. {@link CallScope.dispose} must be called when the call has settled.
 */
export class CallScope {
  readonly #runtime: Runtime;
  /** Nearly always there are two at most: a list is made for the third. */
  #first: Listener | undefined;
  #second: Listener | undefined;
  #others: Set<Listener> | undefined;
  #stopFollowing: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #endsAtMs = Number.POSITIVE_INFINITY;
  #reason: CallEnded | undefined;
  #controller: AbortController | undefined;

  constructor(runtime: Runtime, { timeoutMs, signal, parent }: ScopeLimits = {}) {
    this.#runtime = runtime;
    this.#reason = abortReasonOf(signal);
    if (this.#reason !== undefined) return;
    if (signal !== undefined) this.#stopWatching = watch(signal, this);
    if (timeoutMs !== undefined) this.extend(timeoutMs);
    if (parent !== undefined) this.#stopFollowing = parent.whenEnded((reason) => this.end(reason));
  }

  get reason(): CallEnded | undefined {
    return this.#reason;
  }

  /** How long is left, in milliseconds; 0 where it has ended. */
  get remainingMs(): number {
    return this.#reason === undefined ? Math.max(0, this.#endsAtMs - this.#runtime.nowMs()) : 0;
  }

  /** An `AbortSignal` for code that knows nothing else, made on first use. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Lets it last for at least this long from now, in milliseconds. */
  extend(timeoutMs: number): void {
    const endsAtMs = this.#runtime.nowMs() + timeoutMs;
    if (this.#reason !== undefined || (Number.isFinite(this.#endsAtMs) && endsAtMs <= this.#endsAtMs)) return;
    this.#cancelTimer?.();
    this.#endsAtMs = endsAtMs;
    this.#cancelTimer = this.#runtime.startTimer(timeoutMs, () => {
      this.end(new CallEnded('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`));
    });
  }

  end(reason: CallEnded): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.dispose();
    // One by one, for whoever is told may take others off.
    this.#first?.(reason);
    this.#second?.(reason);
    if (this.#others !== undefined) for (const listener of this.#others) listener(reason);
    this.#first = undefined;
    this.#second = undefined;
    this.#others = undefined;
    this.#controller?.abort(reason);
  }

  whenEnded(listener: Listener): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => {};
    }
    this.#add(listener);
    return () => this.#remove(listener);
  }

  throwIfEnded(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Settles like a promise, or rejects when the scope ends; what the promise does later is ignored. */
  race<T>(promise: Promise<T>): Promise<T> {
    return this.raceTo(promise, same, rethrown, rethrown);
  }

  /**
   * Goes on with a promise's value, with what it was rejected with, or with the reason for which the scope ends,
   * whichever comes first; what the promise does later is ignored.
   *
   * What goes on at the end runs in the asynchronous context of whoever ended the scope: what is traced must be chained to
   * the promise that this returns.
   */
  raceTo<T, R>(
    promise: Promise<T>,
    onValue: (value: T) => R | Promise<R>,
    onFailure: (thrown: Error) => R | Promise<R>,
    onEnd: (reason: CallEnded) => R | Promise<R>,
  ): Promise<R> {
    // By hand: `Promise.race` with a `finally` makes six promises where this makes two, and it is on every call's way.
    return new Promise((resolve, reject) => {
      let settled = false;
      const goOn = <W>(next: (what: W) => R | Promise<R>, what: W): void => {
        settled = true;
        try {
          resolve(next(what));
        } catch (thrown) {
          reject(thrown as Error);
        }
      };
      const whenEnded = (reason: CallEnded): void => {
        // A turn later, so that a promise that has settled by then wins.
        queueMicrotask(() => {
          if (!settled) goOn(onEnd, reason);
        });
      };
      // Whatever a driver or a ledger in JavaScript returns.
      Promise.resolve(promise).then(
        (value) => {
          this.#remove(whenEnded);
          if (!settled) goOn(onValue, value);
        },
        (thrown: Error) => {
          this.#remove(whenEnded);
          if (!settled) goOn(onFailure, thrown);
        },
      );
      if (this.#reason === undefined) this.#add(whenEnded);
      else whenEnded(this.#reason);
    });
  }

  /** Waits; rejects as soon as the scope ends. */
  sleep(delayMs: number): Promise<void> {
    let cancel = (): void => {};
    const slept = new Promise<void>((resolve) => {
      cancel = this.#runtime.startTimer(delayMs, resolve);
    });
    return this.race(slept).finally(cancel);
  }

  /** Lets go of the timer, of the caller's signal and of the outer scope. */
  dispose(): void {
    this.#cancelTimer?.();
    this.#stopFollowing?.();
    this.#stopWatching?.();
  }

  #add(listener: Listener): void {
    if (this.#first === undefined) this.#first = listener;
    else if (this.#second === undefined) this.#second = listener;
    else {
      this.#others ??= new Set();
      this.#others.add(listener);
    }
  }

  #remove(listener: Listener): void {
    if (this.#first === listener) this.#first = undefined;
    else if (this.#second === listener) this.#second = undefined;
    else this.#others?.delete(listener);
  }
}

function same<T>(value: T): T {
  return value;
}

function rethrown(thrown: Error): never {
  throw thrown;
}

/** Why a call's signal has ended it; undefined where it has not. */
export function abortReasonOf(signal: AbortSignal | undefined): CallEnded | undefined {
  if (signal?.aborted !== true) return undefined;
  const reason: unknown = signal.reason;
  // AbortSignal.timeout() is a deadline, whoever made it.
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new CallEnded('DEADLINE_EXCEEDED', "the caller's own deadline passed", reason);
  }
  return new CallEnded('CANCELLED', 'the caller aborted the call', reason);
}

/** The scopes that each signal ends: one listener for all of them, however many calls share a signal. */
const WATCHED = new WeakMap<AbortSignal, { readonly scopes: Set<CallScope>; readonly stop: () => void }>();

function watch(signal: AbortSignal, scope: CallScope): () => void {
  let watched = WATCHED.get(signal);
  if (watched === undefined) {
    const scopes = new Set<CallScope>();
    const onAbort = (): void => {
      const reason = abortReasonOf(signal);
      if (reason !== undefined) for (const one of [...scopes]) one.end(reason);
    };
    signal.addEventListener('abort', onAbort);
    const stop = (): void => {
      WATCHED.delete(signal);
      try {
        signal.removeEventListener('abort', onAbort);
      } catch {
        // A signal of the caller's own making that cannot be let go of: its call has a verdict, which counts more.
      }
    };
    watched = { scopes, stop };
    WATCHED.set(signal, watched);
  }
  const { scopes, stop } = watched;
  scopes.add(scope);
  return () => {
    if (scopes.delete(scope) && scopes.size === 0) stop();
  };
}
