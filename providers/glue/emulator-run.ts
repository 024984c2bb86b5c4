import type { FiringRule } from './emulator-rules.js';
import type { GlueCrawl, GlueEdge, GlueJobRun, GlueNode } from './emulator-wire.js';

/** One attempt that the engine plays: everything about it is known when it is planned. */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  /** The attempt that Glue retried. */
  readonly previousId?: string | undefined;
  /** The trigger that started it; absent on a node that a resume selected. */
  readonly trigger?: string | undefined;
  readonly predecessors: readonly { readonly JobName: string; readonly RunId: string }[];
  readonly startedMs: number;
  readonly runningFromMs: number;
  readonly endsMs: number;
  readonly endState: string;
  readonly error?: string | undefined;
  /** Where the run was stopped in the middle of it. */
  readonly stoppingFromMs?: number | undefined;
}

/** A node in the graph of one run. */
export interface RunNode {
  /** As it came: without details, unless {@link RunNode.verbatim}. */
  wire: GlueNode;
  /** Shows, and counts, the details in `wire`: a given graph's, until the node runs. */
  verbatim: boolean;
  attempts: readonly Attempt[];
  /** Ran in this run; was copied from the run that was resumed; or may still run. */
  standing: 'own' | 'copied' | 'pending';
  /** Whether its end in this run has been looked at by the triggers. */
  settled: boolean;
}

/** One run of a workflow. */
export interface Run {
  readonly id: string;
  readonly workflow: string;
  /** The place among the workflow's runs, from 0. */
  readonly sequence: number;
  readonly previousId?: string | undefined;
  readonly startedMs: number;
  readonly visibleFromMs: number;
  readonly nodes: readonly RunNode[];
  readonly edges: readonly GlueEdge[];
  readonly rules: readonly FiringRule[];
  /** A given run may be without a graph altogether. */
  readonly hasGraph: boolean;
  properties: Readonly<Record<string, string>>;
  status: string;
  completedMs?: number | undefined;
  error?: string | undefined;
  /** When something happens in it next. */
  nextMs: number;
}

export function isRunnable({ wire: { Type, UniqueId } }: RunNode): boolean {
  return (Type === 'JOB' || Type === 'CRAWLER') && UniqueId !== undefined;
}

export function isAttempted(node: RunNode): boolean {
  return node.attempts.length > 0 || givenAttempts(node).length > 0;
}

/** When the engine is done with a node that ran in this run. */
export function endOf({ attempts }: RunNode): number {
  return attempts.at(-1)?.endsMs ?? Number.NEGATIVE_INFINITY;
}

/** The state of an attempt at a time. */
export function attemptState(type: string | undefined, attempt: Attempt, nowMs: number): string {
  if (nowMs >= attempt.endsMs) return attempt.endState;
  if (attempt.stoppingFromMs === undefined) return nowMs < attempt.runningFromMs ? 'STARTING' : 'RUNNING';
  return type === 'CRAWLER' ? 'CANCELLING' : 'STOPPING';
}

/** The state of the last attempt that has begun. */
export function stateOf(node: RunNode, nowMs: number): string | undefined {
  const begun = node.attempts.findLast(({ startedMs }) => startedMs <= nowMs);
  if (begun !== undefined) return attemptState(node.wire.Type, begun, nowMs);
  const last = givenAttempts(node).reduce<GlueJobRun | GlueCrawl | undefined>(
    (latest, next) => (latest === undefined || comesAfter(next, latest) ? next : latest),
    undefined,
  );
  const state = node.wire.Type === 'CRAWLER' ? last?.['State'] : last?.['JobRunState'];
  return typeof state === 'string' ? state : undefined;
}

function givenAttempts({ wire, verbatim }: RunNode): readonly (GlueJobRun | GlueCrawl)[] {
  if (!verbatim) return [];
  return (wire.Type === 'CRAWLER' ? wire.CrawlerDetails?.Crawls : wire.JobDetails?.JobRuns) ?? [];
}

/** No document orders the attempts of a node: time decides, then Glue's own count, then the list. */
function comesAfter(a: GlueJobRun | GlueCrawl, b: GlueJobRun | GlueCrawl): boolean {
  for (const member of ['StartedOn', 'Attempt', 'CompletedOn']) {
    const difference = numberOf(a[member]) - numberOf(b[member]);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
