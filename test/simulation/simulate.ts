import type { Wanted } from './arguments.js';
import { POLICIES } from './baselines.js';
import type { Boundary } from './boundaries.js';
import { BOUNDARIES } from './boundaries.js';
import type { Crew } from './crew.js';
import type { ClimateName } from './model.js';
import type { ProviderName } from './plan.js';
import type { Progress } from './progress.js';
import type { Compared, Found, Killed, Ours } from './report.js';
import {
  comparisonTable,
  failuresOf,
  identificationTable,
  killTable,
  missedKills,
  missedTargets,
  modelFigures,
  safetyTable,
} from './report.js';
import type { Tally } from './tally.js';
import { add, emptyTally } from './tally.js';

/** Even seeds are ordinary days, odd ones storms. */
const CLIMATE_NAMES: readonly ClimateName[] = ['ordinary', 'storm'];
const LAGS_MS = [1_000, 10_000, 60_000];
/** What part of the runs the smaller tables are made of, and how many schedules that is at most. */
const SHARE = { compared: 0.05, found: 0.05, killed: 0.02 };
const MOST = { compared: 100_000, found: 100_000, killed: 1_000 };
/** Not every schedule comes to each boundary. */
const MAX_SEEDS_PER_KILL = 60;

/** Plays everything and prints the tables; 1 where something went wrong. */
export async function simulate(
  wanted: Wanted & { readonly runs: number },
  crew: Crew,
  print: (line: string) => void,
  progress?: Progress,
): Promise<number> {
  const startedMs = performance.now();
  print(modelFigures(wanted.lagMs));
  const simulation = new Simulation(wanted, crew, progress);
  print(`\n${wanted.runs} schedules of each provider, from seed ${wanted.seed};`);
  print(
    `${simulation.part('found')} lost answers and ${simulation.part('compared')} calls of each client a day, and at`,
  );
  print(`least ${simulation.part('killed')} kills at each boundary, of each provider\n`);
  print(safetyTable(await simulation.ours()));
  const found = await simulation.found();
  print(identificationTable(found));
  const killed = await simulation.killed();
  print(killTable(killed));
  print(comparisonTable(await simulation.compared()));
  const { total } = simulation;
  print(`${total.schedules} schedules in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
  const missed = [...missedTargets(found), ...missedKills(killed, simulation.part('killed'))];
  print([failuresOf(total), ...missed].join('\n'));
  return Object.keys(total.wrong).length + missed.length === 0 ? 0 : 1;
}

class Simulation {
  readonly total = emptyTally();
  readonly #wanted: Wanted & { readonly runs: number };
  readonly #crew: Crew;
  readonly #progress: Progress | undefined;

  constructor(wanted: Wanted & { readonly runs: number }, crew: Crew, progress: Progress | undefined) {
    this.#wanted = wanted;
    this.#crew = crew;
    this.#progress = progress;
  }

  async ours(): Promise<Ours[]> {
    return await this.#onEachDay(async (provider, climate, from) => {
      this.#progress?.begin(`${provider}, ${climate}`);
      const before = performance.now();
      const order = { provider, lagMs: this.#wanted.lagMs };
      const tally = await this.#tally({ order, from, step: 2, count: Math.ceil(this.#wanted.runs / 2) });
      return { provider, climate, tally, tookMs: performance.now() - before };
    });
  }

  /** Lost answers only: with the model's lag, then with one lag for all. */
  async found(): Promise<Found[]> {
    const count = this.part('found');
    this.#progress?.begin('lost answers');
    const usual = await this.#onEachDay(async (provider, climate, from) => {
      const order = { provider, lagMs: this.#wanted.lagMs, single: 'answer lost' } as const;
      return { provider, climate, lagMs: undefined, tally: await this.#tally({ order, from, step: 2, count }) };
    });
    const swept: Found[] = [];
    for (const provider of this.#wanted.providers) {
      for (const lagMs of LAGS_MS) {
        const order = { provider, lagMs, single: 'answer lost' } as const;
        const tally = await this.#tally({ order, from: this.#even, step: 2, count });
        swept.push({ provider, climate: 'ordinary', lagMs, tally });
      }
    }
    return [...usual, ...swept];
  }

  async killed(): Promise<Killed[]> {
    const killed: Killed[] = [];
    for (const boundary of BOUNDARIES) {
      this.#progress?.begin(`killed at ${boundary}`);
      for (const provider of this.#wanted.providers) {
        killed.push({ boundary, provider, tally: await this.#killAt(provider, boundary) });
      }
    }
    return killed;
  }

  async compared(): Promise<Compared[]> {
    const count = this.part('compared');
    this.#progress?.begin('other clients');
    const compared = await this.#onEachDay(async (provider, climate, from) => {
      const job = { order: { provider, lagMs: this.#wanted.lagMs, single: 'any fate' }, from, step: 2, count } as const;
      const all: Compared[] = [{ provider, climate, client: 'ours', tally: await this.#tally(job) }];
      for (const policy of POLICIES) {
        const { comparison } = await this.#crew.run({ ...job, policy });
        all.push({ provider, climate, client: policy, comparison });
      }
      return all;
    });
    return compared.flat();
  }

  /** Goes through seeds until enough of them were killed at a boundary: storms, for they come to every one of them. */
  async #killAt(provider: ProviderName, kill: Boundary): Promise<Tally> {
    const enough = this.part('killed');
    const tally = emptyTally();
    for (let tried = 0; tried < enough * MAX_SEEDS_PER_KILL; tried += enough) {
      if ((tally.killedAt[kill]?.killed ?? 0) >= enough) break;
      const from = this.#even + 1 + 2 * tried;
      add(tally, await this.#tally({ order: { provider, kill }, from, step: 2, count: enough }));
    }
    return tally;
  }

  get #even(): number {
    return this.#wanted.seed - (this.#wanted.seed % 2);
  }

  /** How many schedules of a kind there are to be. */
  part(of: keyof typeof SHARE): number {
    return Math.min(MOST[of], Math.ceil(this.#wanted.runs * SHARE[of]));
  }

  async #onEachDay<T>(play: (provider: ProviderName, climate: ClimateName, from: number) => Promise<T>): Promise<T[]> {
    const all: T[] = [];
    for (const provider of this.#wanted.providers) {
      for (const [place, climate] of CLIMATE_NAMES.entries()) {
        all.push(await play(provider, climate, this.#even + place));
      }
    }
    return all;
  }

  async #tally(job: Parameters<Crew['run']>[0]): Promise<Tally> {
    const { tally } = await this.#crew.run(job);
    add(this.total, tally);
    return tally;
  }
}
