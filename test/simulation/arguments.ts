import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Boundary } from './boundaries.js';
import { BOUNDARIES } from './boundaries.js';
import type { Order, ProviderName } from './plan.js';
import { PROVIDERS } from './plan.js';

/** What was asked for on the command line. */
export interface Wanted {
  readonly providers: readonly ProviderName[];
  /** Schedules of each provider; undefined replays one. */
  readonly runs: number | undefined;
  readonly seed: number;
  readonly lagMs: number | undefined;
  readonly kill: Boundary | undefined;
  readonly single: Order['single'];
  readonly workers: number;
}

const USAGE = `npm run simulate -- --runs N [--provider glue|obs|aom]… [--seed FIRST] [--workers N]
npm run simulate -- --provider glue --seed N [--lag SECONDS] [--kill BOUNDARY]     replays one schedule and tells it
boundaries: ${BOUNDARIES.join(' | ')}`;

export function wantedFrom(words: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string' },
      provider: { type: 'string', multiple: true },
      seed: { type: 'string' },
      lag: { type: 'string' },
      kill: { type: 'string' },
      single: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  const runs = values.runs ?? (values.seed === undefined ? '10000' : undefined);
  return {
    providers: values.provider === undefined ? PROVIDERS : values.provider.map((name) => oneOf(PROVIDERS, name)),
    runs: runs === undefined ? undefined : wholeNumber(runs),
    seed: wholeNumber(values.seed ?? '0'),
    lagMs: values.lag === undefined ? undefined : wholeNumber(values.lag) * 1_000,
    kill: values.kill === undefined ? undefined : oneOf(BOUNDARIES, values.kill),
    single: values.single === undefined ? undefined : oneOf(['any fate', 'answer lost'] as const, values.single),
    workers: values.workers === undefined ? availableParallelism() : wholeNumber(values.workers),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${text} is not a whole number.\n${USAGE}`);
  return Number(text);
}

function oneOf<W extends string>(words: readonly W[], text: string): W {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new Error(`${text} is not one of ${words.join(', ')}.\n${USAGE}`);
  return word;
}
