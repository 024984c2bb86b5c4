import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import type { ObsOptions } from '../providers/obs/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { VirtualClock } from '../src/testing/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { rejected } from './rejected.js';
import { withoutReadBack } from './without-read-back.js';

let emulator: ObsEmulator;
const opened: ResumableWorkflow<'resume'>[] = [];

beforeEach(async () => {
  emulator = await new ObsEmulator().start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((workflow) => workflow.close()));
  await emulator.close();
});

function connect(options: Partial<ObsOptions> = {}): ResumableWorkflow<'resume'> {
  const { endpoint, credentials } = emulator;
  const workflow = withoutReadBack(createObsWorkflow({ name: 'obs-north', endpoint, credentials, ...options }));
  opened.push(workflow);
  return workflow;
}

describe('resume on OBS Data+', () => {
  it('restores the failed instance and goes on in the same execution', async () => {
    await emulator.close();
    emulator = await new ObsEmulator({ clock: new VirtualClock(Date.now()) }).start();
    const receipt = await connect().resume({ workflow: 'graph_1', execution: 'exec-001' });

    expect(receipt).toMatchObject({
      provider: 'obs',
      connection: 'obs-north',
      workflow: 'graph_1',
      previousExecution: 'exec-001',
      execution: 'exec-001',
      sameExecution: true,
      action: 'resume',
      performed: 'resume',
      nodes: [],
      nodesBasis: 'expected',
      confirmedBy: 'answer',
      attempts: 1,
      warnings: [],
    });
    expect(receipt.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(receipt.acceptedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(emulator.stateOf('graph_1', 'exec-001')).toBe('RUNNING');
    emulator.clock.advance(60_000);
    expect(emulator.stateOf('graph_1', 'exec-001')).toBe('SUCCESS');
  });

  it('sends exactly the documented request', async () => {
    await connect().resume({ workflow: 'graph_1', execution: 'exec-001' });
    const [sent] = emulator.journal.entries;
    expect(emulator.journal.entries).toHaveLength(1);
    expect(sent).toMatchObject({
      operation: 'restore',
      method: 'PUT',
      target: '/v2/workflowexecutions/exec-001?x-workflow-graph-name=graph_1',
      body: '',
      committed: true,
    });
    expect(sent?.headers['content-length']).toBe('0');
    expect(sent?.headers['content-type']).toBe('application/json');
    expect(sent?.headers.date).toMatch(/GMT$/);
    expect(sent?.headers['x-obs-security-token']).toBeUndefined();
  });

  it('sends and signs the security token of temporary credentials', async () => {
    const credentials = { ...emulator.credentials, securityToken: 'gQpjbi1ub3J0aC00EXAMPLEsecurityToken==' };
    await emulator.close();
    emulator = await new ObsEmulator({ credentials }).start();
    await connect().resume({ workflow: 'graph_1', execution: 'exec-001' });
    expect(emulator.journal.entries[0]?.headers['x-obs-security-token']).toBe(credentials.securityToken);
  });

  it.each(['xml', 'json', 'json-error-code'] as const)(
    'reads errors written as %s, whatever the Content-Type',
    async (errorFormat) => {
      await emulator.close();
      emulator = await new ObsEmulator({ knobs: { errorFormat, requestIdHeader: 'x-obs-request-id' } }).start();
      emulator.define({ workflow: 'graph_1', execution: 'running', steps: [{ name: 'a' }], state: 'RUNNING' });
      const error = await rejected(connect().resume({ workflow: 'graph_1', execution: 'running' }));
      expect(error).toMatchObject({
        code: 'ABORTED',
        effect: 'none',
        providerCode: 'OperationAborted',
        httpStatus: 409,
      });
      expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(error.message).toContain('Only a failed instance can be restored');
      expect(error.message).toContain('Nothing was resumed.');
    },
  );

  it('takes rotating credentials from an async function, asked for each request', async () => {
    let asked = 0;
    const workflow = connect({
      credentials: async () => {
        asked += 1;
        return { ...emulator.credentials };
      },
    });
    await workflow.resume({ workflow: 'graph_1', execution: 'exec-001' });
    await rejected(workflow.resume({ workflow: 'graph_1', execution: 'exec-001' }));
    expect(asked).toBe(2);
  });

  it('keeps connections alive for calls in a row', async () => {
    const workflow = connect();
    for (let call = 0; call < 8; call += 1) {
      await workflow.resume({ workflow: 'graph_1', execution: 'exec-001' }).catch(() => undefined);
    }
    expect(emulator.journal.mutating).toHaveLength(8);
    // A second one may open while the first is just becoming free.
    expect(emulator.connections).toBeLessThanOrEqual(2);
  });

  it('takes only resume at compile time, and is assignable to the wide type', () => {
    const workflow = connect();
    expectTypeOf(workflow).toExtend<ResumableWorkflow>();
    type Asked = Parameters<typeof workflow.resume>[0];
    expectTypeOf<Asked['action']>().toEqualTypeOf<'resume' | undefined>();
  });

  it.each(['restart', 'skip', 'continue'] as const)(
    'refuses %s through the wide type before any byte is sent',
    async (action) => {
      const wide: ResumableWorkflow = connect();
      const error = await rejected(wide.resume({ workflow: 'graph_1', execution: 'exec-001', action }));
      expect(error).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none', attempts: 0 });
      expect(emulator.connections).toBe(0);
    },
  );

  it('refuses nodes, which it cannot choose, before any byte is sent', async () => {
    const error = await rejected(connect().resume({ workflow: 'graph_1', execution: 'exec-001', nodes: ['a'] }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems).toEqual([
      { field: 'nodes', message: 'must be left out: resume takes no nodes here, got 1' },
    ]);
    expect(emulator.connections).toBe(0);
  });
});

describe('credentials of OBS', () => {
  it('come from the OBS variables first, then from those of the SDKs', async () => {
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    process.env['HUAWEICLOUD_SDK_AK'] = 'WRONGEXAMPLE';
    process.env['HUAWEICLOUD_SDK_SK'] = 'wrong';
    process.env['OBS_ACCESS_KEY_ID'] = accessKeyId;
    process.env['OBS_SECRET_ACCESS_KEY'] = secretAccessKey;
    try {
      await connect({ credentials: undefined }).resume({ workflow: 'graph_1', execution: 'exec-001' });
      emulator.define({ workflow: 'graph_1', execution: 'exec-002', steps: [{ name: 'a' }] });
      delete process.env['OBS_ACCESS_KEY_ID'];
      const error = await rejected(
        connect({ credentials: undefined }).resume({ workflow: 'graph_1', execution: 'exec-002' }),
      );
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', providerCode: 'InvalidAccessKeyId', effect: 'none' });
    } finally {
      for (const name of ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK', 'OBS_ACCESS_KEY_ID', 'OBS_SECRET_ACCESS_KEY']) {
        delete process.env[name];
      }
    }
  });

  it('are named with their variables where there are none', async () => {
    const error = await rejected(
      connect({ credentials: undefined }).resume({ workflow: 'graph_1', execution: 'exec-001' }),
    );
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none', attempts: 0 });
    expect(error.message).toMatch(/credentials.*OBS_ACCESS_KEY_ID.*HUAWEICLOUD_SDK_AK/s);
    expect(emulator.connections).toBe(0);
  });

  it('that a function returns are checked field by field', async () => {
    const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE0000000' }) as never;
    const error = await rejected(connect({ credentials }).resume({ workflow: 'graph_1', execution: 'exec-001' }));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', effect: 'none' });
    expect(error.message).toContain('secretAccessKey is missing');
  });
});

describe('options of OBS', () => {
  it('are refused all at once, each by name', () => {
    const options = {
      endpoint: 'ftp://somewhere/path',
      region: 7,
      credentials: { accessKeyId: '', secretAcessKey: 'x' },
      slowDown: 'maybe',
      retries: 3,
    };
    expect(() => createObsWorkflow(options as never)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        effect: 'none',
        problems: expect.arrayContaining([
          { field: 'name', message: 'is missing' },
          { field: 'endpoint', message: 'must be a URL such as https://host or https://host:port' },
          { field: 'region', message: 'must be a string' },
          { field: 'credentials.accessKeyId', message: 'must not be empty' },
          { field: 'credentials.secretAccessKey', message: 'is missing' },
          { field: 'credentials.secretAcessKey', message: expect.stringContaining('not known') },
          { field: 'slowDown', message: 'must be one of unknown, none' },
          { field: 'retries', message: expect.stringContaining('not known') },
        ]),
      }),
    );
  });

  it('want a region or an endpoint', () => {
    expect(() => createObsWorkflow({ name: 'x' })).toThrowError(/region is missing: pass region or endpoint/);
  });

  it('allow plain http to this machine only, or where it is asked for', () => {
    expect(() => createObsWorkflow({ name: 'x', endpoint: 'http://obs.example.com' })).toThrowError(/plain http/);
    expect(() => createObsWorkflow({ name: 'x', endpoint: 'http://127.0.0.1.example.com' })).toThrowError(/plain http/);
    expect(() =>
      createObsWorkflow({ name: 'x', endpoint: 'http://obs.example.com', allowInsecureEndpoint: true }),
    ).not.toThrow();
    expect(() => createObsWorkflow({ name: 'x', endpoint: 'http://localhost:1' })).not.toThrow();
  });
});
