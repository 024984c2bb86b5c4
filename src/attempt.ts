import type { CallScope } from './deadline.js';
import type { Attempt } from './types.js';

/** What all attempts of one call share: its life, how often something left, and the secrets it has seen. */
export class CallRecord {
  readonly scope: CallScope;
  readonly secrets = new Set<string>();
  /** How many requests that could have resumed something were handed to a connection. */
  dispatches = 0;

  constructor(scope: CallScope) {
    this.scope = scope;
  }
}

/** One request's view of its call. `mutating` says whether it could resume something. */
export class CallAttempt implements Attempt {
  readonly #call: CallRecord;
  readonly #mutating: boolean;
  #dispatched = false;
  #closed = false;

  constructor(call: CallRecord, mutating: boolean) {
    this.#call = call;
    this.#mutating = mutating;
  }

  get signal(): AbortSignal {
    return this.#call.scope.signal;
  }

  get dispatched(): boolean {
    return this.#dispatched;
  }

  dispatch(): void {
    this.#call.scope.throwIfEnded();
    if (this.#mutating) {
      if (this.#closed) throw new Error('this attempt has been judged already: nothing more may be sent for it');
      if (this.#dispatched) throw new Error('a driver may send one request per attempt; it tried to send a second one');
      this.#call.dispatches += 1;
    }
    this.#dispatched = true;
  }

  /** After the verdict on this attempt its driver can send nothing more. */
  close(): void {
    this.#closed = true;
  }

  throwIfEnded(): void {
    this.#call.scope.throwIfEnded();
  }

  whenEnded(listener: (reason: Error) => void): () => void {
    return this.#call.scope.whenEnded(listener);
  }

  race<T>(promise: Promise<T>): Promise<T> {
    return this.#call.scope.race(promise);
  }

  conceal(secret: string | undefined): void {
    // Shorter strings are no secrets and would garble every message.
    if (secret !== undefined && secret.length >= 4) this.#call.secrets.add(secret);
  }
}
