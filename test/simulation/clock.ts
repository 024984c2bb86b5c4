/** When every schedule begins: epoch milliseconds, a whole second. */
export const BEGIN_MS = 1_800_000_000_000;

/** Something that is to happen. */
export interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
  cancelled: boolean;
}

/** Virtual time: events by time, those of the same time in the order in which they were made. */
export class VirtualClock {
  #nowMs = BEGIN_MS;
  #made = 0;
  readonly #heap: Event[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events there have been, a measure for a schedule that never comes to rest. */
  get made(): number {
    return this.#made;
  }

  after(delayMs: number, act: () => void): Event {
    const heap = this.#heap;
    const event = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#made++, act, cancelled: false };
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Event;
      if (!isSooner(event, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = event;
    return event;
  }

  /** Lets the next event happen that was not cancelled; false where there is none. */
  advance(): boolean {
    for (;;) {
      const first = this.#takeFirst();
      if (first === undefined) return false;
      if (first.cancelled) continue;
      this.#nowMs = first.atMs;
      first.act();
      return true;
    }
  }

  #takeFirst(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) sink(heap, last);
    return first;
  }
}

function sink(heap: Event[], event: Event): void {
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && isSooner(heap[right] as Event, heap[left] as Event) ? right : left;
    if (!isSooner(heap[child] as Event, event)) break;
    heap[place] = heap[child] as Event;
    place = child;
  }
  heap[place] = event;
}

function isSooner(one: Event, other: Event): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}
