import type { Run } from './emulator-run.js';

interface Entry {
  readonly run: Run;
  readonly atMs: number;
}

/** When something happens in which run, earliest first: a heap, so that thousands of active runs cost little. */
export class Agenda {
  readonly #heap: Entry[] = [];

  /** Notes when something happens in a run next, in place of what was noted before. */
  set(run: Run, atMs: number): void {
    run.nextMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    let at = this.#heap.push({ run, atMs }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLater(parent, at)) break;
      at = parent;
    }
  }

  /** The run in which something happens first; undefined where nothing does, or nothing but what lasts for ever. */
  first(): Run | undefined {
    for (let [top] = this.#heap; top !== undefined; [top] = this.#heap) {
      // What was replaced since stays in the heap until it comes up.
      if (top.atMs === top.run.nextMs) return top.run;
      this.#dropFirst();
    }
    return undefined;
  }

  #dropFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isLater(this.#heap[left], this.#heap[right]) ? right : left;
      if (!this.#swapIfLater(at, child)) return;
      at = child;
    }
  }

  #swapIfLater(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined || !isLater(first, second)) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}

/** At the same time the older run goes first. */
function isLater(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.atMs === b.atMs ? a.run.sequence > b.run.sequence : a.atMs > b.atMs;
}
