import { describe, expect, it } from 'vitest';
import type { Draft } from './glue-emulator-wire-bench.js';
import { boot, HEADERS, NOW, send } from './glue-emulator-wire-bench.js';

describe('the protocol', () => {
  it('answers with the headers of awsJson1_1', async () => {
    const { headers, answer } = await send(await boot());
    expect(headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      date: 'Wed, 04 Mar 2026 23:59:58 GMT',
    });
    const workflow = answer['Workflow'] as { LastRun: { StartedOn: number } };
    expect(workflow.LastRun.StartedOn).toBe(NOW / 1000 - 3600);
  });

  it.each<[string, Draft]>([
    [
      'an operation that Glue has and the emulator has not',
      { headers: { ...HEADERS, 'x-amz-target': 'AWSGlue.GetJobs' } },
    ],
    ['the operation of another service', { headers: { ...HEADERS, 'x-amz-target': 'NotGlue.GetWorkflow' } }],
    ['no operation', { headers: { 'content-type': HEADERS['content-type'] } }],
    ['a PUT', { method: 'PUT' }],
  ])('does not know %s', async (_what, draft) => {
    const emulator = await boot();
    const { status, answer } = await send(emulator, draft);
    expect([status, answer['__type']]).toEqual([400, 'UnknownOperationException']);
    expect(emulator.journal.entries).toMatchObject([{ operation: 'unknown', mutating: false }]);
  });

  it.each<[string, Draft]>([
    ['another media type', { headers: { ...HEADERS, 'content-type': 'application/json' } }],
    ['a body that is not JSON', { body: '{"Name":' }],
    ['a body that is no object', { body: '["Name"]' }],
    ['a name that is a number', { body: '{"Name":5}' }],
    ['a flag that is a string', { body: '{"Name":"nightly-etl","IncludeGraph":"true"}' }],
  ])('cannot read %s', async (_what, draft) => {
    const { status, answer } = await send(await boot(), draft);
    expect([status, answer['__type']]).toEqual([400, 'SerializationException']);
  });

  it.each([
    ['NodeIds', 'ResumeWorkflowRun', '"x"'],
    ['NodeIds', 'ResumeWorkflowRun', '[5]'],
    ['RunProperties', 'StartWorkflowRun', '["x"]'],
    ['RunProperties', 'StartWorkflowRun', '{"a":1}'],
    ['MaxResults', 'GetWorkflowRuns', '1.5'],
    ['NextToken', 'GetWorkflowRuns', '7'],
  ])('cannot read %s of %s as %s', async (member, operation, value) => {
    const emulator = await boot();
    const body = `{"Name":"nightly-etl","RunId":"wr_0","${member}":${value}}`;
    const { answer } = await send(emulator, { body, headers: { ...HEADERS, 'x-amz-target': `AWSGlue.${operation}` } });
    expect(answer).toMatchObject({ __type: 'SerializationException', Message: expect.stringContaining(member) });
    expect(emulator.journal.committed).toEqual([]);
  });

  it('takes null for an optional member as absent, and for a required one as missing', async () => {
    const emulator = await boot();
    expect((await send(emulator, { body: '{"Name":"nightly-etl","IncludeGraph":null}' })).status).toBe(200);
    expect((await send(emulator, { body: '{"Name":null}' })).answer).toMatchObject({ __type: 'ValidationException' });
  });
});
