/** The newest ids, up to a number: a ring, because a map slows down where its oldest entry is dropped again and again. */
export class Ring {
  readonly #ids: string[] = [];
  readonly #size: number;
  #oldest = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Takes an id in; returns the one that had to leave for it, which is itself where the size is 0. */
  push(id: string): string | undefined {
    if (this.#size === 0) return id;
    const dropped = this.#ids[this.#oldest];
    this.#ids[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % this.#size;
    return dropped;
  }
}
