import { jobRunIdOf } from './emulator-ids.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Outcomes } from './emulator-outcomes.js';
import type { FiringRule } from './emulator-rules.js';
import type { Attempt, Run, RunNode } from './emulator-run.js';
import { endOf } from './emulator-run.js';

/** What starts a node: a rule of the run, a start trigger's name, or nothing but a resume. */
export type Cause = Pick<FiringRule, 'trigger'> & Partial<Pick<FiringRule, 'conditions'>>;

/** Plans everything that a node does in a run, Glue's own retries included. */
export function plan(run: Run, { wire }: RunNode, cause: Cause, outcomes: Outcomes, atMs: number): readonly Attempt[] {
  const type = wire.Type === 'CRAWLER' ? 'CRAWLER' : 'JOB';
  const node = wire.UniqueId ?? '';
  const { state, durationMs, startingMs, retries, error } = outcomes.take(run.workflow, node, type);
  const attempts: Attempt[] = [];
  for (let number = 0; number <= retries; number += 1) {
    const endState = number < retries ? 'FAILED' : state;
    const startedMs = atMs + (number === 0 ? 0 : durationMs * number);
    attempts.push({
      id: jobRunIdOf(run.id, node, number),
      number,
      previousId: attempts.at(-1)?.id,
      trigger: cause.trigger,
      predecessors: predecessorsOf(cause),
      startedMs,
      runningFromMs: type === 'JOB' ? startedMs + startingMs : startedMs,
      endsMs: startedMs + durationMs,
      endState,
      error: endState === 'SUCCEEDED' ? undefined : (error ?? `scripted to end ${endState}`),
    });
  }
  return attempts;
}

/** Cuts short what is active when its run is stopped. */
export function interrupt(node: RunNode, atMs: number, { stoppingMs }: GlueKnobs): void {
  if (node.standing !== 'own' || endOf(node) <= atMs) return;
  node.attempts = node.attempts
    .filter(({ startedMs }) => startedMs <= atMs)
    .map((attempt) =>
      attempt.endsMs <= atMs
        ? attempt
        : {
            ...attempt,
            stoppingFromMs: atMs,
            endsMs: atMs + stoppingMs,
            endState: node.wire.Type === 'CRAWLER' ? 'CANCELLED' : 'STOPPED',
            error: undefined,
          },
    );
}

function predecessorsOf({ conditions = [] }: Cause): Attempt['predecessors'] {
  return conditions
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ wire: { Type, Name }, attempts }) => {
      const last = attempts.at(-1);
      return Type === 'JOB' && Name !== undefined && last !== undefined ? [{ JobName: Name, RunId: last.id }] : [];
    });
}
