import type { GlueContext } from './emulator-context.js';
import { runOf, workflowOf } from './emulator-context.js';
import { Refusal } from './emulator-error.js';
import { describeDesign, describeRun, seconds } from './emulator-graph.js';
import type { Input } from './emulator-input.js';
import { pageOf } from './emulator-paging.js';
import { resumeRun } from './emulator-resume.js';
import { startRun } from './emulator-start.js';
import { visibleRuns } from './emulator-store.js';

/** One operation of the service. */
export interface GlueOperation {
  readonly mutating: boolean;
  /** Answers it, or throws a {@link Refusal}. The model's constraints are checked first, then the workflow, then the run. */
  answer(input: Input, context: GlueContext, nowMs: number): object;
}

/** The operations that the emulator plays, by their name. */
export const OPERATIONS: ReadonlyMap<string, GlueOperation> = new Map<string, GlueOperation>([
  ['ResumeWorkflowRun', { mutating: true, answer: resume }],
  ['StartWorkflowRun', { mutating: true, answer: start }],
  ['StopWorkflowRun', { mutating: true, answer: stop }],
  ['PutWorkflowRunProperties', { mutating: true, answer: putProperties }],
  ['GetWorkflowRun', { mutating: false, answer: getRun }],
  ['GetWorkflowRuns', { mutating: false, answer: getRuns }],
  ['GetWorkflow', { mutating: false, answer: getWorkflow }],
  ['GetWorkflowRunProperties', { mutating: false, answer: getProperties }],
]);

function resume(input: Input, context: GlueContext, nowMs: number): object {
  const [name, id, nodes] = [input.name('Name'), input.name('RunId'), input.names('NodeIds')];
  const workflow = workflowOf(context, name);
  const { runId, nodeIds } = resumeRun(context, workflow, runOf(context, workflow, id), nodes, nowMs);
  return { RunId: runId, NodeIds: nodeIds };
}

function start(input: Input, context: GlueContext, nowMs: number): object {
  const [name, properties] = [input.name('Name'), input.map('RunProperties') ?? {}];
  return { RunId: startRun(context, workflowOf(context, name), properties, nowMs).id };
}

function stop(input: Input, context: GlueContext, nowMs: number): object {
  const run = addressed(input, context);
  // Inferred: only the error's name is documented.
  if (run.status !== 'RUNNING') {
    throw new Refusal('IllegalWorkflowStateException', `run ${run.id} is ${run.status}, not RUNNING`);
  }
  context.engine.stop(run, nowMs);
  return {};
}

function getRun(input: Input, context: GlueContext, nowMs: number): object {
  const includeGraph = input.flag('IncludeGraph');
  return { Run: describeRun(addressed(input, context), context.knobs, nowMs, includeGraph) };
}

function getRuns(input: Input, context: GlueContext, nowMs: number): object {
  const { knobs } = context;
  const [name, includeGraph] = [input.name('Name'), input.flag('IncludeGraph')];
  const [size, token] = [input.size('MaxResults'), input.text('NextToken')];
  const page = pageOf(name, visibleRuns(workflowOf(context, name), knobs, nowMs), size, token, knobs);
  return { Runs: page.runs.map((run) => describeRun(run, knobs, nowMs, includeGraph)), NextToken: page.token };
}

function getWorkflow(input: Input, context: GlueContext, nowMs: number): object {
  const { knobs } = context;
  const [name, includeGraph] = [input.name('Name'), input.flag('IncludeGraph')];
  const workflow = workflowOf(context, name);
  const last = visibleRuns(workflow, { ...knobs, runsOrder: 'newest-first' }, nowMs)[0];
  return {
    Workflow: {
      Name: name,
      DefaultRunProperties: workflow.properties,
      CreatedOn: seconds(workflow.createdMs),
      LastModifiedOn: seconds(workflow.modifiedMs),
      LastRun: last === undefined ? undefined : describeRun(last, knobs, nowMs, includeGraph),
      Graph: includeGraph ? describeDesign(workflow.design, knobs) : undefined,
      MaxConcurrentRuns: workflow.maxConcurrentRuns,
    },
  };
}

function getProperties(input: Input, context: GlueContext): object {
  return { RunProperties: addressed(input, context).properties };
}

/** A property that exists is overwritten, another one is added. */
function putProperties(input: Input, context: GlueContext): object {
  const properties = input.map('RunProperties');
  if (properties === undefined) throw new Refusal('ValidationException', 'RunProperties is required');
  const run = addressed(input, context);
  run.properties = { ...run.properties, ...properties };
  return {};
}

function addressed(input: Input, context: GlueContext) {
  const [name, id] = [input.name('Name'), input.name('RunId')];
  return runOf(context, workflowOf(context, name), id);
}
