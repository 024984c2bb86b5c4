/** A state and since when it holds. */
export interface Stretch<State> {
  readonly state: State;
  readonly fromMs: number;
  /** When reads begin to show it: never before an earlier one. */
  readonly seenFromMs: number;
}

/** The states of one thing over time; reads see them late, but never go back. */
export class Timeline<State> {
  readonly #stretches: Stretch<State>[];

  constructor(state: State, fromMs: number) {
    this.#stretches = [{ state, fromMs, seenFromMs: fromMs }];
  }

  /** Changes it at a time that may lie ahead; what was to come after that is off. */
  change(state: State, fromMs: number, lagMs: number): Stretch<State> {
    while (this.#last.fromMs > fromMs) this.#stretches.pop();
    const stretch = { state, fromMs, seenFromMs: Math.max(fromMs + lagMs, this.#last.seenFromMs) };
    this.#stretches.push(stretch);
    return stretch;
  }

  /** As it really is. */
  at(nowMs: number): State {
    return (this.#stretches.findLast(({ fromMs }) => fromMs <= nowMs) ?? this.#last).state;
  }

  /** As a read shows it. */
  seenAt(nowMs: number): State {
    return (this.#stretches.findLast(({ seenFromMs }) => seenFromMs <= nowMs) ?? (this.#stretches[0] as Stretch<State>))
      .state;
  }

  get #last(): Stretch<State> {
    return this.#stretches.at(-1) as Stretch<State>;
  }
}
