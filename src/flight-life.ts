import type { CallEnded } from './deadline.js';
import { CallScope } from './deadline.js';
import type { Runtime } from './runtime.js';

/** The call that began a flight, whose own deadline is not set yet. */
interface Owner {
  readonly own: CallScope;
  /** From the flight's start, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * How long a flight lasts: a phase in which something may be sent, and all that comes after it.
 *
 * The second is made when it is asked for, for nearly every flight ends within the first.
 */
export class FlightLife {
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  readonly #startedMs: number;
  #sending: CallScope;
  #whole: CallScope | undefined;
  #owner: Owner | undefined;
  #reason: CallEnded | undefined;

  /**
   * @param timeoutMs - of each phase in which something may be sent.
   * @param startedMs - when the first one begins, in epoch milliseconds.
   */
  constructor(runtime: Runtime, timeoutMs: number, startedMs: number) {
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
    this.#startedMs = startedMs;
    this.#sending = this.#phase();
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

  /**
   * Gives the call that began the flight its deadline, just after that. It is set when the first phase is over,
   * which always is before: measured, one timer less is a thirtieth of what undici takes for a request.
   *
   * @param deadlineMs - from the flight's start, at least as long as the first phase.
   */
  limitOwner(own: CallScope, deadlineMs: number): void {
    if (this.#sending.reason !== undefined) own.extend(deadlineMs);
    else this.#owner = { own, deadlineMs };
  }

  /** Lets the phase in which something may be sent last for at least this long from now, in milliseconds. */
  prolong(timeoutMs: number): void {
    this.#setDeadline();
    this.#sending.extend(timeoutMs);
  }

  /** Begins another phase in which something may be sent. */
  sendAgain(): void {
    this.#setDeadline();
    this.#sending.dispose();
    this.#sending = this.#endedAlready(this.#phase());
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

  #phase(): CallScope {
    const onEnd = (): void => this.#setDeadline(this.#timeoutMs);
    return new CallScope(this.#runtime, { timeoutMs: this.#timeoutMs, onEnd });
  }

  /** @param atLeastMs - how much has passed since the start for certain, also where the clock was set back meanwhile. */
  #setDeadline(atLeastMs = 0): void {
    if (this.#owner === undefined) return;
    const { own, deadlineMs } = this.#owner;
    this.#owner = undefined;
    // The process may have slept beyond the end of the phase.
    const passedMs = Math.max(atLeastMs, this.#runtime.nowMs() - this.#startedMs);
    own.extend(Math.max(0, deadlineMs - passedMs));
  }

  #endedAlready(scope: CallScope): CallScope {
    if (this.#reason !== undefined) scope.end(this.#reason);
    return scope;
  }
}
