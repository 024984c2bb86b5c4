import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GlueEmulatorOptions, GlueWorkflowRun } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';

const execute = promisify(execFile);
const absent = spawnSync('aws', ['--version']).status !== 0;
if (absent) console.warn('skipped: the emulator of Glue against the AWS CLI, because there is no `aws` on the PATH');

async function boot(options: GlueEmulatorOptions) {
  const emulator = await new GlueEmulator(options).start();
  onTestFinished(() => emulator.close());
  const { endpoint, region, credentials } = emulator;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  const aws = async (...operation: readonly string[]) => {
    const where = ['--endpoint-url', endpoint, '--region', region, '--output', 'json'];
    const { stdout } = await execute('aws', ['glue', ...operation, ...where], { env });
    return JSON.parse(stdout) as unknown;
  };
  return { emulator, aws };
}

describe.skipIf(absent)('the AWS CLI', () => {
  it('resumes a run and reads its graph', { timeout: 60_000 }, async () => {
    const { emulator, aws } = await boot({});
    const { workflow, execution, nodes } = emulator.sample;
    const target = ['--name', workflow, '--run-id', execution];
    const resumed = (await aws('resume-workflow-run', ...target, '--node-ids', ...nodes)) as { RunId: string };
    expect(resumed).toEqual({ RunId: expect.stringMatching(/^wr_[0-9a-f]{64}$/), NodeIds: nodes });
    const follow = ['--name', workflow, '--run-id', resumed.RunId, '--include-graph'];
    const { Run } = (await aws('get-workflow-run', ...follow)) as { Run: GlueWorkflowRun };
    expect(Run).toMatchObject({ WorkflowRunId: resumed.RunId, PreviousRunId: execution });
    expect(Run.Graph?.Nodes?.find(({ UniqueId }) => UniqueId === nodes[0])?.JobDetails?.JobRuns).toHaveLength(1);
    expect(emulator.journal.entries.map(({ operation, status }) => [operation, status])).toEqual([
      ['ResumeWorkflowRun', 200],
      ['GetWorkflowRun', 200],
    ]);
  });

  it('signs with a session token, and reports a refusal by its name', { timeout: 60_000 }, async () => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret/+', sessionToken: 'to/ken==' };
    const { aws } = await boot({ credentials, region: 'eu-central-1' });
    await expect(aws('get-workflow', '--name', 'nobody')).rejects.toMatchObject({
      stderr: expect.stringContaining('(EntityNotFoundException) when calling the GetWorkflow operation'),
    });
  });
});
