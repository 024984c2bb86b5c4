import type { Bench } from './bench.js';

/** One thing that must hold: a capability, what is done to it, and what must come of it. */
export interface Check {
  /** `resume`, `nodes of restart`, `list`, `read-back`, `secrets`, … */
  readonly capability: string;
  /** What goes wrong, or what is asked for. */
  readonly fault: string;
  /** What must come of it. */
  readonly expected: string;
  /**
   * Does it.
   *
   * @returns what was observed, in a line.
   * @throws AssertionError where something else came of it.
   */
  readonly run: (bench: Bench) => Promise<string>;
}

/** What is not tested, and why. */
export interface Skipped {
  readonly capability: string;
  readonly reason: string;
}

/** Checks that belong together. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly Check[];
  readonly skipped?: readonly Skipped[] | undefined;
}

/** The name of a check, by which it is told from every other one. */
export function nameOf({ capability, fault, expected }: Pick<Check, 'capability' | 'fault' | 'expected'>): string {
  return `${capability}: ${fault} → ${expected}`;
}
