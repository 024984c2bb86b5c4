/** The time of an emulator: runs with the real clock unless frozen, and can be moved ahead by hand. */
export class VirtualClock {
  readonly #frozen: boolean;
  #offsetMs: number;
  #startMs: number;

  /** @param frozenAtMs - stands still at this epoch time, in milliseconds. @default runs with the real clock */
  constructor(frozenAtMs?: number) {
    this.#frozen = frozenAtMs !== undefined;
    this.#startMs = frozenAtMs ?? 0;
    this.#offsetMs = 0;
  }

  /** Epoch milliseconds. */
  get nowMs(): number {
    return (this.#frozen ? this.#startMs : Date.now()) + this.#offsetMs;
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Sets the time, keeping it frozen or running as it was. */
  setTo(epochMs: number): void {
    this.#offsetMs += epochMs - this.nowMs;
  }
}
