import type { SettledRecord, SettledWithoutKey } from './recent.js';

/**
 * A few of what was settled without a key, the newest ones, for a ledger that is seldom asked for them: nothing is made to
 * take one in, and each question looks at all of them.
 */
export class LatestFew implements SettledWithoutKey {
  readonly #size: number;
  readonly #settled: SettledRecord[] = [];
  #oldest = 0;

  /** @param size - how many are kept. */
  constructor(size: number) {
    this.#size = size;
  }

  add(settled: SettledRecord): void {
    this.#settled[this.#oldest] = settled;
    this.#oldest = (this.#oldest + 1) % this.#size;
  }

  latestOf(target: string): SettledRecord | undefined {
    return this.#latest((settled) => settled.target === target);
  }

  equalOf(target: string, fingerprint: string): SettledRecord | undefined {
    return this.#latest((settled) => settled.target === target && settled.record.intent.fingerprint === fingerprint);
  }

  all(): readonly SettledRecord[] {
    return this.#settled;
  }

  #latest(isAskedFor: (settled: SettledRecord) => boolean): SettledRecord | undefined {
    let latest: SettledRecord | undefined;
    for (const settled of this.#settled) {
      if (isAskedFor(settled) && (latest === undefined || latest.place < settled.place)) latest = settled;
    }
    return latest;
  }
}
