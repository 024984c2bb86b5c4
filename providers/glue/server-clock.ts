/** The header `Date` is cut to whole seconds. */
const DATE_STEP_MS = 1_000;
/**
 * How far the service's own clocks may be apart, such as the one that writes `Date` and the one that writes when a run
 * started. Inferred: no document says it.
 */
const CLOCKS_APART_MS = 100;
/** How much a clock may gain or lose, in milliseconds for each millisecond: twice of what NTP's slewing does to it. */
const DRIFT = 0.001;
/** How many earlier settings of a clock are remembered. */
const MAX_EARLIER = 64;

/** When something was by the service's clock, as far as that can be told, in epoch milliseconds. */
export interface ServerMoment {
  /** It was not before this. */
  readonly earliestMs: number;
  /** Like `earliestMs`, by the least favourable of the clocks' settings: later than it only where a clock was set. */
  readonly surelyFromMs: number;
  /** It was not after this. */
  readonly latestMs: number;
}

/** Bounds of the service's clock less this machine's, in milliseconds, at a time of this machine's clock. */
interface Offset {
  readonly leastMs: number;
  readonly mostMs: number;
  readonly atMs: number;
}

/** An offset that held until a clock was set; it may hold for times of this machine's clock up to `untilMs`. */
interface EarlierOffset extends Offset {
  readonly untilMs: number;
}

/**
 * Tells the service's time from the `Date` header of its answers, as NTP does: the service wrote it between our sending
 * and our receiving, so each answer bounds how far the two clocks are apart, and together they do so more closely.
 *
 * Bounds that contradict each other mean that a clock was set: the newest answer counts from then on, while times from
 * before are told by both settings.
 */
export class ServerClock {
  readonly #nowMs: () => number;
  #offset: Offset | undefined;
  #earlier: readonly EarlierOffset[] = [];

  /** @param nowMs - this machine's clock, in epoch milliseconds. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** This machine's time, in epoch milliseconds. */
  get nowMs(): number {
    return this.#nowMs();
  }

  /**
   * Takes note of an answer that has just come.
   *
   * @param date - its header `Date`; nothing is learnt without a readable one.
   * @param sentAtMs - this machine's time before its request was sent.
   */
  note(date: string | undefined, sentAtMs: number): void {
    const dateMs = date === undefined ? Number.NaN : Date.parse(date);
    const atMs = this.#nowMs();
    // A clock that was set back meanwhile bounds nothing.
    if (Number.isNaN(dateMs) || atMs < sentAtMs) return;
    const leastMs = dateMs - atMs - CLOCKS_APART_MS;
    const mostMs = dateMs + DATE_STEP_MS - sentAtMs + CLOCKS_APART_MS;
    const before = this.#offset;
    this.#offset = { leastMs, mostMs, atMs };
    if (before === undefined) return;
    const known = widened(before, atMs);
    if (known.leastMs <= mostMs && leastMs <= known.mostMs) {
      this.#offset = { leastMs: Math.max(leastMs, known.leastMs), mostMs: Math.min(mostMs, known.mostMs), atMs };
      return;
    }
    // What this machine's clock showed before it was set back may lie ahead of what it shows now.
    const untilMs = atMs + Math.max(0, mostMs - known.leastMs);
    this.#earlier = [...this.#earlier.slice(1 - MAX_EARLIER), { ...before, untilMs }];
  }

  /** When a time of this machine's clock was by the service's. Nothing is known before the first answer. */
  momentOf(localMs: number): ServerMoment {
    const offsets = [this.#offset, ...this.#earlier.filter(({ untilMs }) => localMs <= untilMs)]
      .filter((offset) => offset !== undefined)
      .map((offset) => widened(offset, localMs));
    if (offsets.length === 0) {
      return {
        earliestMs: Number.NEGATIVE_INFINITY,
        surelyFromMs: Number.POSITIVE_INFINITY,
        latestMs: Number.POSITIVE_INFINITY,
      };
    }
    return {
      earliestMs: localMs + Math.min(...offsets.map(({ leastMs }) => leastMs)),
      surelyFromMs: localMs + Math.max(...offsets.map(({ leastMs }) => leastMs)),
      latestMs: localMs + Math.max(...offsets.map(({ mostMs }) => mostMs)),
    };
  }
}

/** What an offset is worth at another time: clocks drift. */
function widened({ leastMs, mostMs, atMs }: Offset, localMs: number): Offset {
  const drifted = Math.abs(localMs - atMs) * DRIFT;
  return { leastMs: leastMs - drifted, mostMs: mostMs + drifted, atMs: localMs };
}
