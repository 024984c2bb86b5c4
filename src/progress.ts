import type { ResumeError } from './errors.js';
import type { ExecutionSnapshot, NodeSnapshot, NodeState } from './snapshot.js';

/** How many nodes stand how. Only attempts of the resume that is followed count. */
export interface NodeCounts {
  /** All nodes but gates. */
  readonly total: number;
  /** Carried over from before the resume, whatever became of them. */
  readonly carriedOver: number;
  readonly waiting: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Stopped, paused, skipped, or in a state that this package does not know. */
  readonly other: number;
}

/** What {@link ResumableWorkflow.follow} tells. */
export type Progress =
  /** A node has changed its state since it was last seen, or has run again. */
  | { readonly kind: 'node'; readonly node: NodeSnapshot; readonly was: NodeState | undefined }
  | {
      readonly kind: 'snapshot';
      readonly snapshot: ExecutionSnapshot;
      readonly counts: NodeCounts;
      /** Whether this is the last one: the execution has ended, or waits for somebody. */
      readonly settled: boolean;
    }
  /** A read failed; another one follows. */
  | { readonly kind: 'read-failed'; readonly error: ResumeError };

/** How to follow an execution. */
export interface FollowOptions {
  /** How long to wait between the first reads, in milliseconds; it grows to `maxPollMs`, with jitter. @default 1000 */
  readonly pollMs?: number | undefined;
  /** In milliseconds. @default 30000 */
  readonly maxPollMs?: number | undefined;
  /**
   * How long an execution may go on being shown as it was before the resume, or not at all, in milliseconds. How soon
   * a resume shows is undocumented on all three providers. After it, what is shown is told as settled with the doubt in
   * `error`, and never as `succeeded`. @default 60000
   */
  readonly visibilityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
