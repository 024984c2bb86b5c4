import type { ResumeRequest } from '../../src/types.js';
import type { Boundary } from './boundaries.js';
import { Chance } from './chance.js';
import type { Climate, ClimateName } from './model.js';
import { CLIMATES, MODEL } from './model.js';

/** Names one schedule: the same order gives the same schedule. */
export interface Order {
  readonly provider: ProviderName;
  readonly seed: number;
  /** One visibility lag for everything, in milliseconds, instead of the model's. */
  readonly lagMs?: number | undefined;
  /** Kills the first process here, whatever the seed says. */
  readonly kill?: Boundary | undefined;
  /**
   * One call, and nothing against it but the faults of its requests: to compare it with other clients, or to see what
   * reading back makes of a request that is carried out and not answered.
   */
  readonly single?: 'any fate' | 'answer lost' | undefined;
}

export const PROVIDERS = ['glue', 'obs', 'aom'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** A call as it is planned. */
export interface PlannedCall {
  readonly id: number;
  /** How many calls led to this one. */
  readonly depth: number;
  readonly kind: 'attempt' | 'reconcile';
  readonly atMs: number;
  /** Which of the processes makes it. */
  readonly place: number;
  readonly request: ResumeRequest;
  readonly idempotencyKey: string | undefined;
  readonly timeoutMs: number;
  readonly readBackMs: number;
  readonly readBack: 'on' | 'off';
  readonly onUnknown: 'report' | 'send-again';
  readonly abortAfterMs: number | undefined;
}

/** The streams of chance, kept apart so that a change in one part leaves the others as they were. */
export const STREAM = { plan: 0, network: 1, library: 2, service: 3, ledger: 4, followUp: 5, baseline: 6 } as const;

export function climateOf(seed: number): ClimateName {
  return seed % 2 === 0 ? 'ordinary' : 'storm';
}

/** Draws the calls that a schedule begins with; what follows from their outcomes is drawn when they have them. */
export class CallPlanner {
  readonly #chance: Chance;
  readonly #climate: Climate;
  readonly #requestFor: (target: string, other: boolean, chance: Chance) => ResumeRequest;
  readonly #targets: readonly string[];
  #made = 0;

  constructor(seed: number, requestFor: (target: string, other: boolean, chance: Chance) => ResumeRequest) {
    this.#chance = new Chance(seed, STREAM.plan);
    this.#climate = CLIMATES[climateOf(seed)];
    this.#requestFor = requestFor;
    this.#targets = this.#chance.happens(MODEL.secondTarget) ? ['x1', 'x2'] : ['x1'];
  }

  get targets(): readonly string[] {
    return this.#targets;
  }

  get chance(): Chance {
    return this.#chance;
  }

  initialCalls(places: number): PlannedCall[] {
    const chance = this.#chance;
    const count = chance.pick([1, 1, 1, 2, 2, 3, 4]);
    const calls: PlannedCall[] = [];
    for (let index = 0; index < count; index += 1) {
      const together = chance.happens(0.6);
      const atMs = index === 0 ? 0 : together ? chance.between(0, 200) : chance.acrossMagnitudes(200, 200_000);
      const target = index === 0 ? 'x1' : chance.pick(['x1', ...this.#targets]);
      calls.push(this.#call(target, atMs, chance.between(0, places - 1), index > 0, chance));
    }
    return calls;
  }

  /** The same request once more, as a caller would make it: with the same key, if it had one. */
  again(earlier: PlannedCall, kind: PlannedCall['kind'], afterMs: number): PlannedCall {
    return { ...earlier, id: ++this.#made, depth: earlier.depth + 1, kind, atMs: afterMs, abortAfterMs: undefined };
  }

  /** A plain call with the default options, with nothing against it. */
  plain(target: string): PlannedCall {
    const request = this.#requestFor(target, false, this.#chance);
    const options = {
      idempotencyKey: undefined,
      readBack: 'on',
      onUnknown: 'report',
      abortAfterMs: undefined,
    } as const;
    return {
      ...options,
      id: ++this.#made,
      depth: 0,
      kind: 'attempt',
      atMs: 0,
      place: 0,
      request,
      timeoutMs: 30_000,
      readBackMs: 90_000,
    };
  }

  #call(target: string, atMs: number, place: number, mayDiffer: boolean, chance: Chance): PlannedCall {
    const id = ++this.#made;
    const key = chance.happens(MODEL.sharedKey) ? 'shared' : `own-${id}`;
    const ownTimes = chance.happens(this.#climate.ownTimes);
    return {
      id,
      depth: 0,
      kind: 'attempt',
      atMs,
      place,
      request: this.#requestFor(target, mayDiffer && chance.happens(MODEL.otherRequest), chance),
      idempotencyKey: chance.happens(MODEL.keyed) ? `${key} ${target}` : undefined,
      timeoutMs: ownTimes ? chance.acrossMagnitudes(20, 60_000) : 30_000,
      readBackMs: ownTimes ? chance.acrossMagnitudes(100, 120_000) : 90_000,
      readBack: chance.happens(MODEL.readBackOff) ? 'off' : 'on',
      onUnknown: chance.happens(MODEL.sendAgain) ? 'send-again' : 'report',
      abortAfterMs: chance.happens(this.#climate.abort) ? chance.acrossMagnitudes(1, 100_000) : undefined,
    };
  }
}
