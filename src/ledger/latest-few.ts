import type { SettledRecord, SettledWithoutKey } from './recent.js';

/** Of so many targets the latest is kept although it is not among the newest. */
const MAX_WATCHED = 1_000;

/**
 * A few of what was settled without a key, the newest ones, and the latest of each target that somebody will ask for.
 *
 * For a ledger that is seldom asked: nothing is made to take one in, and each question looks at all of them.
 */
export class LatestFew implements SettledWithoutKey {
  readonly #size: number;
  readonly #newest: SettledRecord[] = [];
  /** In the order in which they were last asked for. */
  readonly #watched = new Map<string, SettledRecord | undefined>();
  #oldest = 0;

  /** @param size - how many are kept of targets that nobody has asked for. */
  constructor(size: number) {
    this.#size = size;
  }

  add(settled: SettledRecord): void {
    this.#newest[this.#oldest] = settled;
    this.#oldest = (this.#oldest + 1) % this.#size;
    if (this.#watched.size > 0 && this.#watched.has(settled.target)) this.#watched.set(settled.target, settled);
  }

  keepLatestOf(target: string): void {
    const latest = this.latestOf(target);
    this.#watched.delete(target);
    this.#watched.set(target, latest);
    if (this.#watched.size <= MAX_WATCHED) return;
    const [longest = ''] = this.#watched.keys();
    this.#watched.delete(longest);
  }

  latestOf(target: string): SettledRecord | undefined {
    return this.#watched.get(target) ?? this.#newestOf((settled) => settled.target === target);
  }

  equalOf(target: string, fingerprint: string): SettledRecord | undefined {
    const watched = this.#watched.get(target);
    if (watched?.record.intent.fingerprint === fingerprint) return watched;
    return this.#newestOf(({ record, target: one }) => one === target && record.intent.fingerprint === fingerprint);
  }

  all(): Iterable<SettledRecord> {
    const kept = [...this.#watched.values()].filter((settled) => settled !== undefined);
    return new Set([...kept, ...this.#newest]);
  }

  #newestOf(isAskedFor: (settled: SettledRecord) => boolean): SettledRecord | undefined {
    let newest: SettledRecord | undefined;
    for (const settled of this.#newest) {
      if (isAskedFor(settled) && (newest === undefined || newest.place < settled.place)) newest = settled;
    }
    return newest;
  }
}
