import type { GraphNode } from './wire.js';

/** How a node stands after its last attempt. `unclear` is a word that this package does not know. */
export type Standing = 'not-run' | 'ok' | 'failed' | 'stopped' | 'unsettled' | 'unclear';

/** One run of a job or crawler. Times are epoch seconds. */
export interface NodeAttempt {
  readonly standing: Standing;
  /** The provider's own word. */
  readonly state: string | undefined;
  readonly startedOn: number | undefined;
  /** Glue's own retry count. */
  readonly attempt: number | undefined;
  readonly completedOn: number | undefined;
  readonly error: string | undefined;
}

/** A node's last attempt. */
export interface LastAttempt {
  readonly standing: Standing;
  /** The provider's own word, for messages and for conditions of triggers. */
  readonly state: string;
}

/**
 * @see Glue API reference, JobRun.JobRunState. That EXPIRED is a failure is inferred: no document says what it means in
 * a workflow.
 */
const JOB_STATES: ReadonlyMap<string | undefined, Standing> = new Map([
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
const CRAWLER_STATES: ReadonlyMap<string | undefined, Standing> = new Map([
  ['SUCCEEDED', 'ok'],
  ['FAILED', 'failed'],
  ['ERROR', 'failed'],
  ['CANCELLED', 'stopped'],
  ['RUNNING', 'unsettled'],
  ['CANCELLING', 'unsettled'],
]);

const NOT_RUN: LastAttempt = { standing: 'not-run', state: 'not run' };
const SEVERAL: LastAttempt = {
  standing: 'unclear',
  state: 'of several attempts, of which only some say when they started',
};

/** What a job or crawler has done, oldest first. The order of Glue's list is undocumented: it decides only a tie. */
export function attemptsOf({ Type, JobDetails, CrawlerDetails }: GraphNode): readonly NodeAttempt[] {
  const attempts =
    Type === 'JOB'
      ? (JobDetails?.JobRuns ?? []).map(
          ({ JobRunState: state, StartedOn, Attempt, CompletedOn, ErrorMessage }): NodeAttempt => ({
            standing: JOB_STATES.get(state) ?? 'unclear',
            state,
            startedOn: StartedOn,
            attempt: Attempt,
            completedOn: CompletedOn,
            error: ErrorMessage,
          }),
        )
      : Type === 'CRAWLER'
        ? (CrawlerDetails?.Crawls ?? []).map(
            ({ State: state, StartedOn, CompletedOn, ErrorMessage }): NodeAttempt => ({
              standing: CRAWLER_STATES.get(state) ?? 'unclear',
              state,
              startedOn: StartedOn,
              attempt: undefined,
              completedOn: CompletedOn,
              error: ErrorMessage,
            }),
          )
        : [];
  return attempts.length > 1 ? attempts.sort(byTime) : attempts;
}

/** How a job or crawler stands. A trigger does not run; a node of a type that is not known is unclear. */
export function lastAttemptOf({ Type = '(none)' }: GraphNode, attempts: readonly NodeAttempt[]): LastAttempt {
  if (Type === 'TRIGGER') return NOT_RUN;
  if (Type !== 'JOB' && Type !== 'CRAWLER') return { standing: 'unclear', state: `of the type ${Type}` };
  const last = attempts.at(-1);
  if (last === undefined) return NOT_RUN;
  if (attempts.length > 1) {
    const dated = attempts.filter(({ startedOn }) => startedOn !== undefined).length;
    if (dated > 0 && dated < attempts.length) return SEVERAL;
  }
  return { standing: last.standing, state: last.state ?? '(no state)' };
}

/** By start, then Glue's own retry count, then end. */
function byTime(one: NodeAttempt, other: NodeAttempt): number {
  return (
    compared(one.startedOn, other.startedOn) ||
    compared(one.attempt, other.attempt) ||
    compared(one.completedOn, other.completedOn)
  );
}

function compared(one: number | undefined, other: number | undefined): number {
  if (one === other) return 0;
  return (one ?? Number.NEGATIVE_INFINITY) < (other ?? Number.NEGATIVE_INFINITY) ? -1 : 1;
}
