/** A job or crawler of a workflow: its name where that is unique, its node id, or its kind and name. */
export type NodeReference = string | { readonly job: string } | { readonly crawler: string };

/** A state that a node waits for. A bare reference waits for SUCCEEDED. */
export type ConditionDefinition = NodeReference | { readonly node: NodeReference; readonly state: string };

/** What starts nodes: the workflow's start without `when`, otherwise the nodes that it waits for. */
export interface TriggerDefinition {
  readonly name: string;
  /** @default 'CONDITIONAL' with `when`, otherwise 'ON_DEMAND' */
  readonly type?: 'ON_DEMAND' | 'SCHEDULED' | 'EVENT' | 'CONDITIONAL' | undefined;
  readonly when?: readonly ConditionDefinition[] | undefined;
  /** Whether all of `when` must hold or any. @default 'AND' */
  readonly logical?: 'AND' | 'ANY' | undefined;
  readonly start: readonly NodeReference[];
  /** @default true; a trigger that is not active never fires */
  readonly active?: boolean | undefined;
}

/** A workflow in a form that can be written as JSON. */
export interface WorkflowDefinition {
  readonly name: string;
  /** Its jobs and crawlers. A string is a job. */
  readonly nodes: readonly NodeReference[];
  readonly triggers: readonly TriggerDefinition[];
  /** @default unlimited */
  readonly maxConcurrentRuns?: number | undefined;
  /** What Glue calls DefaultRunProperties. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** How a job or crawler can end. Jobs: all but CANCELLED. Crawlers: SUCCEEDED, FAILED, CANCELLED, ERROR. */
export type EndState = 'SUCCEEDED' | 'FAILED' | 'TIMEOUT' | 'ERROR' | 'STOPPED' | 'EXPIRED' | 'CANCELLED';

/** What becomes of a node each time it is started. */
export interface NodeOutcome {
  /** @default 'SUCCEEDED' */
  readonly state?: EndState | undefined;
  /** Of each attempt, in virtual milliseconds; Infinity runs until it is stopped. @default 2000 for a job, 1000 for a crawler */
  readonly durationMs?: number | undefined;
  /** How long each attempt of a job is STARTING before it is RUNNING, within its duration. @default 0 */
  readonly startingMs?: number | undefined;
  /** How often Glue itself retries a job: that many attempts end FAILED before the last one ends in `state`. @default 0 */
  readonly retries?: number | undefined;
  /** The ErrorMessage where the state is not SUCCEEDED. */
  readonly error?: string | undefined;
}
