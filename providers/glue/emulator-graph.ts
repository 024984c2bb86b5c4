import type { GlueKnobs } from './emulator-knobs.js';
import type { Attempt, Run, RunNode } from './emulator-run.js';
import { attemptState } from './emulator-run.js';
import { statisticsOf } from './emulator-statistics.js';
import type { GlueCrawl, GlueGraph, GlueJobRun, GlueNode, GlueWorkflowRun } from './emulator-wire.js';

/** A run as GetWorkflowRun answers it at a time. */
export function describeRun(run: Run, knobs: GlueKnobs, nowMs: number, includeGraph: boolean): GlueWorkflowRun {
  return {
    Name: run.workflow,
    WorkflowRunId: run.id,
    PreviousRunId: run.previousId,
    WorkflowRunProperties: run.properties,
    StartedOn: seconds(run.startedMs),
    CompletedOn: run.completedMs === undefined ? undefined : seconds(run.completedMs),
    Status: run.status,
    ErrorMessage: run.error,
    Statistics: statisticsOf(run, knobs, nowMs),
    Graph: includeGraph && run.hasGraph ? graphOf(run, knobs, nowMs) : undefined,
  };
}

/** A workflow's graph: its nodes show what they show in a run before they run (inferred from a recorded one). */
export function describeDesign({ Nodes = [], Edges = [] }: GlueGraph, { neverRun }: GlueKnobs): GlueGraph {
  return { Nodes: Nodes.map((wire) => ({ ...wire, ...details(wire, [], neverRun) })), Edges };
}

/** Times are epoch seconds with a fraction. */
export function seconds(epochMs: number): number {
  return epochMs / 1000;
}

function graphOf({ nodes, edges }: Run, { neverRun }: GlueKnobs, nowMs: number): GlueGraph {
  return { Nodes: nodes.map((node) => describeNode(node, neverRun, nowMs)), Edges: edges };
}

function describeNode(node: RunNode, neverRun: GlueKnobs['neverRun'], nowMs: number): GlueNode {
  const { wire, verbatim, attempts } = node;
  if (verbatim) return wire;
  const begun = attempts.filter(({ startedMs }) => startedMs <= nowMs);
  const shown = begun.map((attempt) =>
    wire.Type === 'CRAWLER' ? crawlOf(attempt, nowMs) : jobRunOf(wire.Name, attempt, nowMs),
  );
  return { ...wire, ...details(wire, shown, neverRun) };
}

function details({ Type }: GlueNode, shown: readonly (GlueJobRun | GlueCrawl)[], neverRun: GlueKnobs['neverRun']) {
  if (Type !== 'JOB' && Type !== 'CRAWLER') return {};
  const list = Type === 'JOB' ? 'JobRuns' : 'Crawls';
  const member = Type === 'JOB' ? 'JobDetails' : 'CrawlerDetails';
  if (shown.length > 0) return { [member]: { [list]: shown } };
  switch (neverRun) {
    case 'empty':
      return { [member]: {} };
    case 'absent':
      return {};
    case 'null':
      return { [member]: null };
    case 'empty-list':
      return { [member]: { [list]: [] } };
  }
}

function jobRunOf(name: string | undefined, attempt: Attempt, nowMs: number): GlueJobRun {
  const { endsMs, startedMs, stoppingFromMs } = attempt;
  const ended = nowMs >= endsMs;
  return {
    Id: attempt.id,
    Attempt: attempt.number,
    PreviousRunId: attempt.previousId,
    TriggerName: attempt.trigger,
    JobName: name,
    StartedOn: seconds(startedMs),
    LastModifiedOn: seconds(ended ? endsMs : (stoppingFromMs ?? startedMs)),
    CompletedOn: ended ? seconds(endsMs) : undefined,
    JobRunState: attemptState('JOB', attempt, nowMs),
    ErrorMessage: ended ? attempt.error : undefined,
    PredecessorRuns: attempt.predecessors,
    ExecutionTime: Math.floor((Math.min(nowMs, endsMs) - startedMs) / 1000),
  };
}

function crawlOf(attempt: Attempt, nowMs: number): GlueCrawl {
  const ended = nowMs >= attempt.endsMs;
  return {
    State: attemptState('CRAWLER', attempt, nowMs),
    StartedOn: seconds(attempt.startedMs),
    CompletedOn: ended ? seconds(attempt.endsMs) : undefined,
    ErrorMessage: ended ? attempt.error : undefined,
    LogGroup: '/aws-glue/crawlers',
    LogStream: attempt.id,
  };
}
