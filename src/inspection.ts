import type { Baseline } from './driver.js';
import type { ExecutionSnapshot, ListedExecution } from './snapshot.js';
import type { Action } from './types.js';

/** What a driver makes of an execution that it has read. */
export interface Inspection
  extends Omit<ExecutionSnapshot, 'provider' | 'connection' | 'workflow' | 'execution' | 'readAt'> {
  /**
   * Where a resume is followed, whether what was read shows it: `before` shows the execution as it was before. `unclear`
   * is never wrong.
   */
  readonly shows?: 'resume' | 'before' | 'unclear' | undefined;
}

/** What a resume would do, in a driver's words: nodes by their ids. */
export interface Projection {
  readonly inspection: Inspection;
  /** What would be asked of the provider. */
  readonly performed: Action;
  /** The nodes that the request would name: none on OBS, the node that is skipped on AOM. Empty where it is refused. */
  readonly nodes: readonly string[];
  /** The nodes that would start at once, as far as the provider says. Empty where it is refused. */
  readonly starts: readonly string[];
  /** Nodes but gates that may run, `starts` included: an upper bound. */
  readonly mayRun: readonly string[];
  /** What is expected to run if everything that runs succeeds; `mayRun` where that cannot be told. */
  readonly expected: readonly string[];
  /** Executions that were resumed from this one already. */
  readonly resumedAs: readonly string[];
  /** Every reason why it would be refused. */
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  /** As {@link Discovery.baseline}. */
  readonly baseline?: Baseline | undefined;
}

/** One page of a listing. */
export interface ListPage {
  readonly executions: readonly Omit<ListedExecution, 'workflow'>[];
  /** Undefined on the last page. */
  readonly next?: string | undefined;
}

/** Which page of a listing to read. */
export interface PageRequest {
  /** Undefined for the first one. */
  readonly token: string | undefined;
  /** Whether states must be judged by the nodes; without it a state may be `unknown`, only links and times matter. */
  readonly states: boolean;
}
