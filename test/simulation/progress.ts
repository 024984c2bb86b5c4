import type { Tally } from './tally.js';

const EVERY_MS = 15_000;

/** Tells how far a long simulation has come, now and then, and what went wrong as soon as it is known. */
export class Progress {
  readonly #print: (line: string) => void;
  readonly #startedMs = performance.now();
  #toldMs = this.#startedMs;
  #schedules = 0;
  #failed = 0;
  #part = '';

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** @param part - what is being played from now on. */
  begin(part: string): void {
    this.#part = part;
    this.#tell(performance.now());
  }

  note({ schedules, wrong, failures }: Tally): void {
    this.#schedules += schedules;
    for (const times of Object.values(wrong)) this.#failed += times;
    for (const failure of failures) this.#print(failure);
    const nowMs = performance.now();
    if (nowMs - this.#toldMs >= EVERY_MS) this.#tell(nowMs);
  }

  #tell(nowMs: number): void {
    this.#toldMs = nowMs;
    const seconds = ((nowMs - this.#startedMs) / 1_000).toFixed(0);
    this.#print(`${seconds} s, ${this.#part}: ${this.#schedules} schedules so far, ${this.#failed} failures`);
  }
}
