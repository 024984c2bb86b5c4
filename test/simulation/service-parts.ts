import type { Chance } from './chance.js';
import type { VirtualClock } from './clock.js';
import { MODEL } from './model.js';

/** What every modelled service is made of. */
export class ServiceParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly #lagMs: number | undefined;

  constructor(clock: VirtualClock, chance: Chance, lagMs: number | undefined) {
    this.clock = clock;
    this.chance = chance;
    this.#lagMs = lagMs;
  }

  /** How long a change stays unseen, in milliseconds. */
  lagMs(): number {
    return this.#lagMs ?? this.chance.exponential(MODEL.visibilityLagMs.mean, MODEL.visibilityLagMs.most);
  }

  /** How long what was resumed runs, in milliseconds. */
  runMs(): number {
    return this.chance.acrossMagnitudes(MODEL.runMs.least, MODEL.runMs.most);
  }
}
