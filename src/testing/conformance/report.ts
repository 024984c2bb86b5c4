/** One row of a report. */
export interface ConformanceRow {
  readonly group: string;
  readonly capability: string;
  readonly fault: string;
  readonly expected: string;
  /** What came of it, in a line; for a skipped row why it was skipped. */
  readonly observed: string;
  readonly result: 'pass' | 'fail' | 'skipped';
}

/** What the conformance suite found out about one driver. Plain JSON; rows fill in as they run. */
export interface ConformanceReport {
  readonly provider: string;
  readonly rows: readonly ConformanceRow[];
}

/** The rows of a report that failed, by name. */
export function failuresOf({ rows }: ConformanceReport): string[] {
  return rows
    .filter(({ result }) => result === 'fail')
    .map(({ capability, fault, expected }) => `${capability}: ${fault} → ${expected}`);
}
