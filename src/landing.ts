import type { Outcome } from './types.js';

/** Who waits for a landing. Must not throw. */
export interface Waiting {
  landed(outcome: Outcome): void;
  /** It never will. */
  failed(thrown: Error): void;
}

/**
 * The end of a flight, and who waits for it: told at once as it comes, in the order in which they came.
 *
 * Not a promise, which would tell them turns later: measured, each turn costs a call a hundredth of what undici takes for
 * its request.
 */
export class Landing {
  /** Nearly always there is one. */
  #first: Waiting | undefined;
  #others: Set<Waiting> | undefined;
  #tell: ((waiting: Waiting) => void) | undefined;
  #outcome: Promise<Outcome> | undefined;
  readonly #onLanded: () => void;

  /** @param onLanded - is called once, before anybody is told. */
  constructor(onLanded: () => void) {
    this.#onLanded = onLanded;
  }

  /** The same for whoever has time; made when it is asked for. */
  get outcome(): Promise<Outcome> {
    this.#outcome ??= new Promise((resolve, reject) => this.add({ landed: resolve, failed: reject }));
    return this.#outcome;
  }

  add(waiting: Waiting): void {
    if (this.#tell !== undefined) this.#tell(waiting);
    else if (this.#first === undefined && this.#others === undefined) this.#first = waiting;
    else {
      this.#others ??= new Set();
      this.#others.add(waiting);
    }
  }

  /** It has gone before. */
  remove(waiting: Waiting): void {
    if (this.#first === waiting) this.#first = undefined;
    else this.#others?.delete(waiting);
  }

  /** Once: what comes after it is ignored. Whatever fails in it, nobody waits for ever. */
  landWith(finish: () => Outcome | Promise<Outcome>): void {
    const landed = (outcome: Outcome): void => this.#end((waiting) => waiting.landed(outcome));
    const failed = (thrown: unknown): void => this.#end((waiting) => waiting.failed(thrown as Error));
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = finish();
    } catch (thrown) {
      failed(thrown);
      return;
    }
    if (outcome instanceof Promise) outcome.then(landed, failed);
    else landed(outcome);
  }

  #end(tell: (waiting: Waiting) => void): void {
    if (this.#tell !== undefined) return;
    this.#tell = tell;
    this.#onLanded();
    if (this.#first !== undefined) tell(this.#first);
    if (this.#others !== undefined) for (const waiting of this.#others) tell(waiting);
    this.#first = undefined;
    this.#others = undefined;
  }
}
