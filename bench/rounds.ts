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
export async function measure({ call }: Variant, count: number, concurrency: number): Promise<Cost> {
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
  readonly count: number;
  readonly concurrency: number;
}

/** Runs all variants in each round, each time beginning with another one, so that no drift favours any. */
export async function interleave(variants: readonly Variant[], plan: Plan): Promise<ReadonlyMap<string, Cost[]>> {
  const costs = new Map<string, Cost[]>(variants.map(({ name }) => [name, []]));
  for (const variant of variants) await measure(variant, plan.count, plan.concurrency);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (let place = 0; place < variants.length; place += 1) {
      const variant = variants[(round + place) % variants.length];
      if (variant === undefined) continue;
      globalThis.gc?.();
      costs.get(variant.name)?.push(await measure(variant, plan.count, plan.concurrency));
    }
  }
  return costs;
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
