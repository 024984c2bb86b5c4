import type { CallScope } from './deadline.js';
import { ResumeError } from './errors.js';
import { readFollowed } from './inspecting.js';
import type { Inspection } from './inspection.js';
import { countNodes } from './node-counts.js';
import { Sight } from './plan/sight.js';
import { snapshotOf } from './planning.js';
import type { FollowOptions, Progress } from './progress.js';
import type { Reads } from './read-call.js';
import { MAX_TIMER_MS } from './runtime.js';
import type { ExecutionSnapshot } from './snapshot.js';
import type { Receipt } from './types.js';

const GROWTH = 1.5;
const MENDED_BY_WAITING: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'INTERNAL',
]);

/**
 * Follows what a resume started until it has ended or waits for somebody. The last thing told is a snapshot that is
 * settled.
 *
 * An execution that goes on under its old id is shown as it was before for a while: what it was before is not taken for
 * its end until it was seen to move, or `visibilityMs` have passed without anything better.
 *
 * @param left - ends when the loop is left.
 * @throws {ResumeError} without effect.
 */
export async function* follow(
  reads: Reads,
  receipt: Receipt,
  { pollMs: askedMs = 1_000, maxPollMs = Math.max(30_000, askedMs), visibilityMs = 60_000, signal }: FollowOptions,
  left: CallScope,
): AsyncGenerator<Progress, void, undefined> {
  const { runtime } = reads.parts;
  const { workflow, execution } = receipt;
  const pollMs = Math.min(askedMs, maxPollMs);
  const sight = new Sight(receipt, runtime.nowMs());
  let delayMs = pollMs;
  for (;;) {
    let waitMs = 0;
    try {
      const { inspection, readAtMs } = await readFollowed(reads, receipt, { signal, left });
      const { changes, isDoubtful, isOver } = sight.take(inspection, runtime.nowMs(), visibilityMs);
      for (const change of changes) yield change;
      const shown = shownAs(inspection, isOver && isDoubtful);
      const snapshot = snapshotOf(reads.parts, { workflow, execution }, { inspection: shown, readAtMs });
      yield { kind: 'snapshot', snapshot, counts: countNodes(snapshot.nodes), settled: isOver };
      if (isOver) return;
      delayMs = changes.length > 0 ? pollMs : Math.min(maxPollMs, delayMs * GROWTH);
    } catch (thrown) {
      if (!ResumeError.isInstance(thrown) || signal?.aborted === true) throw thrown;
      const isLate = runtime.nowMs() - sight.seenAtMs < visibilityMs;
      if (!MENDED_BY_WAITING.has(thrown.code) && !(thrown.code === 'NOT_FOUND' && isLate)) throw thrown;
      yield { kind: 'read-failed', error: thrown };
      waitMs = retryAfterMsOf(thrown);
      delayMs = Math.min(maxPollMs, delayMs * GROWTH);
    }
    const jittered = delayMs * (0.5 + runtime.random() / 2);
    await reads.pause(`following ${workflow} / ${execution}`, Math.max(waitMs, jittered), { signal, left });
  }
}

/** The snapshot with which an execution has settled. */
export async function settled(steps: AsyncIterable<Progress>): Promise<ExecutionSnapshot> {
  let last: ExecutionSnapshot | undefined;
  for await (const progress of steps) {
    if (progress.kind === 'snapshot') last = progress.snapshot;
  }
  if (last === undefined) throw new Error('following has ended without a snapshot');
  return last;
}

/** What is known to be from before the resume counts as that, and what may be is no success of it. */
function shownAs(inspection: Inspection, isDoubted: boolean): Inspection {
  const isBefore = inspection.shows === 'before';
  const nodes = isBefore ? inspection.nodes.map((node) => ({ ...node, carriedOver: true })) : inspection.nodes;
  if (!isDoubted) return { ...inspection, nodes };
  const state = inspection.state === 'succeeded' ? 'unknown' : inspection.state;
  const why = 'it is shown as it was before the resume, or that cannot be told apart';
  const error = inspection.error === undefined ? why : `${inspection.error} (${why})`;
  return { ...inspection, state, nodes, error };
}

/** Never earlier than the provider asked for, as far as a timer reaches. */
function retryAfterMsOf({ retryAfterMs = 0 }: ResumeError): number {
  return retryAfterMs > 0 ? Math.min(retryAfterMs, MAX_TIMER_MS) : 0;
}
