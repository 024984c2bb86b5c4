import type { CallEnded, CallScope } from './deadline.js';
import type { Waiting } from './landing.js';
import type { Outcome } from './types.js';

/** One call that waits for a flight, for as long as its own life lasts. */
export class Follower implements Waiting {
  readonly outcome: Promise<Outcome>;
  readonly #own: CallScope;
  #resolve!: (outcome: Outcome | Promise<Outcome>) => void;
  #reject!: (thrown: Error) => void;
  #isTold = false;

  /**
   * @param own - the call's own deadline and signal; its life ends with the outcome.
   * @param leave - the verdict of a call that gives up.
   */
  constructor(own: CallScope, leave: (reason: CallEnded) => Promise<Outcome>) {
    this.#own = own;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    own.whenEnded((reason) => {
      // A turn later, so that an outcome that is there by then wins.
      queueMicrotask(() => {
        if (!this.#isTold) this.#tell(leave(reason));
      });
    });
  }

  // Whatever comes second changes nothing: a promise settles once.

  landed(outcome: Outcome): void {
    this.#tell(outcome);
  }

  failed(thrown: Error): void {
    this.#isTold = true;
    this.#reject(thrown);
    this.#own.dispose();
  }

  #tell(outcome: Outcome | Promise<Outcome>): void {
    this.#isTold = true;
    this.#resolve(outcome);
    this.#own.dispose();
  }
}
