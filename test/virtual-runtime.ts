import type { Runtime } from '../src/runtime.js';

/** Virtual time: timers fire in order when nothing else is left to do. */
export class VirtualRuntime implements Runtime {
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();
  #nowMs = Date.parse('2026-11-21T10:00:00Z');
  #ids = 0;
  /** What `random` returns. */
  chance = 0.5;

  nowMs = (): number => this.#nowMs;
  random = (): number => this.chance;
  newId = (): string => `intent-${++this.#ids}`;

  startTimer = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  sleep = (delayMs: number): Promise<void> => new Promise((resolve) => this.startTimer(delayMs, resolve));

  /** Moves the time without letting any timer fire, as when a machine sleeps. */
  jumpTo(epochMs: number): void {
    this.#nowMs = epochMs;
  }

  /** Runs until the promise has settled, or no timer is left. Bounded, so that an endless loop shows. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const markSettled = (): void => {
      settled = true;
    };
    promise.then(markSettled, markSettled);
    for (let steps = 0; steps < 100_000; steps += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await promise;
      const [first] = [...this.#timers].sort((one, other) => one.atMs - other.atMs);
      if (first === undefined) throw new Error('nothing is left to do, and the promise has not settled');
      this.#timers.delete(first);
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      first.callback();
    }
    throw new Error('the promise does not settle');
  }
}
