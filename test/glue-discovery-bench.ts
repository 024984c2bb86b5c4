import { expect } from 'vitest';
import type { GivenRun, GlueEdge, GlueEmulator, GlueNode } from '../providers/glue/emulator.js';
import type { GlueOptions } from '../providers/glue/index.js';
import { connected, emulated } from './glue-connection.js';
import { rejected } from './rejected.js';

export const job = (id: string, ...runs: readonly object[]): GlueNode =>
  ({ Type: 'JOB', Name: id, UniqueId: id, JobDetails: { JobRuns: runs } }) as GlueNode;
export const crawler = (id: string, ...crawls: readonly object[]): GlueNode =>
  ({ Type: 'CRAWLER', Name: id, UniqueId: id, CrawlerDetails: { Crawls: crawls } }) as GlueNode;
export const ended = (state: string) => ({ JobRunState: state, Attempt: 0, StartedOn: 1, CompletedOn: 2 });
export const crawled = (state: string) => ({ State: state, StartedOn: 1, CompletedOn: 2 });
export const arrows = (...pairs: readonly (readonly [string, string])[]): GlueEdge[] =>
  pairs.map(([SourceId, DestinationId]) => ({ SourceId, DestinationId }));

/** What a resume without nodes sends for a run, or the error that it ends with. */
async function resumed(run: GivenRun, options: Partial<GlueOptions> = {}) {
  const emulator = await emulated();
  const execution = emulator.addRun('wf', run);
  const { endpoint, region, credentials } = emulator;
  const workflow = connected({ endpoint, region, credentials, ...options });
  return { emulator, call: workflow.resume({ workflow: 'wf', execution }) };
}

export async function nodesSent(
  nodes: readonly GlueNode[],
  edges: readonly GlueEdge[] = [],
  options?: Partial<GlueOptions>,
) {
  const { emulator, call } = await resumed({ graph: { Nodes: nodes, Edges: edges } }, options);
  await call;
  return sentBy(emulator);
}

function sentBy(emulator: GlueEmulator): unknown {
  const sent = emulator.journal.mutating.map(({ body }) => JSON.parse(body) as { NodeIds: unknown });
  expect(sent).toHaveLength(1);
  return sent[0]?.NodeIds;
}

export async function refused(run: GivenRun, options?: Partial<GlueOptions>) {
  const { emulator, call } = await resumed(run, options);
  const error = await rejected(call);
  expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
  expect(emulator.journal.entries.map(({ operation }) => operation)).toEqual(['GetWorkflowRun']);
  return error;
}

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
