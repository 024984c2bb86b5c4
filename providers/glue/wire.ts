import { z } from 'zod';
import type { Acceptance, Target } from '../../src/driver.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { IdRule } from '../../src/types.js';
import { glueRequestIdOf } from './errors.js';

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
});

/** `ResumeWorkflowRun`. */
export function resumeInput({ workflow, execution }: Target, nodes: readonly string[]) {
  return { Name: workflow, RunId: execution, NodeIds: [...nodes] };
}

/** `GetWorkflowRun`, with the graph, which is left out unless it is asked for. */
export function graphInput(workflow: string, run: string) {
  return { Name: workflow, RunId: run, IncludeGraph: true };
}

/** `GetWorkflowRuns`, as many at a time as the model allows. */
export function listInput(workflow: string, token: string | undefined) {
  return {
    Name: workflow,
    MaxResults: 1000,
    IncludeGraph: false,
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

/** Epoch seconds as Glue writes them; ISO 8601 as others do. What is neither counts as absent. */
const timeSchema = z
  .union([z.number(), z.string().transform((text) => Date.parse(text) / 1000)])
  .optional()
  .catch(undefined)
  .transform((seconds) => (Number.isFinite(seconds) ? seconds : undefined));

const stateSchema = z.string().nullish();

const jobRunSchema = z.object({
  JobRunState: stateSchema,
  Attempt: z.number().optional().catch(undefined),
  StartedOn: timeSchema,
  CompletedOn: timeSchema,
});

const crawlSchema = z.object({ State: stateSchema, StartedOn: timeSchema, CompletedOn: timeSchema });

const conditionSchema = z.object({
  JobName: z.string().nullish(),
  State: stateSchema,
  CrawlerName: z.string().nullish(),
  CrawlState: stateSchema,
});

const triggerSchema = z.object({
  Predicate: z.object({ Conditions: z.array(conditionSchema).nullish() }).nullish(),
});

const nodeSchema = z.object({
  Type: z.string().nullish(),
  Name: z.string().nullish(),
  UniqueId: z.string().min(1),
  TriggerDetails: z.object({ Trigger: triggerSchema.nullish() }).nullish().catch(undefined),
  JobDetails: z.object({ JobRuns: z.array(jobRunSchema).nullish() }).nullish(),
  CrawlerDetails: z.object({ Crawls: z.array(crawlSchema).nullish() }).nullish(),
});

const edgeSchema = z.object({ SourceId: z.string().nullish(), DestinationId: z.string().nullish() });

const runSchema = z.object({
  WorkflowRunId: z.string().nullish(),
  Status: z.string().nullish(),
  ErrorMessage: z.string().nullish(),
  Graph: z.object({ Nodes: z.array(nodeSchema).nullish(), Edges: z.array(edgeSchema).nullish() }).nullish(),
});

const runAnswerSchema = z.object({ Run: runSchema });

const listedRunSchema = z.object({
  WorkflowRunId: z.string().nullish(),
  PreviousRunId: z.string().nullish(),
  StartedOn: timeSchema,
});

const listAnswerSchema = z.object({ Runs: z.array(listedRunSchema).nullish(), NextToken: z.string().nullish() });

/** A run as far as it matters for where it stopped. */
export type WorkflowRun = z.infer<typeof runSchema>;
export type GraphNode = z.infer<typeof nodeSchema>;

/** A run as a listing shows it, as far as it matters for whose child it is. */
export type ListedRun = z.infer<typeof listedRunSchema>;

/**
 * Reads the answer with a run.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it holds no run, or another one than asked.
 */
export function runOf(answer: HttpAnswer, id: string): WorkflowRun {
  const requestId = glueRequestIdOf(answer);
  const parsed = runAnswerSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body does not hold a readable run', requestId);
  const run = parsed.data.Run;
  if (typeof run.WorkflowRunId === 'string' && run.WorkflowRunId !== id) {
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
  if (run.Status === 'COMPLETED' && (run.Graph?.Nodes ?? undefined) === undefined) {
    throw unreadable(answer, 'its run comes without a graph', glueRequestIdOf(answer));
  }
  return run;
}

/**
 * Reads one page of a listing.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it is no page.
 */
export function pageOf(answer: HttpAnswer): { readonly runs: readonly ListedRun[]; readonly token?: string } {
  const parsed = listAnswerSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body does not hold readable runs', glueRequestIdOf(answer));
  const { Runs, NextToken } = parsed.data;
  const runs = Runs ?? [];
  return typeof NextToken === 'string' && NextToken !== '' ? { runs, token: NextToken } : { runs };
}
