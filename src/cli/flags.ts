import { InvalidArgumentError, Option } from 'commander';
import { MAX_TIMER_MS } from '../runtime.js';
import type { ExecutionState } from '../snapshot.js';
import { ACTIONS, EXECUTION_STATES } from '../vocabulary.js';

// The options that several commands share, and how values are read.

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const config = (): Option =>
  new Option('--config <file>', 'configuration (default: resumable.config.json or .yaml here)').argParser(notBlank);
export const json = (text = 'print the result as JSON'): Option => new Option('--json', text);
export const ledgerFolder = (): Option =>
  new Option(
    '--ledger <folder>',
    'where it is remembered what was tried (default: the state folder of this platform)',
  ).argParser(notBlank);
export const timeout = (text: string): Option =>
  new Option('--timeout-ms <ms>', `${text} (default: 30000)`).argParser(milliseconds);
export const poll = (): Option =>
  new Option('--poll-ms <ms>', 'how long to wait between the first reads; it grows (default: 1000)').argParser(
    milliseconds,
  );
export const action = (): Option => new Option('--action <action>', 'what to do (default: "resume")').choices(ACTIONS);
export const node = (): Option =>
  new Option('--node <id>', 'a node to act on; may be given several times').argParser(collect);
export const mermaid = (): Option =>
  new Option('--mermaid', 'print the graph as Mermaid, for tickets and pull requests').conflicts('json');
export const html = (): Option =>
  new Option(
    '--html [file]',
    'write a self-contained page (default: named after the execution, nothing overwritten)',
  ).argParser(notBlank);

export const collect = (value: string, previous: string[] = []): string[] => [...previous, value];

export function milliseconds(value: string): number {
  const ms = Number(value);
  // What a timer does not reach would be over at once.
  if (!Number.isInteger(ms) || ms < 1 || ms > MAX_TIMER_MS)
    throw new InvalidArgumentError(`It must be a whole number of milliseconds, 1 to ${MAX_TIMER_MS}.`);
  return ms;
}

export function notBlank(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be blank.');
  return value;
}

/** States, `all` of them too; may be given several times. */
export function states(value: string, previous: readonly ExecutionState[] = []): readonly ExecutionState[] {
  if (value === 'all') return EXECUTION_STATES;
  const state = EXECUTION_STATES.find((known) => known === value);
  if (state === undefined) throw new InvalidArgumentError(`Allowed choices are ${EXECUTION_STATES.join(', ')}, all.`);
  return [...new Set([...previous, state])];
}

/** How long ago, such as `24h`, or a time in ISO 8601; not before 1970, and not in the future. */
export function since(value: string): Date {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
  const nowMs = Date.now();
  const ms = count === undefined ? instantOf(value) : nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms === undefined || ms < 0) {
    throw new InvalidArgumentError(
      'It must be a while ago, such as 90m, 24h or 7d, or a time such as 2026-03-02T02:00Z.',
    );
  }
  if (ms > nowMs) throw new InvalidArgumentError('It must not lie in the future.');
  return new Date(ms);
}

/** Epoch milliseconds of a time in ISO 8601; undefined where it is none, such as 2026-02-31. */
export function instantOf(value: string): number | undefined {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(value) ?? [];
  const ms = Date.parse(value);
  if (day === undefined || Number.isNaN(ms)) return undefined;
  // A day that its month does not have is read as one of the next month.
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day) ? ms : undefined;
}
