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

  /** False where there is one of this key already: that one stays. */
  add(key: string, value: V): boolean {
    if (this.#entries.get(key) !== undefined) return false;
    this.#live += 1;
    if (this.#entries.size >= this.#turn) this.#begin();
    this.#entries.set(key, value);
    return true;
  }

  /** Takes out what is there. */
  take(key: string): V | undefined {
    const taken = this.#entries.get(key);
    if (taken === undefined) return undefined;
    this.#live -= 1;
    this.#entries.set(key, undefined);
    return taken;
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
