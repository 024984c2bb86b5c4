import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import type { Action, ResumableWorkflow } from '../src/types.js';
import { AomBench, RESTART, SAMPLE } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

describe('an operation on AOM', () => {
  it('restarts the failed node and goes on in the same execution', async () => {
    const receipt = await bench.connect().resume(RESTART);

    expect(receipt).toMatchObject({
      provider: 'aom',
      connection: 'aom-north',
      workflow: 'wf-0001',
      previousExecution: 'ex-0001',
      execution: 'ex-0001',
      sameExecution: true,
      action: 'restart',
      performed: 'restart',
      nodes: ['node-0001'],
      nodesBasis: 'expected',
      confirmedBy: 'answer',
      attempts: 1,
      warnings: [],
    });
    expect(receipt.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(bench.emulator.stateOf('wf-0001', 'ex-0001')?.status).toBe('running');
    bench.emulator.clock.advance(60_000);
    expect(bench.emulator.stateOf('wf-0001', 'ex-0001')).toMatchObject({
      status: 'success',
      nodes: [
        { id: 'node-0001', status: 'success', runs: 1 },
        { id: 'node-0002', status: 'success', runs: 1 },
      ],
    });
  });

  it('is exactly the documented request', async () => {
    await bench.connect().resume(RESTART);
    const { entries } = bench.emulator.journal;
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      operation: 'operation',
      method: 'POST',
      target:
        `/v1/${bench.emulator.projectId}/cms/workflow/wf-0001/executions/ex-0001/operation` +
        '?action=restart&node_id=node-0001',
      body: '',
      committed: true,
    });
    const headers = entries[0]?.headers ?? {};
    expect(headers['content-length']).toBe('0');
    expect(headers['transfer-encoding']).toBeUndefined();
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-project-id']).toBe(bench.emulator.projectId);
    expect(headers['x-sdk-date']).toMatch(/^\d{8}T\d{6}Z$/);
    expect(headers.host).toBe(new URL(bench.emulator.endpoint).host);
    expect(headers.authorization).toMatch(
      /^SDK-HMAC-SHA256 Access=AKIDEXAMPLE0000000, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-auth-token']).toBeUndefined();
  });

  it('signs and sends the security token of temporary credentials', async () => {
    const credentials = { ...bench.emulator.credentials, securityToken: 'gQpjbi1ub3J0aC00EXAMPLEsecurityToken==' };
    await bench.close();
    bench = await AomBench.start({ credentials });
    await bench.connect().resume(RESTART);
    const headers = bench.emulator.journal.entries[0]?.headers ?? {};
    expect(headers['x-security-token']).toBe(credentials.securityToken);
    expect(headers.authorization).toContain('x-sdk-date;x-security-token,');
  });

  it('skips a failed node', async () => {
    const receipt = await bench.connect().resume({ ...RESTART, action: 'skip' });
    expect(receipt).toMatchObject({ action: 'skip', performed: 'skip', nodes: ['node-0001'], attempts: 1 });
    const [skipped, next] = bench.emulator.stateOf('wf-0001', 'ex-0001')?.nodes ?? [];
    expect(skipped).toMatchObject({ status: 'skipped', runs: 0 });
    expect(next).toMatchObject({ status: 'running', runs: 1 });
  });

  it('continues past a paused node', async () => {
    const nodes = [{ id: 'gate', status: 'pausing', kind: 'pause' as const }, { id: 'work' }];
    bench.emulator.define({ ...SAMPLE, nodes });
    const receipt = await bench.connect().resume({ ...SAMPLE, action: 'continue', nodes: ['gate'] });
    expect(receipt).toMatchObject({ performed: 'continue', nodes: ['gate'] });
    expect(bench.emulator.stateOf('wf-0001', 'ex-0001')?.nodes).toMatchObject([
      { id: 'gate', status: 'success' },
      { id: 'work', status: 'running' },
    ]);
  });

  it.each(['string', 'object', 'missing'] as const)('is accepted when result is %s', async (result) => {
    bench.emulator.knobs.result = result;
    bench.emulator.knobs.contentType = false;
    expect(await bench.connect().resume(RESTART)).toMatchObject({ performed: 'restart', attempts: 1 });
  });

  it.each([
    ['another result', '{"result":"failure"}', 'its result is "failure"'],
    ['an error code in a 200', '{"result":"success","error_code":"AOM.31001405"}', 'carries the error code'],
    ['a list', '[]', 'not a JSON object'],
    ['a bare string', '"success"', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['a number as result', '{"result":0}', 'its result is 0'],
    ['a list as result', '{"result":[]}', 'its result is []'],
    ['no JSON', 'success', 'not a JSON object'],
    ['nothing', '', 'not a JSON object'],
  ])('with %s has an unknown effect', async (_what, body, why) => {
    bench.emulator.faults.add({ kind: 'answer', when: 'after', answer: { status: 200, body } });
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', httpStatus: 200, attempts: 1 });
    expect(error.message).toContain(why);
    expect(bench.emulator.journal.mutating).toHaveLength(1);
  });

  it('takes null as a missing result', async () => {
    bench.emulator.faults.add({ kind: 'answer', when: 'after', answer: { status: 200, body: '{"result":null}' } });
    expect(await bench.connect().resume(RESTART)).toMatchObject({ performed: 'restart' });
  });

  it.each([201, 202, 204, 206])('answered %i has an unknown effect', async (status) => {
    const body = status === 204 ? '' : '{"result":"success"}';
    bench.emulator.faults.add({ kind: 'answer', when: 'after', answer: { status, body } });
    const error = await rejected(bench.connect().resume(RESTART));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', httpStatus: status, attempts: 1 });
    expect(error.message).toContain('only 200 says that it was accepted');
  });

  it('on a node in another state is refused, and nothing is sent again', async () => {
    const error = await rejected(bench.connect().resume({ ...RESTART, action: 'continue' }));
    expect(error).toMatchObject({
      code: 'FAILED_PRECONDITION',
      effect: 'none',
      providerCode: 'AOM.31001418',
      httpStatus: 400,
      attempts: 1,
    });
  });

  it('on a node in another state is unknown where the service answers its documented 500', async () => {
    bench.emulator.knobs.wrongState = '500/31001405';
    const error = await rejected(bench.connect().resume({ ...RESTART, action: 'continue' }));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'unknown', providerCode: 'AOM.31001405', attempts: 1 });
  });

  it.each([{ nodes: [] }, { nodes: ['a', 'b'] }])('needs exactly one node: $nodes', async ({ nodes }) => {
    const error = await rejected(bench.connect().resume({ ...RESTART, nodes }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems[0]?.message).toContain('must name exactly 1 for restart');
    expect(bench.emulator.connections).toBe(0);
  });
});

describe('the capabilities of AOM', () => {
  it('say that it is about to go offline and is open in four regions', () => {
    const { capabilities } = bench.connect();
    expect(capabilities).toMatchObject({ newExecution: false, discoversNodes: true });
    expect(capabilities.notices.join(' ')).toMatch(/offline soon.*cn-north-4, cn-east-3, cn-east-2 and cn-south-1/s);
  });

  it('are all four actions, in types too', () => {
    const workflow = createAomWorkflow({ name: 'a', region: 'cn-north-4', projectId: '0'.repeat(32) });
    expectTypeOf(workflow).toEqualTypeOf<ResumableWorkflow<Action>>();
    expect(Object.keys(workflow.capabilities.actions)).toEqual(['resume', 'restart', 'skip', 'continue']);
  });
});
