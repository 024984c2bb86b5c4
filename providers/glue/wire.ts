import { z } from 'zod';
import type { Acceptance, Target } from '../../src/driver.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { IdRule } from '../../src/types.js';
import { glueRequestIdOf } from './errors.js';
import type { WorkflowRun } from './run-reader.js';
import { readPage, readRun } from './run-reader.js';

export type { GraphNode, ListedRun, WorkflowRun } from './run-reader.js';

/** Names, run ids and node ids alike. @see Glue's service model, NameString and IdString */
export const ID_RULE: IdRule = {
  maxLength: 255,
  pattern: /^[\t\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u,
  rule: 'be one line, without control characters other than tab',
};

/** @see ResumeWorkflowRun, "Response Elements": both are optional in the model */
const resumedSchema = z.object({
  RunId: z
    .string()
    .max(ID_RULE.maxLength)
    .refine((id) => ID_RULE.pattern.test(id)),
  NodeIds: z.array(z.string()).optional().catch(undefined),
  /** The name of an error, where it is one. */
  __type: z.undefined().optional(),
});

/** `ResumeWorkflowRun`. */
export function resumeInput({ workflow, execution }: Target, nodes: readonly string[]) {
  return { Name: workflow, RunId: execution, NodeIds: [...nodes] };
}

/** `GetWorkflowRun`, with the graph, which is left out unless it is asked for. */
export function graphInput(workflow: string, run: string) {
  return { Name: workflow, RunId: run, IncludeGraph: true };
}

/** As many runs at a time as the model allows. */
const RUNS_PER_PAGE = 1_000;
/** A graph takes up to a few megabytes, and all of a page's must fit into what is read of one answer: 64 MiB. */
const GRAPHS_PER_PAGE = 25;

/** `GetWorkflowRuns`, by default without the graphs. */
export function listInput(workflow: string, token: string | undefined, graphs = false) {
  return {
    Name: workflow,
    MaxResults: graphs ? GRAPHS_PER_PAGE : RUNS_PER_PAGE,
    IncludeGraph: graphs,
    ...(token === undefined ? {} : { NextToken: token }),
  };
}

/**
 * Reads the answer that accepts.
 *
 * @throws {DriverFailure} INTERNAL (unknown) it does not name a new run.
 */
export function acceptanceOf(answer: HttpAnswer, { execution }: Target, asked: readonly string[]): Acceptance {
  const requestId = glueRequestIdOf(answer);
  const resumed = resumedSchema.safeParse(jsonOf(answer));
  if (!resumed.success) throw unreadable(answer, 'its body does not name the run that was started', requestId);
  const { RunId, NodeIds } = resumed.data;
  if (RunId === execution) {
    throw unreadable(answer, 'it names the run that was to be resumed, although each resume has a new id', requestId);
  }
  return {
    execution: RunId,
    nodes: NodeIds ?? asked,
    nodesBasis: NodeIds === undefined ? 'expected' : 'reported',
    requestId,
  };
}

/**
 * Reads the answer with a run.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it holds no run, or another one than asked.
 */
export function runOf(answer: HttpAnswer, id: string): WorkflowRun {
  const requestId = glueRequestIdOf(answer);
  const run = readRun((jsonOf(answer) as { readonly Run?: unknown } | null | undefined)?.Run);
  if (run === undefined) throw unreadable(answer, 'its body does not hold a readable run', requestId);
  if (run.WorkflowRunId !== undefined && run.WorkflowRunId !== id) {
    throw unreadable(answer, `it is about another run, ${JSON.stringify(run.WorkflowRunId)}`, requestId);
  }
  return run;
}

/**
 * Reads the answer with a run that is to be resumed.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) as {@link runOf}, or it ended and comes without a graph.
 */
export function resumableRunOf(answer: HttpAnswer, { execution }: Target): WorkflowRun {
  const run = runOf(answer, execution);
  if (run.Status === 'COMPLETED' && run.Graph?.Nodes === undefined) {
    throw unreadable(answer, 'its run comes without a graph', glueRequestIdOf(answer));
  }
  return run;
}

/**
 * Reads one page of a listing.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it is no page.
 */
export function pageOf(answer: HttpAnswer): { readonly runs: readonly WorkflowRun[]; readonly token?: string } {
  const page = readPage(jsonOf(answer));
  if (page === undefined) throw unreadable(answer, 'its body does not hold readable runs', glueRequestIdOf(answer));
  const { runs, token = '' } = page;
  return token === '' ? { runs } : { runs, token };
}
