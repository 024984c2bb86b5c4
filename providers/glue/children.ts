import type { ServerMoment } from './server-clock.js';
import type { ListedRun } from './wire.js';

/** A run that was made of another one. */
export interface Child {
  readonly id: string;
  /** By the service's clock, in epoch milliseconds. */
  readonly startedMs: number;
}

/** The runs that were made of one run, by when they began. */
export interface Children {
  /** There before the request that is looked for. */
  readonly earlier: number;
  /** Not provably there before it. */
  readonly fresh: readonly Child[];
  /** In words: whether these were there before cannot be told. */
  readonly unclear: readonly string[];
}

/**
 * Tells the runs that were there before a request from those that were not.
 *
 * A run counts as earlier only where it provably began before the request was made, so that the request's own run never
 * does. A stranger's run can pass for a new one if it began in the time by which the service's clock is not known:
 * about a second before the request, see the decision on the baseline.
 *
 * @param made - when the request was made.
 * @param now - no run can have begun after it.
 */
export function childrenSince(runs: Iterable<ListedRun>, made: ServerMoment, now: ServerMoment): Children {
  let earlier = 0;
  const fresh: Child[] = [];
  const unclear: string[] = [];
  for (const { WorkflowRunId: id, StartedOn: seconds } of runs) {
    if (typeof id !== 'string' || id === '') {
      unclear.push('a run without an id was made of it');
    } else if (seconds === undefined) {
      unclear.push(`run ${id} does not say when it began`);
    } else if (latestMsOf(seconds) < made.earliestMs) {
      earlier += 1;
    } else if (latestMsOf(seconds) < made.surelyFromMs) {
      unclear.push(`run ${id} may have begun before: a clock was set, or Glue's is not known`);
    } else if (msOf(seconds) > now.latestMs) {
      unclear.push(`run ${id} began later than it is by the Date of Glue's answers`);
    } else {
      fresh.push({ id, startedMs: msOf(seconds) });
    }
  }
  return { earlier, fresh, unclear };
}

/** Epoch seconds as epoch milliseconds. */
export function msOf(seconds: number): number {
  return Math.round(seconds * 1_000);
}

/** The latest moment that a time stands for: whole seconds may have been cut off. Inferred. */
export function latestMsOf(seconds: number): number {
  return msOf(seconds) + (Number.isInteger(seconds) ? 999 : 0);
}
