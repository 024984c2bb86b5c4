import { latestMsOf } from './children.js';

/** Whether something has started in a run, rather than having been copied into it. */
export type Started = 'yes' | 'no' | 'unclear';

/**
 * Whether one of a node's attempts began in a run.
 *
 * Inferred: a copied attempt keeps its times, so that one that began no earlier than the run belongs to it.
 *
 * @param starts - when the attempts began, epoch seconds.
 * @param runStartedMs - when the run began, epoch milliseconds; undefined where it does not say.
 */
export function startedIn(starts: readonly (number | undefined)[], runStartedMs: number | undefined): Started {
  if (starts.length === 0) return 'no';
  if (runStartedMs === undefined) return 'unclear';
  if (starts.some((seconds) => seconds !== undefined && latestMsOf(seconds) >= runStartedMs)) return 'yes';
  return starts.includes(undefined) ? 'unclear' : 'no';
}
