/** Sets of places that are joined one by one (union-find). */
export class Components {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, place) => place);
  }

  /** The place that stands for all that this one is joined with. */
  rootOf(place: number): number {
    let root = place;
    while (this.#parent(root) !== root) {
      this.#parents[root] = this.#parent(this.#parent(root));
      root = this.#parent(root);
    }
    return root;
  }

  join(one: number, other: number): void {
    const [first, second] = [this.rootOf(one), this.rootOf(other)];
    // The lower place stands for both, so that the order stays that of what is joined.
    if (first < second) this.#parents[second] = first;
    else this.#parents[first] = second;
  }

  #parent(place: number): number {
    return this.#parents[place] ?? place;
  }
}
