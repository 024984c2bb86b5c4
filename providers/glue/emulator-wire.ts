/** One run of a job as Glue writes it; members that are not listed pass through. Times are epoch seconds. */
export interface GlueJobRun {
  readonly Id?: string | undefined;
  readonly Attempt?: number | undefined;
  readonly PreviousRunId?: string | undefined;
  readonly TriggerName?: string | undefined;
  readonly JobName?: string | undefined;
  readonly JobRunState?: string | undefined;
  readonly StartedOn?: number | undefined;
  readonly CompletedOn?: number | undefined;
  readonly ErrorMessage?: string | undefined;
  readonly [member: string]: unknown;
}

/** One run of a crawler: it has neither id nor attempt number. */
export interface GlueCrawl {
  readonly State?: string | undefined;
  readonly StartedOn?: number | undefined;
  readonly CompletedOn?: number | undefined;
  readonly ErrorMessage?: string | undefined;
  readonly [member: string]: unknown;
}

/** What a trigger waits for: one state of one job or crawler. */
export interface GlueCondition {
  readonly LogicalOperator?: string | undefined;
  readonly JobName?: string | undefined;
  readonly State?: string | undefined;
  readonly CrawlerName?: string | undefined;
  readonly CrawlState?: string | undefined;
}

/** A trigger as it is embedded in a graph. */
export interface GlueTrigger {
  readonly Name?: string | undefined;
  readonly WorkflowName?: string | undefined;
  readonly Type?: string | undefined;
  readonly State?: string | undefined;
  readonly Schedule?: string | undefined;
  readonly Actions?: readonly { readonly JobName?: string; readonly CrawlerName?: string }[] | undefined;
  readonly Predicate?:
    | { readonly Logical?: string | undefined; readonly Conditions?: readonly GlueCondition[] | undefined }
    | undefined;
}

/** A node of a graph. The model promises none of its members, and its enums are open. */
export interface GlueNode {
  readonly Type?: string | undefined;
  readonly Name?: string | undefined;
  readonly UniqueId?: string | undefined;
  readonly TriggerDetails?: { readonly Trigger?: GlueTrigger | undefined } | null | undefined;
  readonly JobDetails?: { readonly JobRuns?: readonly GlueJobRun[] | null | undefined } | null | undefined;
  readonly CrawlerDetails?: { readonly Crawls?: readonly GlueCrawl[] | null | undefined } | null | undefined;
}

export interface GlueEdge {
  readonly SourceId?: string | undefined;
  readonly DestinationId?: string | undefined;
}

/** The graph of a workflow or of a run. */
export interface GlueGraph {
  readonly Nodes?: readonly GlueNode[] | undefined;
  readonly Edges?: readonly GlueEdge[] | undefined;
}

/** Counts of a run's jobs and crawlers. */
export interface GlueStatistics {
  readonly TotalActions: number;
  readonly TimeoutActions: number;
  readonly FailedActions: number;
  readonly StoppedActions: number;
  readonly SucceededActions: number;
  readonly RunningActions: number;
  readonly ErroredActions: number;
  readonly WaitingActions: number;
}

/** A workflow run as the emulator answers it. */
export interface GlueWorkflowRun {
  readonly Name: string;
  readonly WorkflowRunId: string;
  readonly PreviousRunId?: string | undefined;
  readonly WorkflowRunProperties: Readonly<Record<string, string>>;
  readonly StartedOn: number;
  readonly CompletedOn?: number | undefined;
  readonly Status: string;
  readonly ErrorMessage?: string | undefined;
  readonly Statistics: GlueStatistics;
  readonly Graph?: GlueGraph | undefined;
}
