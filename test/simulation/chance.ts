/** Repeatable chance: the same seed and name give the same numbers, however much the other streams are used. */
export class Chance {
  #state: number;

  constructor(seed: number, name: number) {
    this.#state = scrambled(seed ^ Math.imul(name + 1, 0x9e3779b9)) ^ scrambled(Math.floor(seed / 2 ** 32) + name);
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return scrambled(this.#state) / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** Evenly spread over the orders of magnitude. */
  acrossMagnitudes(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.next());
  }

  /** Mostly little, seldom much. */
  exponential(mean: number, most: number): number {
    return Math.min(most, Math.round(-mean * Math.log(1 - this.next())));
  }

  pick<const T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.next() * choices.length)] ?? choices[0];
  }

  /** One of some names, each as likely as its weight; `otherwise` takes what is left up to 1. */
  oneOf<K extends string, O extends string>(weights: Readonly<Record<K, number>>, otherwise: O): K | O {
    let left = this.next();
    for (const name in weights) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return otherwise;
  }
}

function scrambled(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 15), number | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
