import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../errors.js';
import { ResumeError } from '../errors.js';
import { countNodes } from '../node-counts.js';
import type { Progress } from '../progress.js';
import type { ExecutionRef, ExecutionSnapshot, NodeState } from '../snapshot.js';
import type { ResumableWorkflow } from '../types.js';

/** How often to look. */
export interface WatchSettings {
  /** Between the first looks, in milliseconds; it grows. @default 1000 */
  readonly pollMs?: number | undefined;
  readonly signal: AbortSignal;
}

const GROWTH = 1.5;
const MAX_POLL_MS = 30_000;
const MENDED_BY_WAITING: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'DEADLINE_EXCEEDED']);

/**
 * Looks at an execution until it has ended or waits for somebody. Without a receipt nothing is known of a resume, so what
 * is shown is taken for what there is.
 *
 * @throws {ResumeError} without effect.
 */
export async function* watch(
  workflow: ResumableWorkflow,
  ref: ExecutionRef,
  { pollMs = 1_000, signal }: WatchSettings,
): AsyncGenerator<Progress, void, undefined> {
  const seen = new Map<string, NodeState>();
  for (let delayMs = pollMs; ; delayMs = Math.max(pollMs, Math.min(MAX_POLL_MS, delayMs * GROWTH))) {
    let waitMs = 0;
    try {
      const snapshot = await workflow.inspect(ref, { signal });
      const changes = changesIn(snapshot, seen);
      for (const change of changes) yield change;
      const settled = hasEnded(snapshot);
      yield { kind: 'snapshot', snapshot, counts: countNodes(snapshot.nodes), settled };
      if (settled) return;
      if (changes.length > 0) delayMs = pollMs;
    } catch (error) {
      if (!ResumeError.isInstance(error) || !MENDED_BY_WAITING.has(error.code)) throw error;
      yield { kind: 'read-failed', error };
      waitMs = Math.min(MAX_POLL_MS, error.retryAfterMs ?? 0);
    }
    await pause(Math.max(waitMs, delayMs), workflow, signal);
  }
}

function changesIn({ nodes }: ExecutionSnapshot, seen: Map<string, NodeState>): Extract<Progress, { kind: 'node' }>[] {
  return nodes.flatMap((node) => {
    const was = seen.get(node.id);
    if (was === node.state) return [];
    seen.set(node.id, node.state);
    const isNews = was !== undefined || (node.state !== 'waiting' && !node.carriedOver);
    return node.kind === 'task' && isNews ? [{ kind: 'node', node, was } as const] : [];
  });
}

/** A word that is not known ends it only where the service says when it ended. */
function hasEnded({ state, endedAt }: ExecutionSnapshot): boolean {
  return state === 'unknown' ? endedAt !== undefined : state !== 'running';
}

async function pause(
  ms: number,
  { name: connection, provider }: ResumableWorkflow,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    const details = { code: 'CANCELLED', effect: 'none', provider, connection, cause } as const;
    throw new ResumeError(`${connection}: following was stopped. Nothing was sent.`, details);
  }
}
