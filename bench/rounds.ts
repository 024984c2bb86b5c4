/** One way of making a call. */
export interface Variant {
  readonly name: string;
  /** Makes the call with this number, which no other call of the process has. */
  readonly call: (number: number) => Promise<unknown>;
}

/** What calls cost in one round. */
export interface Cost {
  /** Microseconds of this process's CPU for each call. */
  readonly cpuUs: number;
  readonly callsPerSecond: number;
}

let calls = 0;

/** Makes many calls, so many at a time, and tells what each cost. */
async function measure({ call }: Variant, count: number, concurrency: number): Promise<Cost> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      calls += 1;
      await call(calls);
    }
  };
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / count, callsPerSecond: count / seconds };
}

/** How rounds are run. */
export interface Plan {
  readonly rounds: number;
  /** Calls of each variant in a round. */
  readonly count: number;
  readonly concurrency: number;
  /** How many turns each variant has in a round. What slows a machine down for a while then slows all of them. */
  readonly turns: number;
}

/** Long enough for most of what the collector does in threads of its own, in milliseconds. */
const SETTLING_MS = 5;

/**
 * Runs all variants in each round, turn by turn, each time beginning with another one and every other time backwards, so
 * that neither a drift nor what the one before has left behind favours any.
 */
export async function interleave(variants: readonly Variant[], plan: Plan): Promise<ReadonlyMap<string, Cost[]>> {
  const costs = new Map<string, Cost[]>(variants.map(({ name }) => [name, []]));
  for (let time = 0; time < 4; time += 1) {
    for (const variant of variants) await measure(variant, plan.count, plan.concurrency);
  }
  for (let round = 0; round < plan.rounds; round += 1) {
    // Its connections may have been closed since its last turn.
    for (const variant of variants) await measure(variant, Math.ceil(plan.count / 4), plan.concurrency);
    for (const [name, cost] of await measureRound(variants, plan, round)) costs.get(name)?.push(cost);
  }
  return costs;
}

async function measureRound(
  variants: readonly Variant[],
  { count, concurrency, turns }: Plan,
  round: number,
): Promise<Map<string, Cost>> {
  const taken = new Map<string, Cost[]>(variants.map(({ name }) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (let place = 0; place < variants.length; place += 1) {
      const step = (round + turn) % 2 === 0 ? place : variants.length - 1 - place;
      const variant = variants[(round + turn + step) % variants.length];
      if (variant === undefined) continue;
      // Nothing is collected by force: with nothing under way V8 then drops most of what it has compiled, and compiling
      // it again was more than half of all that was measured.
      await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      taken.get(variant.name)?.push(await measure(variant, Math.ceil(count / turns), concurrency));
    }
  }
  return new Map([...taken].map(([name, costs]) => [name, together(costs)]));
}

/** Turns of as many calls each as one. */
function together(turns: readonly Cost[]): Cost {
  const mean = (of: (cost: Cost) => number): number =>
    turns.reduce((sum, cost) => sum + of(cost), 0) / turns.length;
  return { cpuUs: mean(({ cpuUs }) => cpuUs), callsPerSecond: 1 / mean(({ callsPerSecond }) => 1 / callsPerSecond) };
}

/** The middle of some numbers, and the middle half of them. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

/** The ratios of two variants, round by round: what slowed a round down slowed both. */
export function pairedRatios(
  costs: ReadonlyMap<string, readonly Cost[]>,
  [name, base]: readonly [string, string],
  of: (cost: Cost) => number = ({ cpuUs }) => cpuUs,
): Spread {
  const [ones, others] = [costs.get(name) ?? [], costs.get(base) ?? []];
  return spreadOf(
    ones.flatMap((one, round) => {
      const other = others[round];
      return other === undefined ? [] : [of(one) / of(other)];
    }),
  );
}
