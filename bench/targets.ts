import type { Spread } from './rounds.js';

/** One line of the report. */
export interface Line {
  readonly what: string;
  readonly measured: Spread;
  readonly unit: string;
  /** What it must not exceed; fall below, with `atLeast`. Undefined for what is only told. */
  readonly limit?: number | undefined;
  readonly hoped?: number | undefined;
  readonly atLeast?: boolean | undefined;
}

/** Whether a line keeps its limit. */
export function keeps({ measured: { median }, limit, atLeast = false }: Line): boolean {
  if (limit === undefined) return true;
  return atLeast ? median >= limit : median <= limit;
}

/** Lines as a table. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const { what, measured, unit, limit, hoped } = line;
    const { median, lower, upper } = measured;
    const spread = lower === upper ? '' : ` (${shown(lower)}–${shown(upper)})`;
    const verdict = limit === undefined ? '' : keeps(line) ? 'yes' : 'NO';
    return [what, `${shown(median)}${spread}${unit}`, bound(limit, unit), bound(hoped, unit), verdict];
  });
  const all = [['measured', 'median (middle half)', 'limit', 'hoped for', 'kept'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [lineOf(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(lineOf)].join('\n');
}

function bound(value: number | undefined, unit: string): string {
  return value === undefined ? '' : `${shown(value)}${unit}`;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
