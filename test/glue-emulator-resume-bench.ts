import type { Node } from '@aws-sdk/client-glue';
import { GetWorkflowRunCommand, GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import { onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

export const NOW = Date.UTC(2026, 2, 4);

export async function boot(knobs: GlueEmulatorOptions['knobs'] = {}) {
  const clock = new VirtualClock(NOW);
  const options = { clock, knobs: { maxSkewMs: Number.POSITIVE_INFINITY, ...knobs } };
  const emulator = await new GlueEmulator(options).start();
  const { endpoint, region, credentials, sample } = emulator;
  const client = new GlueClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await emulator.close();
  });
  const id = (name: string) => emulator.nodeId(sample.workflow, name);
  const resume = async (RunId: string, NodeIds: readonly string[]) => {
    const command = new ResumeWorkflowRunCommand({ Name: sample.workflow, RunId, NodeIds: [...NodeIds] });
    const { RunId: run = '', NodeIds: nodes } = await client.send(command);
    return { run, nodes };
  };
  const read = async (RunId: string) => {
    const command = new GetWorkflowRunCommand({ Name: sample.workflow, RunId, IncludeGraph: true });
    const { Run } = await client.send(command);
    return { ...Run, byName: new Map(Run?.Graph?.Nodes?.map((node) => [node.Name, node])) };
  };
  return { emulator, client, clock, id, resume, read, old: sample.execution, failed: sample.nodes };
}

export function startedOf(node: Node | undefined): (number | undefined)[] {
  const attempts = [...(node?.JobDetails?.JobRuns ?? []), ...(node?.CrawlerDetails?.Crawls ?? [])];
  return attempts.map(({ StartedOn }) => StartedOn?.getTime());
}
