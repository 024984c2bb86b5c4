import { expect, it } from 'vitest';
import type { GlueEdge, GlueNode } from '../providers/glue/emulator.js';
import { projectionOf } from '../providers/glue/projection.js';
import { readRun } from '../providers/glue/run-reader.js';

const NODES = 10_000;
const EDGES = 30_000;
const STARTED = 1_595_358_275.375;

const idOf = (place: number) => `wnode_${String(place % NODES).padStart(64, '0')}`;
const jobNameOf = (place: number) => `job-${place % NODES}`;

/** Jobs and triggers by turns, each trigger waiting for the three jobs before it; one job in a hundred failed. */
function nodeOf(place: number): GlueNode {
  if (place % 2 === 0) {
    const JobRunState = place % 200 === 0 ? 'FAILED' : 'SUCCEEDED';
    const times = { StartedOn: STARTED, LastModifiedOn: STARTED, CompletedOn: STARTED + 20 };
    const run = { Id: `jr_${idOf(place)}`, Attempt: 0, JobName: jobNameOf(place), JobRunState, ...times };
    const details = { ErrorMessage: 'none', PredecessorRuns: [], ExecutionTime: 20, Arguments: { '--day': '1' } };
    return {
      Type: 'JOB',
      Name: jobNameOf(place),
      UniqueId: idOf(place),
      JobDetails: { JobRuns: [{ ...run, ...details }] },
    };
  }
  const Conditions = [1, 3, 5].map((back) => {
    return { LogicalOperator: 'EQUALS', JobName: jobNameOf(place - back + NODES), State: 'SUCCEEDED' };
  });
  const Actions = [{ JobName: jobNameOf(place + 1) }];
  const Predicate = { Logical: place % 3 === 0 ? 'ANY' : 'AND', Conditions };
  const Trigger = { Name: `t${place}`, Type: 'CONDITIONAL', State: 'ACTIVATED', Actions, Predicate };
  return { Type: 'TRIGGER', Name: `t${place}`, UniqueId: idOf(place), TriggerDetails: { Trigger } };
}

function answer(): string {
  const Edges: GlueEdge[] = [];
  for (let place = 1; place < NODES; place += 2) {
    for (const back of [1, 3, 5]) {
      Edges.push({ SourceId: idOf(place - back + NODES), DestinationId: idOf(place) });
      Edges.push({ SourceId: idOf(place), DestinationId: idOf(place + back) });
    }
  }
  expect(Edges).toHaveLength(EDGES);
  const Nodes = Array.from({ length: NODES }, (_, place) => nodeOf(place));
  return JSON.stringify({ Run: { WorkflowRunId: 'wr_1', Status: 'COMPLETED', StartedOn: 1, Graph: { Nodes, Edges } } });
}

/** The least CPU time of some turns, in milliseconds: what else the machine does makes it only longer. */
function leastCpuMs(work: () => void): number {
  const turns = Array.from({ length: 8 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...turns);
}

it('a plan for 10,000 nodes and 30,000 edges takes at most four times the CPU of parsing its JSON', {
  timeout: 60_000,
}, () => {
  const text = answer();
  const parsed = JSON.parse(text) as { readonly Run: unknown };
  const target = { workflow: 'wf', execution: 'wr_1', action: 'resume' as const, nodes: [] };
  const parsingMs = leastCpuMs(() => JSON.parse(text));
  const readingMs = leastCpuMs(() => readRun(parsed.Run));
  const run = readRun(parsed.Run);
  if (run === undefined) throw new Error('the run is readable');
  const planningMs = leastCpuMs(() => projectionOf(run, [], target, {}));
  const { starts, mayRun, expected } = projectionOf(run, [], target, {});
  expect(starts.length).toBeGreaterThan(0);
  expect(mayRun.length).toBeGreaterThanOrEqual(expected.length);
  const figures = `${text.length} bytes: parsing ${parsingMs} ms, reading ${readingMs} ms, planning ${planningMs} ms`;
  if (process.env['GLUE_PLAN_FIGURES'] !== undefined) console.info(figures);
  expect(readingMs + planningMs, figures).toBeLessThan(4 * parsingMs);
});
