import type { Runtime } from '../../src/runtime.js';
import type { Boundary } from './boundaries.js';
import type { Chance } from './chance.js';
import type { VirtualClock } from './clock.js';

/** Where a process is to be killed: at the nth time that it comes to a boundary. */
export interface KillOrder {
  readonly boundary: Boundary;
  readonly occurrence: number;
}

/** Never settles: what a dead process waits for. Always a new one, so that nothing gathers on it. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/**
 * One process of the callers: whatever it does later, it does through here, so that nothing of it happens once it has
 * been killed, and all of it waits while it is suspended.
 */
export class SimulatedProcess {
  readonly runtime: Runtime;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #onKill: (process: SimulatedProcess, boundary: Boundary | undefined) => void;
  #killOrder: KillOrder | undefined;
  #isAlive = true;
  #seen = 0;
  #ids = 0;
  #asleep: (() => void)[] | undefined;
  /** For how long it has been suspended in all, in milliseconds. */
  sleptMs = 0;

  constructor(
    readonly name: string,
    {
      clock,
      chance,
      aheadMs,
      killOrder,
      onKill,
    }: {
      readonly clock: VirtualClock;
      readonly chance: Chance;
      /** How far its clock is ahead of the virtual one. */
      readonly aheadMs: number;
      readonly killOrder: KillOrder | undefined;
      readonly onKill: (process: SimulatedProcess, boundary: Boundary | undefined) => void;
    },
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#killOrder = killOrder;
    this.#onKill = onKill;
    this.runtime = {
      nowMs: () => clock.nowMs + aheadMs,
      startTimer: (delayMs, callback) => this.after(delayMs, callback),
      random: () => chance.next(),
      newId: () => `${name}-${++this.#ids}`,
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Does something later, if it is still alive; returns what cancels it. */
  after(delayMs: number, act: () => void): () => void {
    const event = this.#clock.after(delayMs, () => {
      if (!this.#isAlive) return;
      if (this.#asleep === undefined) act();
      else this.#asleep.push(() => (event.cancelled || !this.#isAlive ? undefined : act()));
    });
    return () => {
      event.cancelled = true;
    };
  }

  get isAwake(): boolean {
    return this.#isAlive && this.#asleep === undefined;
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Whether it has just been killed here, as ordered. */
  reached(boundary: Boundary): boolean {
    if (!this.#isAlive) return true;
    if (this.#killOrder?.boundary !== boundary) return false;
    this.#seen += 1;
    if (this.#seen < this.#killOrder.occurrence) return false;
    this.kill(boundary);
    return true;
  }

  kill(boundary?: Boundary): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#killOrder = undefined;
    this.#onKill(this, boundary);
  }

  /** Stops it for a while, as a laptop's lid does: what was due meanwhile comes when it wakes, in either order. */
  suspend(forMs: number): void {
    if (this.#asleep !== undefined || !this.#isAlive) return;
    this.#asleep = [];
    const inOrder = this.#chance.happens(0.5);
    this.#clock.after(forMs, () => {
      const due = this.#asleep ?? [];
      this.#asleep = undefined;
      this.sleptMs += forMs;
      for (const act of inOrder ? due : due.reverse()) this.#clock.after(0, act);
    });
  }
}
