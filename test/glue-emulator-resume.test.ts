import { StopWorkflowRunCommand } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { boot, NOW, startedOf } from './glue-emulator-resume-bench.js';

describe('the documented rules of a resume', () => {
  it('takes only a COMPLETED run (1); how it refuses is a knob (K1)', async () => {
    const { emulator, client, resume, read, old, failed } = await boot();
    const { run } = await resume(old, failed);
    await expect(resume(run, failed)).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
    await client.send(new StopWorkflowRunCommand({ Name: emulator.sample.workflow, RunId: run }));
    await expect(resume(run, failed)).rejects.toThrow(/is STOPPING/);
    emulator.settle();
    expect((await read(run)).Status).toBe('STOPPED');
    emulator.knobs.notCompleted = 'InvalidInputException';
    await expect(resume(run, failed)).rejects.toMatchObject({ name: 'InvalidInputException' });
    expect(emulator.runs(emulator.sample.workflow)).toHaveLength(2);
  });

  it('takes a run in which everything succeeded, and any node that was attempted (2, 3)', async () => {
    const { emulator, resume, read, old, failed, id } = await boot();
    const { run } = await resume(old, failed);
    emulator.settle();
    const again = await resume(run, [id('catalogue')]);
    expect(again.nodes).toEqual([id('catalogue')]);
    emulator.settle();
    const { byName } = await read(again.run);
    expect(startedOf(byName.get('catalogue'))).toEqual([NOW + 7000]);
    expect(startedOf(byName.get('load'))).toEqual([NOW + 2000]);
  });

  it('runs the selected nodes and all that lies downstream of them (4)', async () => {
    const { emulator, resume, read, old, id } = await boot();
    const { run } = await resume(old, [id('extract')]);
    emulator.settle();
    const { byName, Statistics } = await read(run);
    const started = ['extract', 'transform', 'check', 'load', 'catalogue'].map((name) => startedOf(byName.get(name)));
    expect(started).toEqual([[NOW], [NOW + 2000], [NOW - 3_600_000], [NOW + 4000], [NOW + 6000]]);
    expect(Statistics).toMatchObject({ TotalActions: 8, SucceededActions: 8 });
  });

  it('makes a new run that names the one it resumed, and leaves that one as it was (5)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    const before = await read(old);
    const { run } = await resume(old, failed);
    expect(run).not.toBe(old);
    expect(await read(run)).toMatchObject({ WorkflowRunId: run, PreviousRunId: old, Status: 'RUNNING' });
    emulator.settle();
    expect(await read(old)).toEqual(before);
    expect(before).not.toHaveProperty('PreviousRunId');
  });

  it('has a complete graph with the details of what it did not run (6)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    const before = await read(old);
    const { run } = await resume(old, failed);
    const during = await read(run);
    emulator.settle();
    const after = await read(run);
    for (const { Graph, byName } of [during, after]) {
      expect(Graph?.Edges).toEqual(before.Graph?.Edges);
      expect([...byName.keys()]).toEqual([...before.byName.keys()]);
      for (const name of ['extract', 'check', 'every-night']) expect(byName.get(name)).toEqual(before.byName.get(name));
    }
    expect(startedOf(after.byName.get('transform'))).toEqual([NOW]);
    expect(after.byName.get('transform')?.JobDetails?.JobRuns?.[0]).not.toHaveProperty('TriggerName');
  });

  it('resumes the same run several times, and a resumed run that failed again (8)', async () => {
    const { emulator, resume, read, old, failed } = await boot();
    emulator.script(emulator.sample.workflow, 'transform', ['TIMEOUT', 'FAILED', 'SUCCEEDED']);
    const first = await resume(old, failed);
    const second = await resume(old, failed);
    expect(first.run).not.toBe(second.run);
    emulator.settle();
    const timedOut = await read(first.run);
    expect(timedOut).toMatchObject({ Status: 'COMPLETED', Statistics: { TimeoutActions: 1, SucceededActions: 4 } });
    expect(timedOut.byName.get('load')?.JobDetails).toEqual({});
    const third = await resume(first.run, failed);
    emulator.settle();
    expect(await read(third.run)).toMatchObject({ PreviousRunId: first.run, Statistics: { SucceededActions: 8 } });
    expect(await read(second.run)).toMatchObject({ PreviousRunId: old, Statistics: { FailedActions: 1 } });
  });

  it('starts only the upstream one of two nodes, and says so (9, 10)', async () => {
    const { emulator, resume, read, old, id } = await boot();
    const { run, nodes } = await resume(old, [id('transform'), id('extract'), id('check'), id('extract')]);
    expect(nodes).toEqual([id('extract'), id('check')]);
    const { byName } = await read(run);
    expect(startedOf(byName.get('extract'))).toEqual([NOW]);
    expect(startedOf(byName.get('transform'))).toEqual([]);
    emulator.settle();
    expect((await read(run)).Statistics).toMatchObject({ TotalActions: 8, SucceededActions: 8 });
  });

  it('keeps one of two nodes that lead to each other', async () => {
    const emulator = new GlueEmulator();
    const ids = ['wnode_a', 'wnode_b', 'wnode_c'];
    const run = emulator.addRun('ring', {
      graph: {
        Nodes: ids.map((UniqueId) => ({
          Type: 'JOB',
          Name: 'same',
          UniqueId,
          JobDetails: { JobRuns: [{ JobRunState: 'FAILED' }] },
        })),
        Edges: [
          { SourceId: 'wnode_a', DestinationId: 'wnode_b' },
          { SourceId: 'wnode_b', DestinationId: 'wnode_a' },
          { SourceId: 'wnode_b', DestinationId: 'wnode_c' },
          { SourceId: 'wnode_nowhere', DestinationId: 'wnode_a' },
        ],
      },
    });
    const { runId, nodeIds } = emulator.foreignResume('ring', run, ['wnode_c', 'wnode_b', 'wnode_a']);
    expect(nodeIds).toEqual(['wnode_a']);
    emulator.settle();
    const resumed = emulator.runs('ring').find(({ WorkflowRunId }) => WorkflowRunId === runId);
    expect(resumed).toMatchObject({ Status: 'COMPLETED', Statistics: { SucceededActions: 3, TotalActions: 3 } });
  });

  it('leaves nothing behind when a stranger resumes, but the run', async () => {
    const { emulator, read, old, failed } = await boot();
    const { runId, nodeIds } = emulator.foreignResume(emulator.sample.workflow, old, failed);
    expect(nodeIds).toEqual(failed);
    expect(emulator.journal.entries).toEqual([]);
    expect(await read(runId)).toMatchObject({ PreviousRunId: old, Status: 'RUNNING' });
  });
});

describe('the refused selections', () => {
  it.each([
    ['a trigger', 'extracted', /neither a job nor a crawler/],
    ['a node that was never attempted', 'load', /not attempted/],
    ['no node at all', undefined, /no node is selected/],
  ])('refuses %s (K3)', async (_what, name, problem) => {
    const { emulator, resume, read, old } = await boot();
    const { byName } = await read(old);
    const nodes = name === undefined ? [] : [byName.get(name)?.UniqueId ?? ''];
    await expect(resume(old, nodes)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringMatching(problem),
    });
    emulator.knobs.unselectable = 'IllegalWorkflowStateException';
    await expect(resume(old, nodes)).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
    expect(emulator.runs(emulator.sample.workflow)).toHaveLength(1);
  });

  it('refuses a node that is not in the graph, the valid ones beside it notwithstanding (K4)', async () => {
    const { emulator, resume, old, failed } = await boot();
    await expect(resume(old, [...failed, 'wnode_0'])).rejects.toMatchObject({
      name: 'EntityNotFoundException',
      message: expect.stringMatching(/: wnode_0$/),
    });
    emulator.knobs.unknownNode = 'InvalidInputException';
    await expect(resume(old, ['wnode_0'])).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('looks at the state of the run before it looks at the nodes', async () => {
    const { resume, old, failed } = await boot();
    const { run } = await resume(old, failed);
    await expect(resume(run, ['wnode_0'])).rejects.toMatchObject({ name: 'IllegalWorkflowStateException' });
  });
});
