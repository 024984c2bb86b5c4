/** How an execution stands. `unknown`: the provider uses a word that this package does not know. */
export type ExecutionState = 'running' | 'failed' | 'paused' | 'succeeded' | 'stopped' | 'unknown';

/** How a node stands after its newest attempt. `waiting`: it has not run. */
export type NodeState = ExecutionState | 'waiting' | 'skipped';

/** One run of a node. Times are ISO 8601. */
export interface NodeAttempt {
  readonly state: NodeState;
  /** The provider's own word. */
  readonly providerState: string;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** What the provider says went wrong. */
  readonly error?: string | undefined;
}

/** A node of an execution. */
export interface NodeSnapshot {
  readonly id: string;
  /** What people call it; the id where the provider has no name. Names may repeat. */
  readonly name: string;
  /** `gate` nodes decide whether others start and run nothing themselves (a Glue trigger). */
  readonly kind: 'task' | 'gate';
  /** The provider's own word for what it is, such as `CRAWLER`. */
  readonly providerType?: string | undefined;
  /** That of the newest attempt. */
  readonly state: NodeState;
  /** The provider's own word; empty where it has none. */
  readonly providerState: string;
  /** Oldest first. Empty where it has not run, or the provider does not show attempts. */
  readonly attempts: readonly NodeAttempt[];
  /** Whether its newest attempt was carried over from an earlier execution, or began before the resume that is followed. */
  readonly carriedOver: boolean;
}

/** That one node leads to another. */
export interface NodeEdge {
  readonly from: string;
  readonly to: string;
}

/** An execution as it stood when it was read, in the same words for every provider. Plain JSON. */
export interface ExecutionSnapshot {
  readonly provider: string;
  readonly connection: string;
  readonly workflow: string;
  readonly execution: string;
  /** Judged by the nodes, newest attempts only: a Glue run that is COMPLETED with a failed node is `failed`. */
  readonly state: ExecutionState;
  /** The provider's own word, such as `COMPLETED`; empty where it says none. */
  readonly providerState: string;
  /** ISO 8601. */
  readonly startedAt?: string | undefined;
  /** ISO 8601. */
  readonly endedAt?: string | undefined;
  /** What the provider says went wrong with the execution itself. */
  readonly error?: string | undefined;
  readonly nodes: readonly NodeSnapshot[];
  /** Undefined where the provider shows none (OBS, AOM). */
  readonly edges?: readonly NodeEdge[] | undefined;
  /** The execution that this one was resumed from, where the provider mints new ones. */
  readonly previousExecution?: string | undefined;
  /** When reading it began, ISO 8601 by this machine's clock: what it shows is no older. */
  readonly readAt: string;
}

/** An execution as a listing shows it. */
export interface ListedExecution {
  readonly workflow: string;
  readonly execution: string;
  /** Judged like {@link ExecutionSnapshot.state}. */
  readonly state: ExecutionState;
  readonly providerState: string;
  /** ISO 8601. */
  readonly startedAt?: string | undefined;
  /** ISO 8601. */
  readonly endedAt?: string | undefined;
  readonly previousExecution?: string | undefined;
}

/** Which executions to list. */
export interface ListOptions {
  /** @default ['failed', 'paused']: those that could be resumed */
  readonly state?: ExecutionState | readonly ExecutionState[] | undefined;
  /** Only what began then or later; what does not say when it began is listed. @default all that the provider keeps */
  readonly since?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where an execution comes from, and what was resumed from it. */
export interface Lineage {
  /** The executions that it goes back to, the first of all first. */
  readonly ancestors: readonly ListedExecution[];
  readonly execution: ListedExecution;
  /** What was resumed from it, and from those, in the order of their beginning; each names its `previousExecution`. */
  readonly descendants: readonly ListedExecution[];
}

/** Which execution to look at. */
export interface ExecutionRef {
  readonly workflow: string;
  readonly execution: string;
}

/** How a call that only reads behaves. */
export interface ReadOptions {
  /** Bounds the call with its retries, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
