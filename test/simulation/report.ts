import type { Comparison, Policy } from './baselines.js';
import type { Boundary } from './boundaries.js';
import type { ClimateName } from './model.js';
import { CLIMATES, MODEL } from './model.js';
import type { ProviderName } from './plan.js';
import { table } from './table.js';
import type { Tally } from './tally.js';

export interface Ours {
  readonly provider: ProviderName;
  readonly climate: ClimateName;
  readonly tally: Tally;
  readonly tookMs: number;
}

export interface Killed {
  readonly boundary: Boundary;
  readonly provider: ProviderName;
  readonly tally: Tally;
}

export interface Found {
  readonly provider: ProviderName;
  readonly climate: ClimateName;
  /** One lag for all instead of the model's. */
  readonly lagMs: number | undefined;
  readonly tally: Tally;
}

export type Compared = { readonly provider: ProviderName; readonly climate: ClimateName } & (
  | { readonly client: 'ours'; readonly tally: Tally }
  | { readonly client: Policy; readonly comparison: Comparison }
);

const DAYS = { ordinary: 'on ordinary days (even seeds)', storm: 'in storms (odd seeds)' } as const;
const CLIENTS = { ours: 'this library', sdk: 'SDK default policy', never: 'never retrying' } as const;

/** Every figure of the model, as it is used. */
export function modelFigures(lagMs: number | undefined): string {
  const visibilityLagMs = lagMs ?? MODEL.visibilityLagMs;
  return [
    'The model (durations in milliseconds, probabilities from 0 to 1):',
    ...Object.entries({ ...MODEL, visibilityLagMs }).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...Object.entries(CLIMATES).flatMap(([climate, figures]) => [
      `  ${DAYS[climate as ClimateName]}:`,
      ...Object.entries(figures).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
    ]),
  ].join('\n');
}

/** What must be 0, and what is only counted. */
export function safetyTable(ours: readonly Ours[]): string {
  const columns: [string, (tally: Tally) => number][] = [
    ['schedules', ({ schedules }) => schedules],
    ['calls', ({ calls }) => calls],
    ['resumes', ({ commits }) => commits],
    ['kills', ({ kills }) => kills],
    [
      'duplicates',
      ({ wrong }) => (wrong['duplicate commit'] ?? 0) + (wrong['sent again although it may have happened'] ?? 0),
    ],
    ['refused, ran', ({ wrong }) => wrong['refused although it ran'] ?? 0],
    ['accepted, not ran', ({ wrong }) => wrong['accepted although nothing was resumed'] ?? 0],
    ['two verdicts', ({ wrong }) => wrong['two verdicts for one key'] ?? 0],
    ['other failures', ({ wrong }) => otherFailures(wrong)],
    ['stranger adopted', ({ strangersAdopted }) => strangersAdopted],
    [
      'earlier adopted',
      ({ earlierStrangersAdopted, earlierOwnAdopted }) => earlierStrangersAdopted + earlierOwnAdopted,
    ],
    ['left to operator', ({ leftToOperator }) => leftToOperator],
    ['again untold', ({ resumedAgainUntold }) => resumedAgainUntold],
  ];
  const rows = ours.map(({ provider, climate, tally, tookMs }) => [
    `${provider}, ${climate}`,
    ...columns.map(([, of]) => count(of(tally))),
    `${((tookMs * 1_000) / tally.schedules).toFixed(0)}`,
  ]);
  return titled('What must never happen (columns 6 to 10), and what is only counted', [
    ['provider, day', ...columns.map(([name]) => name), 'µs each'],
    ...rows,
  ]);
}

/** How many lost answers were found again. */
export function identificationTable(found: readonly Found[]): string {
  return titled('Carried out, not answered: found by reading back (one default call each)', [
    ['provider, day, lag', 'lost', 'in 10 s', 'in 90 s', 'excluded: too short', 'too late', 'cut short', 'stranger'],
    ...found.map(({ provider, climate, lagMs, tally: { readBack } }) => [
      `${provider}, ${climate}, ${lagMs === undefined ? 'as in the model' : `${lagMs / 1_000} s`}`,
      count(readBack.eligible),
      percent(readBack.within10s, readBack.eligible),
      percent(readBack.within90s, readBack.eligible),
      count(readBack['too short']),
      count(readBack['too late']),
      count(readBack['cut short']),
      count(readBack.stranger),
    ]),
  ]);
}

/** What was to be reached on ordinary days, with the model's lag; fewer lost answers than these say too little. */
const TARGET = { within10s: 0.88, within90s: 0.999 };
const JUDGED = 2_000;

/** Sentences about the targets that were not reached. */
export function missedTargets(found: readonly Found[]): string[] {
  return found
    .filter(({ climate, lagMs, tally: { readBack } }) => {
      return climate === 'ordinary' && lagMs === undefined && readBack.eligible >= JUDGED;
    })
    .flatMap(({ provider, tally: { readBack } }) => {
      const isMissed = (of: keyof typeof TARGET): boolean => readBack[of] < TARGET[of] * readBack.eligible;
      return (['within10s', 'within90s'] as const)
        .filter(isMissed)
        .map((of) => `${provider}: ${of} is ${percent(readBack[of], readBack.eligible)}, not ${TARGET[of] * 100} %`);
    });
}

/** Where processes were killed. */
export function killTable(killed: readonly Killed[]): string {
  const providers = [...new Set(killed.map(({ provider }) => provider))];
  const rows = [...new Set(killed.map(({ boundary }) => boundary))].map((boundary) => {
    const here = killed.filter((one) => one.boundary === boundary);
    const sum = (of: (tally: Tally) => number): number => here.reduce((total, { tally }) => total + of(tally), 0);
    return [
      boundary,
      ...providers.map((name) => count(killsOf(boundary, here.find(({ provider }) => provider === name)?.tally))),
      count(sum(({ killedAt }) => killedAt[boundary]?.wrong ?? 0)),
      count(sum(({ wrong }) => wrong['target stays blocked'] ?? 0)),
    ];
  });
  const head = ['killed at', ...providers, 'with a failure', 'stayed blocked'];
  return titled('Killed and started again on the same ledger: schedules', [head, ...rows]);
}

/** Sentences about the boundaries at which too few were killed. */
export function missedKills(killed: readonly Killed[], wanted: number): string[] {
  return killed
    .filter(({ boundary, tally }) => killsOf(boundary, tally) < wanted)
    .map(({ boundary, provider, tally }) => `${provider}: only ${killsOf(boundary, tally)} killed at ${boundary}`);
}

function killsOf(boundary: Boundary, tally: Tally | undefined): number {
  return tally?.killedAt[boundary]?.killed ?? 0;
}

/** One call by each client, per million. */
export function comparisonTable(compared: readonly Compared[]): string {
  return titled('One call each by three clients, per million calls', [
    ['provider, day', 'client', 'duplicate runs', 'told "failed", ran', 'told "unknown"', 'told nothing, ever'],
    ...compared.map((one) => {
      const { calls, duplicates, failedButRan, unknown, hangs } = comparisonOf(one);
      const figures = [duplicates, failedButRan, unknown, hangs].map((number) => count((number / calls) * 1e6));
      return [`${one.provider}, ${one.climate}`, CLIENTS[one.client], ...figures];
    }),
  ]);
}

/** The failures with the commands that replay them. */
export function failuresOf({ wrong, failures }: Tally): string {
  const kinds = Object.entries(wrong).map(([what, times]) => `${times} × ${what}`);
  return kinds.length === 0 ? 'No failures.' : ['FAILED', ...kinds, ...failures].join('\n');
}

function comparisonOf(one: Compared): Comparison {
  if (one.client !== 'ours') return one.comparison;
  const { calls, wrong, outcomes } = one.tally;
  return {
    calls,
    duplicates: wrong['duplicate commit'] ?? 0,
    failedButRan: wrong['refused although it ran'] ?? 0,
    unknown: outcomes.unknown,
    hangs: wrong['never settled'] ?? 0,
  };
}

const SHOWN = new Set<string>([
  'duplicate commit',
  'sent again although it may have happened',
  'refused although it ran',
  'accepted although nothing was resumed',
  'two verdicts for one key',
]);

function otherFailures(wrong: Tally['wrong']): number {
  return Object.entries(wrong).reduce((sum, [name, times]) => (SHOWN.has(name) ? sum : sum + times), 0);
}

function titled(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}\n\n${table(rows)}\n`;
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`;
}
