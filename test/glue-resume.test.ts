import { describe, expect, expectTypeOf, it } from 'vitest';
import { GlueDriver } from '../providers/glue/driver.js';
import type { GlueOptions } from '../providers/glue/index.js';
import { createGlueWorkflow, registerGlue } from '../providers/glue/index.js';
import { createRegistry } from '../src/registry.js';
import type { ResumableWorkflow } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { answering, connected, eagerClient, emulated, environment, KINDS } from './glue-connection.js';
import { rejected } from './rejected.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' };
const target = { workflow: 'wf', execution: 'wr_1', nodes: ['wnode_1'] };

describe.each(KINDS)('over %s', (_kind, connect) => {
  it('named nodes are sent as they are, in one signed request and without a read', async () => {
    const emulator = await emulated();
    const { workflow, execution, nodes } = emulator.sample;
    const receipt = await connect(emulator).resume({ workflow, execution, nodes: [...nodes, ...nodes] });
    expect(emulator.journal.entries.map(({ operation, committed }) => [operation, committed])).toEqual([
      ['ResumeWorkflowRun', true],
    ]);
    const [sent] = emulator.journal.entries;
    expect(sent).toMatchObject({ method: 'POST', target: '/' });
    expect(sent?.headers).toMatchObject({
      'x-amz-target': 'AWSGlue.ResumeWorkflowRun',
      'content-type': 'application/x-amz-json-1.1',
    });
    expect(sent?.body).toBe(JSON.stringify({ Name: workflow, RunId: execution, NodeIds: nodes }));
    const [, resumed] = emulator.runs(workflow);
    expect(receipt).toMatchObject({
      provider: 'glue',
      connection: 'glue-eu',
      previousExecution: execution,
      execution: resumed?.WorkflowRunId,
      sameExecution: false,
      performed: 'resume',
      nodes,
      nodesBasis: 'reported',
      confirmedBy: 'answer',
      attempts: 1,
      warnings: [],
    });
    expect(receipt.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a restart runs nodes again that succeeded', async () => {
    const emulator = await emulated();
    const { workflow, execution } = emulator.sample;
    const nodes = [emulator.nodeId(workflow, 'extract')];
    const receipt = await connect(emulator).resume({ workflow, execution, action: 'restart', nodes });
    expect(receipt).toMatchObject({ action: 'restart', performed: 'restart', nodes });
    expect(emulator.journal.entries).toHaveLength(1);
  });

  it('a node that Glue restarts only as a consequence of another shows as a warning', async () => {
    const emulator = await emulated();
    const { workflow, execution } = emulator.sample;
    const [extract, transform] = ['extract', 'transform'].map((node) => emulator.nodeId(workflow, node));
    const nodes = [transform ?? '', extract ?? ''];
    const receipt = await connect(emulator).resume({ workflow, execution, nodes });
    expect(receipt.nodes).toEqual([extract]);
    expect(receipt.warnings).toEqual([`asked for but not restarted by itself: ${transform}`]);
  });

  it('the read and the resume of a call without nodes both get through', async () => {
    const emulator = await emulated();
    const { workflow, execution, nodes } = emulator.sample;
    const receipt = await connect(emulator).resume({ workflow, execution });
    expect(receipt).toMatchObject({ nodes, attempts: 1 });
    expect(emulator.journal.entries.map(({ operation }) => operation)).toEqual(['GetWorkflowRun', 'ResumeWorkflowRun']);
  });
});

describe('an answer whose nodes cannot be read', () => {
  it.each([
    ['left out', '{"RunId":"wr_2"}'],
    ['null', '{"RunId":"wr_2","NodeIds":null}'],
    ['no list', '{"RunId":"wr_2","NodeIds":"wnode_9"}'],
    ['no strings', '{"RunId":"wr_2","NodeIds":["wnode_1",5]}'],
  ])('because they are %s is accepted: those that were asked for are expected', async (_what, body) => {
    const { endpoint } = await answering(200, { 'x-amzn-RequestId': 'req-1' }, body);
    const receipt = await connected({ endpoint, region: 'eu-west-1', credentials }).resume(target);
    expect(receipt).toMatchObject({
      execution: 'wr_2',
      nodes: ['wnode_1'],
      nodesBasis: 'expected',
      requestId: 'req-1',
      warnings: [],
    });
  });

  it('is another thing than one that reports no node at all', async () => {
    const { endpoint } = await answering(200, {}, '{"RunId":"wr_2","NodeIds":[]}');
    const receipt = await connected({ endpoint, region: 'eu-west-1', credentials }).resume(target);
    expect(receipt).toMatchObject({ nodes: [], nodesBasis: 'reported' });
    expect(receipt.warnings).toEqual(['asked for but not restarted by itself: wnode_1']);
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    ['workflow', { ...target, workflow: '' }],
    ['workflow', { ...target, workflow: 'two\nlines' }],
    ['execution', { ...target, execution: 'x'.repeat(256) }],
    ['execution', { ...target, execution: 'a\rb' }],
    ['nodes[1]', { ...target, nodes: ['wnode_1', 'bell\u0007'] }],
    ['nodes', { workflow: 'wf', execution: 'wr_1', action: 'restart' as const }],
    ['nodes', { workflow: 'wf', execution: 'wr_1', action: 'restart' as const, nodes: [] }],
  ])('%s by the rules of Glue’s model', async (field, request) => {
    const emulator = await emulated();
    const { endpoint, region } = emulator;
    const error = await rejected(connected({ endpoint, region, credentials }).resume(request));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 0 });
    expect(error.problems.map((problem) => problem.field)).toEqual([field]);
    expect(emulator.connections).toBe(0);
  });

  it('takes every other character, a tab and those beyond the basic plane too', async () => {
    const { endpoint, requests } = await answering(200, {}, '{"RunId":"wr_2"}');
    const workflow = connected({ endpoint, region: 'eu-west-1', credentials });
    const odd = { workflow: 'a\tb c/ä%?#', execution: '💡', nodes: ['..', 'wnode 1'] };
    await workflow.resume(odd);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ Name: odd.workflow, RunId: '💡', NodeIds: odd.nodes });
  });

  it.each(['skip', 'continue'])('%s, which Glue does not have', async (action) => {
    const wide: ResumableWorkflow = connected({ region: 'eu-west-1', credentials }) as ResumableWorkflow;
    const error = await rejected(wide.resume({ ...target, action: action as 'skip' }));
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none', attempts: 0 });
  });
});

describe('the types', () => {
  it('offer resume and restart only, and fit where any workflow is wanted', () => {
    const narrow = createGlueWorkflow({ name: 'glue-eu', region: 'eu-west-1', credentials });
    expectTypeOf(narrow).toEqualTypeOf<ResumableWorkflow<'resume' | 'restart'>>();
    expectTypeOf(narrow).toExtend<ResumableWorkflow>();
    const compiled = (): unknown[] => [
      narrow.resume({ ...target, action: 'restart' }),
      // @ts-expect-error Glue cannot skip a node.
      narrow.resume({ ...target, action: 'skip' }),
      // @ts-expect-error Glue cannot continue a paused run.
      narrow.resume({ ...target, action: 'continue' }),
    ];
    expect(compiled).toBeTypeOf('function');
    return narrow.close();
  });

  it('are kept by the key that a registration returns', async () => {
    const emulator = await emulated();
    const { endpoint, region } = emulator;
    const workflows = createRegistry();
    const key = registerGlue(workflows, { name: 'glue-eu', endpoint, region, credentials: emulator.credentials });
    expectTypeOf(workflows.get(key)).toEqualTypeOf<ResumableWorkflow<'resume' | 'restart'>>();
    expect(await workflows.get('glue-eu').resume(emulator.sample)).toMatchObject({ connection: 'glue-eu' });
    await workflows.close();
  });
});

describe('a registration', () => {
  it('refuses bad options at once, all of them', () => {
    const workflows = createRegistry();
    const options = { name: 'glue-eu', region: 'no region', timeout: 3, stoppedNodes: 'skip' } as unknown;
    const register = (): unknown => registerGlue(workflows, options as GlueOptions);
    expect(register).toThrow(
      /region must be a region.*stoppedNodes must be one of restart, leave.*timeout is not known/,
    );
    expect(workflows.names).toEqual([]);
  });
});

describe('the AWS SDK', () => {
  it('that cannot be loaded fails the call, not the process', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const driver = new GlueDriver({ name: 'glue-eu' }, () => Promise.reject(new Error('cannot find it')));
    const workflow = createWorkflow('glue-eu', driver);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    const error = await rejected(workflow.resume(target));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', attempts: 0 });
    expect(error.message).toContain('cannot find it');
    await workflow.close();
  });

  it('finds an endpoint in AWS_ENDPOINT_URL_GLUE and a region in AWS_REGION', async () => {
    const emulator = await emulated();
    environment({ AWS_ENDPOINT_URL_GLUE: emulator.endpoint, AWS_REGION: emulator.region });
    const receipt = await connected({ credentials: emulator.credentials }).resume(emulator.sample);
    expect(receipt.attempts).toBe(1);
  });

  it('may find an endpoint with a path', async () => {
    const { endpoint, requests } = await answering(200, {}, '{"RunId":"wr_2"}');
    environment({ AWS_ENDPOINT_URL_GLUE: `${endpoint}/behind/` });
    await connected({ region: 'eu-west-1', credentials }).resume(target);
    expect(requests.map(({ path }) => path)).toEqual(['/behind/']);
  });

  it('that finds plain http to another machine is not followed, unless that is allowed', async () => {
    environment({ AWS_ENDPOINT_URL_GLUE: 'http://glue.invalid' });
    const error = await rejected(connected({ region: 'eu-west-1', credentials }).resume(target));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 0 });
    expect(error.message).toContain('set allowInsecureEndpoint');
    const allowed = connected({ region: 'eu-west-1', credentials, allowInsecureEndpoint: true });
    expect(await rejected(allowed.resume(target))).toMatchObject({ code: 'UNAVAILABLE', effect: 'none' });
  });
});

describe('a client that was handed in', () => {
  it('stays open when the connection is closed', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials: keys } = emulator;
    const client = eagerClient({ endpoint, region, credentials: keys });
    let destroyed = false;
    client.destroy = () => {
      destroyed = true;
    };
    const workflow = connected({ client });
    await workflow.resume(emulator.sample);
    await workflow.close();
    expect(destroyed).toBe(false);
  });

  it('keeps its own middlewares and its view of the answer', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials: keys, sample } = emulator;
    const client = eagerClient({ endpoint, region, credentials: keys });
    const seen: unknown[] = [];
    client.middlewareStack.add((next) => async (args) => {
      const result = await next(args);
      seen.push(result.output);
      return result;
    });
    const receipt = await connected({ client }).resume(sample);
    expect(seen).toMatchObject([{ RunId: receipt.execution, NodeIds: sample.nodes }]);
  });

  it('whose send() is not the SDK’s proves nothing', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials: keys, sample } = emulator;
    const client = eagerClient({ endpoint, region, credentials: keys });
    for (const send of [() => Promise.resolve({}), () => Promise.reject(new Error('boom'))]) {
      client.send = send;
      const error = await rejected(connected({ client }).resume(sample));
      expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown' });
    }
  });

  it.each(['initialize', 'build'] as const)(
    'whose own middleware answers at the step %s proves nothing',
    async (step) => {
      const emulator = await emulated();
      const { endpoint, region, credentials: keys, sample } = emulator;
      const client = eagerClient({ endpoint, region, credentials: keys });
      const answer = { output: { $metadata: {}, RunId: 'wr_2' }, response: {} };
      // The SDK's types tell the steps apart; what is added here does the same at each.
      client.middlewareStack.add(() => () => Promise.resolve(answer), { step: step as 'initialize' });
      const error = await rejected(connected({ client }).resume(sample));
      expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', attempts: 0 });
    },
  );

  it.each([
    ['a string', (body: string) => body],
    ['bytes', (body: string) => new TextEncoder().encode(body)],
    ['a Blob', (body: string) => new Blob([body])],
    ['a web stream', (body: string) => new Blob([body]).stream()],
  ])('may answer with %s', async (_what, wrapped) => {
    const requestHandler = {
      metadata: { handlerProtocol: 'test' },
      httpHandlerConfigs: () => ({}),
      updateHttpClientConfig: () => {},
      handle: () => {
        const body = wrapped('{"RunId":"wr_2","NodeIds":["wnode_1"]}');
        return Promise.resolve({ response: { statusCode: 200, headers: { 'X-Amzn-RequestId': 'req-1' }, body } });
      },
    };
    const client = eagerClient({ region: 'eu-west-1', credentials, requestHandler });
    const receipt = await connected({ client }).resume(target);
    expect(receipt).toMatchObject({ execution: 'wr_2', nodesBasis: 'reported', requestId: 'req-1' });
  });
});
