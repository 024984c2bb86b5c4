/** One run of a job. Times are epoch seconds. */
interface JobRun {
  readonly JobRunState?: string | undefined;
  readonly Attempt?: number | undefined;
  readonly StartedOn?: number | undefined;
  readonly CompletedOn?: number | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** One run of a crawler. Times are epoch seconds. */
interface Crawl {
  readonly State?: string | undefined;
  readonly StartedOn?: number | undefined;
  readonly CompletedOn?: number | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** What a trigger waits for. */
export interface TriggerCondition {
  readonly LogicalOperator?: string | undefined;
  readonly JobName?: string | undefined;
  readonly State?: string | undefined;
  readonly CrawlerName?: string | undefined;
  readonly CrawlState?: string | undefined;
}

/** A trigger as a graph embeds it. */
export interface GraphTrigger {
  readonly Type?: string | undefined;
  readonly State?: string | undefined;
  readonly Predicate?:
    | { readonly Logical?: string | undefined; readonly Conditions?: readonly TriggerCondition[] | undefined }
    | undefined;
}

/** A node of a run's graph. */
export interface GraphNode {
  readonly UniqueId: string;
  readonly Type?: string | undefined;
  readonly Name?: string | undefined;
  readonly TriggerDetails?: { readonly Trigger?: GraphTrigger | undefined } | undefined;
  readonly JobDetails?: { readonly JobRuns?: readonly JobRun[] | undefined } | undefined;
  readonly CrawlerDetails?: { readonly Crawls?: readonly Crawl[] | undefined } | undefined;
}

interface GraphEdge {
  readonly SourceId?: string | undefined;
  readonly DestinationId?: string | undefined;
}

/** A run as a listing shows it without its graph. Times are epoch seconds. */
export interface ListedRun {
  readonly WorkflowRunId?: string | undefined;
  readonly PreviousRunId?: string | undefined;
  readonly StartedOn?: number | undefined;
  readonly CompletedOn?: number | undefined;
  readonly Status?: string | undefined;
}

/** A run as far as it matters for how it stands. */
export interface WorkflowRun extends ListedRun {
  readonly ErrorMessage?: string | undefined;
  readonly Graph?:
    | { readonly Nodes?: readonly GraphNode[] | undefined; readonly Edges?: readonly GraphEdge[] | undefined }
    | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** Says that a value has not the shape that it must have. */
class Unreadable extends Error {}

/**
 * Reads a run. By hand, and no schema: a graph may have ten thousand nodes, which takes a schema several times as long
 * as parsing the JSON.
 *
 * @returns undefined where it has not the shape of a run. What a decision does not need may have any shape: it then
 * counts as absent.
 */
export function readRun(value: unknown): WorkflowRun | undefined {
  return readable(() => runOf(required(value)));
}

/** Reads one page of a listing. @returns undefined where it is none. */
export function readPage(
  value: unknown,
): { readonly runs: readonly WorkflowRun[]; readonly token: string | undefined } | undefined {
  return readable(() => {
    const { Runs, NextToken } = required(value);
    return { runs: (list(Runs) ?? []).map((run) => runOf(required(run))), token: text(NextToken) };
  });
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Unreadable) return undefined;
    throw thrown;
  }
}

function runOf(run: Members): WorkflowRun {
  const graph = object(run['Graph']);
  return {
    WorkflowRunId: text(run['WorkflowRunId']),
    PreviousRunId: text(run['PreviousRunId']),
    StartedOn: seconds(run['StartedOn']),
    CompletedOn: seconds(run['CompletedOn']),
    Status: text(run['Status']),
    ErrorMessage: anyText(run['ErrorMessage']),
    Graph: graph && { Nodes: list(graph['Nodes'])?.map(nodeOf), Edges: list(graph['Edges'])?.map(edgeOf) },
  };
}

function nodeOf(value: unknown): GraphNode {
  const node = required(value);
  const id = text(node['UniqueId']);
  if (id === undefined || id === '') throw new Unreadable();
  const jobs = object(node['JobDetails']);
  const crawls = object(node['CrawlerDetails']);
  return {
    UniqueId: id,
    Type: text(node['Type']),
    Name: text(node['Name']),
    TriggerDetails: readable(() => triggerDetailsOf(object(node['TriggerDetails']))),
    JobDetails: jobs && { JobRuns: list(jobs['JobRuns'])?.map(jobRunOf) },
    CrawlerDetails: crawls && { Crawls: list(crawls['Crawls'])?.map(crawlOf) },
  };
}

function edgeOf(value: unknown): GraphEdge {
  const edge = required(value);
  return { SourceId: text(edge['SourceId']), DestinationId: text(edge['DestinationId']) };
}

function jobRunOf(value: unknown): JobRun {
  const run = required(value);
  const attempt = run['Attempt'];
  return {
    JobRunState: text(run['JobRunState']),
    Attempt: typeof attempt === 'number' ? attempt : undefined,
    StartedOn: seconds(run['StartedOn']),
    CompletedOn: seconds(run['CompletedOn']),
    ErrorMessage: anyText(run['ErrorMessage']),
  };
}

function crawlOf(value: unknown): Crawl {
  const crawl = required(value);
  return {
    State: text(crawl['State']),
    StartedOn: seconds(crawl['StartedOn']),
    CompletedOn: seconds(crawl['CompletedOn']),
    ErrorMessage: anyText(crawl['ErrorMessage']),
  };
}

function triggerDetailsOf(details: Members | undefined): GraphNode['TriggerDetails'] {
  const trigger = object(details?.['Trigger']);
  if (trigger === undefined) return undefined;
  const predicate = object(trigger['Predicate']);
  return {
    Trigger: {
      Type: text(trigger['Type']),
      State: text(trigger['State']),
      Predicate: predicate && {
        Logical: text(predicate['Logical']),
        Conditions: list(predicate['Conditions'])?.map(conditionOf),
      },
    },
  };
}

function conditionOf(value: unknown): TriggerCondition {
  const condition = required(value);
  return {
    LogicalOperator: text(condition['LogicalOperator']),
    JobName: text(condition['JobName']),
    State: text(condition['State']),
    CrawlerName: text(condition['CrawlerName']),
    CrawlState: text(condition['CrawlState']),
  };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable();
}

function anyText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable();
}

function object(value: unknown): Members | undefined {
  if (value === undefined || value === null) return undefined;
  return required(value);
}

function required(value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new Unreadable();
}

/** Epoch seconds as Glue writes them; ISO 8601 as others do. What is neither counts as absent. */
function seconds(value: unknown): number | undefined {
  const read = typeof value === 'string' ? Date.parse(value) / 1000 : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}
