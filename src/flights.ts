import type { CallOptions } from './call-options.js';
import { Secrets } from './conceal.js';
import type { ConnectionParts } from './connection-parts.js';
import type { CallEnded } from './deadline.js';
import { CallScope } from './deadline.js';
import type { Target } from './driver.js';
import { failureFrom, resumeErrorOf } from './failure.js';
import { Flight } from './flight.js';
import { ChurningMap } from './ledger/churning-map.js';
import { targetTextOf } from './ledger/target-text.js';
import type { RetryGate } from './retry.js';
import type { Outcome } from './types.js';

/** How long telling the ledger the last word may hold up `close()`, in milliseconds. */
const LAST_WORD_MS = 10_000;

/** What is told of a call that has sent nothing itself. */
export const NOTHING_SENT = { secrets: new Secrets(), dispatches: 0 };

/** What is under way on a connection: at most one flight for each execution, shared by all calls that ask for the same. */
export class Flights {
  readonly #parts: ConnectionParts;
  readonly #gate: RetryGate;
  readonly #standing = new ChurningMap<Flight>();
  /** Calls that wait for a flight that everybody has left. */
  readonly #waiting = new Set<CallScope>();
  #ended: CallEnded | undefined;

  constructor(parts: ConnectionParts, gate: RetryGate) {
    this.#parts = parts;
    this.#gate = gate;
  }

  /**
   * Joins the flight that asks for the same, or begins one.
   *
   * @param own - the call's own deadline and signal; its life ends with the outcome.
   */
  fly(target: Target, options: CallOptions, own: CallScope): Promise<Outcome> {
    const text = this.#textOf(target);
    const standing = this.#standing.get(text);
    if (standing !== undefined) return this.#join(text, standing, target, options, own);
    return this.#begin(text, target, options).follow(options, own);
  }

  /** Whether anything is under way of this execution. */
  has(target: Target): boolean {
    return this.#standing.has(this.#textOf(target));
  }

  /** Ends them all, and waits until they have ended, but not for ever for a ledger that does not answer. */
  async end(reason: CallEnded): Promise<void> {
    this.#ended = reason;
    for (const own of this.#waiting) own.end(reason);
    const flights = this.#standing.values();
    for (const flight of flights) flight.end(reason);
    const patience = new CallScope(this.#parts.runtime, { timeoutMs: LAST_WORD_MS });
    await patience.race(Promise.allSettled(flights.map(({ outcome }) => outcome))).catch(() => {});
    patience.dispose();
  }

  #textOf({ workflow, execution }: Target): string {
    return targetTextOf({ connection: this.#parts.name, workflow, execution });
  }

  #begin(text: string, target: Target, options: CallOptions): Flight {
    this.#gate.noteCall();
    const flight = new Flight(this.#parts, { target, text, options }, () => this.#standing.drop(text));
    // Before it starts, for it may send at once.
    this.#standing.put(text, flight);
    flight.start();
    return flight;
  }

  async #join(text: string, standing: Flight, target: Target, options: CallOptions, own: CallScope): Promise<Outcome> {
    try {
      for (let flight: Flight | undefined = standing; flight !== undefined; flight = this.#standing.get(text)) {
        if (!flight.isEnding) {
          if (flight.isSameAs(target, options)) return await flight.follow(options, own);
          return { status: 'unknown', error: flight.inTheWay(target) };
        }
        const waited = await this.#waitFor(flight, target, options, own);
        if (waited !== undefined) return waited;
      }
      // The one that it has waited for may have been the same, and left in doubt.
      if (this.#ended !== undefined) return this.#inDoubt(this.#ended, target);
      return await this.#begin(text, target, options).follow(options, own);
    } finally {
      own.dispose();
    }
  }

  /** Lets a call that everybody has left end first, for as long as this one may wait. */
  async #waitFor(flight: Flight, target: Target, options: CallOptions, own: CallScope): Promise<Outcome | undefined> {
    this.#waiting.add(own);
    try {
      const outcome = await own.race(flight.outcome);
      // Equal calls at the same time are one, also where all the others have left.
      return outcome.status === 'accepted' && flight.isSameAs(target, options) ? outcome : undefined;
    } catch (thrown) {
      // The other one may have sent something, and has not told yet what became of it.
      return this.#inDoubt(thrown, target);
    } finally {
      this.#waiting.delete(own);
    }
  }

  #inDoubt(thrown: unknown, target: Target): Outcome {
    const failure = failureFrom(thrown, 'unknown');
    return { status: 'unknown', error: resumeErrorOf(failure, this.#parts, { target }, NOTHING_SENT) };
  }
}
