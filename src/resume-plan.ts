import type { ExecutionSnapshot } from './snapshot.js';
import type { Action } from './types.js';

/** A node in a plan. */
export interface PlannedNode {
  readonly id: string;
  readonly name: string;
}

/**
 * What a resume would do, worked out without any side effect. Plain JSON: it can be written down, reviewed and handed to
 * `resume`, which applies it only if nothing has changed since.
 */
export interface ResumePlan<A extends Action = Action> {
  /** Of this format. */
  readonly version: 1;
  readonly provider: string;
  readonly connection: string;
  /** What the connection talks to, such as its region; never a secret. */
  readonly identity: string;
  readonly workflow: string;
  readonly execution: string;
  /** What was asked for. */
  readonly action: A;
  /** The nodes that were asked for; empty where the plan was to find them. */
  readonly nodes: readonly string[];
  /** What would be asked of the provider: on AOM a `resume` is a `restart` or a `continue`. */
  readonly performed: Action;
  /** What starts. Empty where the provider does not say (OBS without a failed state that it names). */
  readonly starts: readonly PlannedNode[];
  /** What may run, `starts` included: an upper bound. */
  readonly mayRun: readonly PlannedNode[];
  /** What is expected to run if everything that runs succeeds. */
  readonly expected: readonly PlannedNode[];
  /** What has succeeded and may run again: nothing that it did is undone before. */
  readonly rerunsSucceeded: readonly PlannedNode[];
  /** What keeps the result that it has. */
  readonly kept: readonly PlannedNode[];
  /** What has not run and is not expected to, even if everything that runs succeeds. */
  readonly blocked: readonly PlannedNode[];
  /** Executions that were resumed from this one already. */
  readonly resumedAs: readonly string[];
  /** Every reason why it would be refused. Empty where it would not, as far as can be told. */
  readonly refusals: readonly string[];
  /** What deserves a look before it is applied. */
  readonly warnings: readonly string[];
  /**
   * `v1:` and a SHA-256 over connection, target, action, nodes, states, newest attempts, edges, `resumedAs`, and the lists
   * of what starts, may run, is kept and is blocked. No signature: it tells of changes, not of forgery.
   */
  readonly fingerprint: string;
  /** What the plan was made from. */
  readonly snapshot: ExecutionSnapshot;
}
