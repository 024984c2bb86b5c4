import { describe, expect, it } from 'vitest';
import type { GlueNode } from '../providers/glue/emulator.js';
import { answering, connected, emulated } from './glue-connection.js';
import { arrows, crawled, crawler, ended, job, KEYS, nodesSent } from './glue-discovery-bench.js';
import { rejected } from './rejected.js';

describe('a resumed run that is resumed again', () => {
  it.each(['selectable', 'not-selectable'] as const)('names what failed in the run before it: %s', async (copied) => {
    const emulator = await emulated({ knobs: { copiedAttempts: copied } });
    emulator.define({ name: 'two', nodes: ['a', 'b'], triggers: [{ name: 'go', start: ['a', 'b'] }] });
    for (const node of ['a', 'b']) emulator.script('two', node, ['FAILED', 'SUCCEEDED']);
    const first = emulator.startRun('two');
    emulator.settle();
    const [a, b] = [emulator.nodeId('two', 'a'), emulator.nodeId('two', 'b')];
    const { endpoint, region, credentials } = emulator;
    const workflow = connected({ endpoint, region, credentials });
    const { execution } = await workflow.resume({ workflow: 'two', execution: first, nodes: [a] });
    const early = await rejected(workflow.resume({ workflow: 'two', execution }));
    expect(early.message).toContain('RUNNING');
    emulator.settle();
    const again = workflow.resume({ workflow: 'two', execution });
    if (copied === 'selectable') expect(await again).toMatchObject({ nodes: [b], attempts: 1 });
    else expect(await rejected(again)).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 1 });
  });
});

describe('a failure that the workflow has dealt with', () => {
  const trigger = (state: string, of = 'a'): GlueNode => ({
    Type: 'TRIGGER',
    Name: 'on-failure',
    UniqueId: 't',
    TriggerDetails: {
      Trigger: { Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', JobName: of, State: state }] } },
    },
  });
  const other = job('other', ended('FAILED'));
  const edges = arrows(['a', 't'], ['t', 'handler']);
  const handled = [job('a', ended('FAILED')), trigger('FAILED'), job('handler', ended('SUCCEEDED')), other];

  it('is restarted by default and left where handledFailures says so', async () => {
    expect(await nodesSent(handled, edges)).toEqual(['a', 'other']);
    expect(await nodesSent(handled, edges, { handledFailures: 'leave' })).toEqual(['other']);
  });

  it.each([
    [
      'the trigger waited for another state',
      [job('a', ended('TIMEOUT')), trigger('FAILED'), job('handler', ended('SUCCEEDED'))],
    ],
    [
      'the trigger waited for another job',
      [job('a', ended('FAILED')), trigger('FAILED', 'b'), job('handler', ended('SUCCEEDED'))],
    ],
    ['nothing came of the trigger', [job('a', ended('FAILED')), trigger('FAILED'), job('handler')]],
  ])('is none where %s', async (_why, nodes) => {
    expect(await nodesSent(nodes, edges, { handledFailures: 'leave' })).toEqual(['a']);
  });

  it('can be a crawler’s', async () => {
    const Conditions = [{ CrawlerName: 'a', CrawlState: 'CANCELLED' }];
    const waiting: GlueNode = { ...trigger(''), TriggerDetails: { Trigger: { Predicate: { Conditions } } } };
    const nodes = [crawler('a', crawled('CANCELLED')), waiting, job('handler', ended('SUCCEEDED')), other];
    expect(await nodesSent(nodes, edges, { handledFailures: 'leave' })).toEqual(['other']);
  });
});

describe('an answer that does not hold the run', () => {
  it.each([
    ['nothing', '', 'readable run'],
    ['no run', '{}', 'readable run'],
    ['another run', '{"Run":{"WorkflowRunId":"wr_other","Status":"COMPLETED"}}', 'another run, "wr_other"'],
    ['no graph', '{"Run":{"Status":"COMPLETED"}}', 'without a graph'],
    ['a node without an id', '{"Run":{"Status":"COMPLETED","Graph":{"Nodes":[{"Type":"JOB"}]}}}', 'readable run'],
  ])('but %s is INTERNAL and resumes nothing', async (_what, body, why) => {
    const { endpoint, requests } = await answering(200, { 'x-amzn-RequestId': 'req-1' }, body);
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    const error = await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0, httpStatus: 200, requestId: 'req-1' });
    expect(error.message).toContain(why);
    expect(requests.map(({ target }) => target)).toEqual(['AWSGlue.GetWorkflowRun']);
  });

  it('lets an error of the read have no effect, a 500 too', async () => {
    const { endpoint, requests } = await answering(500, {}, '{"__type":"InternalServiceException"}');
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    const error = await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0, httpStatus: 500 });
    expect(requests).toHaveLength(1);
  });

  it('is read whole up to 64 MiB: 10,000 nodes and 30,000 edges take less than a second', async () => {
    const size = 10_000;
    const Nodes = Array.from({ length: size }, (_, index) =>
      job(`n${index}`, { ...ended('FAILED'), Pad: 'x'.repeat(200) }),
    );
    const Edges = Array.from({ length: 3 * size }, (_, index) => {
      const to = 1 + (index % (size - 1));
      return { SourceId: `n${index < size ? to - 1 : (index * 7919) % to}`, DestinationId: `n${to}` };
    });
    const body = JSON.stringify({ Run: { Status: 'COMPLETED', Graph: { Nodes, Edges } }, RunId: 'wr_2' });
    const { endpoint, requests } = await answering(200, {}, body);
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials: KEYS });
    await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_0', nodes: ['warm-up'] }));
    requests.length = 0;
    const startedMs = performance.now();
    // The same answer, over 1 MiB, is too large for a receipt: what was sent is what is looked at.
    await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1' }));
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(requests.map(({ body: sent }) => JSON.parse(sent) as unknown)).toMatchObject([
      { IncludeGraph: true },
      { NodeIds: ['n0'] },
    ]);
  });
});
