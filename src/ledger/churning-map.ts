/** How many entries, gone ones included, there are at least before a new map is begun. */
const LEAST_TURN = 64;

/**
 * A map whose entries come and go all the time, in constant time on average.
 *
 * What is deleted is only emptied, and a new `Map` is begun now and then: V8 links each table that a `Map` has outgrown
 * to the next one, so that a single table that has grown old in a `Map` with many deletions has the collector of young
 * objects keep all that follow, with whatever was in them.
 */
export class ChurningMap<V extends object> {
  #entries = new Map<string, V | undefined>();
  #live = 0;
  #turn = LEAST_TURN;

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.get(key) !== undefined;
  }

  /** Takes in what must not be there yet. */
  put(key: string, value: V): void {
    this.#live += 1;
    if (this.#entries.size >= this.#turn) this.#begin();
    this.#entries.set(key, value);
  }

  /** Takes out what must be there. */
  drop(key: string): void {
    this.#live -= 1;
    this.#entries.set(key, undefined);
  }

  /** What is there, in no order that is promised. */
  values(): V[] {
    return [...this.#entries.values()].filter((value) => value !== undefined);
  }

  #begin(): void {
    const before = this.#entries;
    this.#entries = new Map();
    for (const [key, value] of before) if (value !== undefined) this.#entries.set(key, value);
    this.#turn = Math.max(LEAST_TURN, this.#live * 4);
  }
}
