import type { GraphNode } from './wire.js';

/** How a node stands after its last attempt. `unclear` is a word that this package does not know. */
export type Standing = 'not-run' | 'ok' | 'failed' | 'stopped' | 'unsettled' | 'unclear';

/** A node's last attempt. */
export interface LastAttempt {
  readonly standing: Standing;
  /** The provider's own word, for messages and for conditions of triggers. */
  readonly state: string;
}

/** A node of a run with how it stands. */
export interface StandingNode extends LastAttempt {
  readonly node: GraphNode;
  /** The nodes right behind it, by their places in the graph. */
  readonly next: readonly number[];
}

interface NodeAttempt {
  readonly state: string | null | undefined;
  readonly startedOn: number | undefined;
  readonly attempt: number | undefined;
  readonly completedOn: number | undefined;
}

/**
 * @see Glue API reference, JobRun.JobRunState. That EXPIRED is a failure is inferred: no document says what it means in
 * a workflow.
 */
const JOB_STATES: ReadonlyMap<string, Standing> = new Map([
  ['SUCCEEDED', 'ok'],
  ['FAILED', 'failed'],
  ['TIMEOUT', 'failed'],
  ['ERROR', 'failed'],
  ['EXPIRED', 'failed'],
  ['STOPPED', 'stopped'],
  ['STARTING', 'unsettled'],
  ['RUNNING', 'unsettled'],
  ['STOPPING', 'unsettled'],
  ['WAITING', 'unsettled'],
]);

/** @see Glue API reference, Crawl.State */
const CRAWLER_STATES: ReadonlyMap<string, Standing> = new Map([
  ['SUCCEEDED', 'ok'],
  ['FAILED', 'failed'],
  ['ERROR', 'failed'],
  ['CANCELLED', 'stopped'],
  ['RUNNING', 'unsettled'],
  ['CANCELLING', 'unsettled'],
]);

const NOT_RUN: LastAttempt = { standing: 'not-run', state: 'not run' };

/** How a job or crawler stands. A trigger does not run; a node of a type that is not known is unclear. */
export function lastAttemptOf(node: GraphNode): LastAttempt {
  const type = node.Type ?? '(none)';
  switch (type) {
    case 'TRIGGER':
      return NOT_RUN;
    case 'JOB':
      return judged(
        (node.JobDetails?.JobRuns ?? []).map(({ JobRunState, StartedOn, Attempt, CompletedOn }) => {
          return { state: JobRunState, startedOn: StartedOn, attempt: Attempt, completedOn: CompletedOn };
        }),
        JOB_STATES,
      );
    case 'CRAWLER':
      return judged(
        (node.CrawlerDetails?.Crawls ?? []).map(({ State, StartedOn, CompletedOn }) => {
          return { state: State, startedOn: StartedOn, attempt: undefined, completedOn: CompletedOn };
        }),
        CRAWLER_STATES,
      );
    default:
      return { standing: 'unclear', state: `of the type ${type}` };
  }
}

function judged(attempts: readonly NodeAttempt[], states: ReadonlyMap<string, Standing>): LastAttempt {
  const last = attempts.reduce<NodeAttempt | undefined>((latest, next) => {
    return latest === undefined || !isLater(latest, next) ? next : latest;
  }, undefined);
  if (last === undefined) return NOT_RUN;
  const dated = attempts.filter(({ startedOn }) => startedOn !== undefined).length;
  if (dated > 0 && dated < attempts.length) {
    return { standing: 'unclear', state: 'of several attempts, of which only some say when they started' };
  }
  const state = last.state ?? '(no state)';
  return { standing: states.get(state) ?? 'unclear', state };
}

/** By start, then Glue's own retry count, then end. The order of the list is undocumented: the later one wins a tie. */
function isLater(one: NodeAttempt, other: NodeAttempt): boolean {
  const keys = ['startedOn', 'attempt', 'completedOn'] as const;
  for (const key of keys) {
    const difference = (one[key] ?? Number.NEGATIVE_INFINITY) - (other[key] ?? Number.NEGATIVE_INFINITY);
    if (difference !== 0 && !Number.isNaN(difference)) return difference > 0;
  }
  return false;
}
