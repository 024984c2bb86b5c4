import type { CallEnded } from './deadline.js';
import { CallScope } from './deadline.js';
import type { Runtime } from './runtime.js';

/**
 * How long a flight lasts: a phase in which something may be sent, and all that comes after it.
 *
 * The second is made when it is asked for, for nearly every flight ends within the first.
 */
export class FlightLife {
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  #sending: CallScope;
  #whole: CallScope | undefined;
  #reason: CallEnded | undefined;

  /** @param timeoutMs - of each phase in which something may be sent. */
  constructor(runtime: Runtime, timeoutMs: number) {
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
    this.#sending = new CallScope(runtime, { timeoutMs });
  }

  /** The phase in which something may be sent. */
  get sending(): CallScope {
    return this.#sending;
  }

  /** Ends only when everybody has left. */
  get whole(): CallScope {
    this.#whole ??= this.#endedAlready(new CallScope(this.#runtime));
    return this.#whole;
  }

  /** Why everybody has left; undefined where somebody is still there. */
  get reason(): CallEnded | undefined {
    return this.#reason;
  }

  /** Begins another phase in which something may be sent. */
  sendAgain(): void {
    this.#sending.dispose();
    this.#sending = this.#endedAlready(new CallScope(this.#runtime, { timeoutMs: this.#timeoutMs }));
  }

  end(reason: CallEnded): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#sending.end(reason);
    this.#whole?.end(reason);
  }

  /** Lets go of the timer. */
  dispose(): void {
    this.#sending.dispose();
  }

  #endedAlready(scope: CallScope): CallScope {
    if (this.#reason !== undefined) scope.end(this.#reason);
    return scope;
  }
}
