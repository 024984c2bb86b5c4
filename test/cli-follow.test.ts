import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../src/index.js';
import { CliBench, isObeyed, linesOf } from './cli-bench.js';

vi.setConfig({ testTimeout: 30_000 });
const resume = ['resume', 'my-obs', 'graph_1', 'exec-001', '--follow', '--poll-ms', '30'];
let bench: CliBench;

beforeEach(async () => {
  bench = await CliBench.open();
});
afterEach(() => bench.close());

/** A graph of two steps whose second one fails again after a restore, or takes very long. */
const define = (run: { failsAt?: string; stepMs?: number }) =>
  bench.obs.define({
    workflow: 'graph_1',
    execution: 'exec-001',
    steps: [{ name: 'one' }, { name: 'two' }],
    runs: [{ stepMs: 20, ...run }],
  });

describe('resumable resume --follow', () => {
  it('exits with 0 where the run succeeds, the execution alone on stdout', async () => {
    const { exitCode, stdout, stderr } = await bench.run(...resume);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'exec-001\n' });
    expect(stderr).toMatch(/✔ resumed graph_1[\s\S]*✔ succeeded {2}transcode[\s\S]*✔ the run succeeded after/);
    expect(isObeyed(stderr)).toBe(false);
  });

  it('exits with 4 where it was resumed and the run failed, and says where', async () => {
    define({ failsAt: 'two' });
    const { exitCode, stdout, stderr } = await bench.run(...resume);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: 'exec-001\n' });
    expect(stderr).toMatch(/✖ resumed, but the run failed after .*\n {2}two/);
    expect(stderr).toContain('resumable inspect my-obs graph_1 exec-001');
  });

  it('follows the new run on a service that makes one', async () => {
    const { workflow, execution } = bench.glue.sample;
    const ticking = setInterval(() => bench.glue.clock.advance(1_000), 50);
    const { exitCode, stdout, stderr } = await bench.run(
      'resume',
      'my-glue',
      workflow,
      execution,
      '--follow',
      '--poll-ms',
      '30',
    );
    clearInterval(ticking);
    expect(exitCode).toBe(0);
    expect(stdout.trim()).not.toBe(execution);
    expect(stderr).toMatch(/5 succeeded, 3 from before/);
  });

  it('prints the outcome and then each thing that happens as JSON, the snapshot with the last one', async () => {
    const { exitCode, stdout } = await bench.run(...resume, '--json');
    expect(exitCode).toBe(0);
    const [outcome, ...progress] = linesOf<{ status?: string; kind?: string; at: string; settled?: boolean }>(stdout);
    expect(outcome).toMatchObject({ status: 'accepted', receipt: { execution: 'exec-001' } });
    expect(progress.every(({ at }) => new Date(at).toISOString() === at)).toBe(true);
    expect(progress.filter(({ kind }) => kind === 'node').length).toBeGreaterThanOrEqual(4);
    expect(progress.at(-1)).toMatchObject({ kind: 'snapshot', settled: true, snapshot: { state: 'succeeded' } });
    expect(progress.filter((line) => 'snapshot' in line)).toHaveLength(1);
  });

  it('follows nothing where it was refused: exit code 1', async () => {
    const { exitCode, stdout } = await bench.run('resume', 'my-obs', 'graph_1', 'nope', '--follow', '--json');
    expect(exitCode).toBe(1);
    expect(linesOf<Outcome>(stdout)).toMatchObject([{ status: 'refused' }]);
  });

  it('says on Ctrl-C that the resume happened and how to go on, and exits with 4', async () => {
    define({ stepMs: 600_000 });
    const { child, done, stdoutSoFar } = bench.start(...resume);
    for (let tries = 0; tries < 2_000 && stdoutSoFar() === ''; tries += 1)
      await new Promise((next) => setTimeout(next, 10));
    child.kill('SIGINT');
    const { exitCode, stderr } = await done;
    expect(exitCode).toBe(4);
    expect(stderr).toContain('following was stopped; the resume happened, and its run goes on');
    expect(stderr).toContain('Go on following:  resumable follow my-obs graph_1 exec-001');
  });

  it('exits with 4 where the run can no longer be read, and says that the resume happened', async () => {
    define({ stepMs: 600_000 });
    const { done, stdoutSoFar } = bench.start(...resume, '--json');
    for (let tries = 0; tries < 2_000 && stdoutSoFar() === ''; tries += 1)
      await new Promise((next) => setTimeout(next, 10));
    const body = '{"message":"Forbidden"}';
    bench.obs.faults.add({
      kind: 'answer',
      when: 'before',
      operation: 'get',
      times: 99,
      answer: { status: 403, body },
    });
    const { exitCode, stdout, stderr } = await done;
    expect(exitCode).toBe(4);
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'unfollowed', error: { code: 'PERMISSION_DENIED' } });
    expect(stderr).toContain('following has failed; the resume happened, and its run goes on');
  });

  it('sends nothing where the connection cannot follow: exit code 2', async () => {
    await bench.invent(`resume: async () => { throw new Error('SENT'); }, capabilities: { actions: {}, notices: [] }`);
    const { exitCode, stderr } = await bench.run('resume', 'mine', 'w', 'e', '--follow');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('mine: invented cannot follow an execution. Nothing was sent.\n');
  });
});

describe('resumable follow', () => {
  it('follows an execution as it stands, in plain lines on stdout', async () => {
    define({});
    const failed = await bench.run('follow', 'my-obs', 'graph_1', 'exec-001');
    expect(failed.exitCode).toBe(4);
    expect(failed.stdout).toMatch(/✖ the run failed\n/);
    await bench.run(...resume);
    const { exitCode, stdout, stderr } = await bench.run('follow', 'my-obs', 'graph_1', 'exec-001');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/✔ the run succeeded\n$/);
    expect(isObeyed(stdout)).toBe(false);
  });

  it('follows the very resume of a receipt, as --json printed it', async () => {
    define({ stepMs: 300 });
    const { stdout } = await bench.run('resume', 'my-obs', 'graph_1', 'exec-001', '--json');
    await bench.write('receipt.json', stdout);
    const followed = await bench.run('follow', 'my-obs', '--receipt', 'receipt.json', '--poll-ms', '30');
    expect(followed.exitCode).toBe(0);
    expect(followed.stdout).toMatch(/1 succeeded, 1 from before\n✔ the run succeeded after/);
  });

  it.each([
    ['paused', '‖ resumed, but the run is paused and waits for somebody after'],
    ['stopped', '■ resumed, but the run was stopped after'],
    ['unknown', '? resumed, but how the run ended is not known (its service says HALF_DONE)'],
  ])('exits with 4 where the run is %s at its end, and says so', async (state, said) => {
    const node = {
      id: 'n',
      name: 'approval',
      kind: 'task',
      state,
      providerState: '',
      attempts: [],
      carriedOver: false,
    };
    const snapshot = { workflow: 'w', execution: 'e', state, providerState: 'HALF_DONE', nodes: [node] };
    const counts = { total: 1, carriedOver: 0, waiting: 0, running: 0, succeeded: 0, failed: 0, other: 1 };
    const settled = JSON.stringify({ kind: 'snapshot', snapshot, counts, settled: true });
    await bench.invent(`async *follow() { yield ${settled}; }`);
    await bench.write('receipt.json', JSON.stringify({ workflow: 'w', execution: 'e' }));
    const { exitCode, stdout } = await bench.run('follow', 'mine', '--receipt', 'receipt.json');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(said);
  });

  it('ends with 4 where nobody reads on, and does not wait for the run', async () => {
    define({ stepMs: 3_600_000 });
    await bench.run(...resume.slice(0, 4));
    const { child, done } = bench.start('follow', 'my-obs', 'graph_1', 'exec-001', '--json', '--poll-ms', '20');
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { exitCode, stderr } = await done;
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/! following was stopped; the run goes on\n {2}Go on following: {2}resumable follow my-obs/);
  });

  it('tells once that reading fails for a while, and goes on', async () => {
    const snapshot = JSON.stringify({
      workflow: 'w',
      execution: 'e',
      state: 'succeeded',
      providerState: '',
      nodes: [],
    });
    await bench.invent(`reads: 0, async inspect() {
      this.reads += 1;
      if (this.reads > 3) return ${snapshot};
      const mark = { [Symbol.for('resumable-workflow.ResumeError')]: true };
      throw Object.assign(new Error('gone'), { code: 'UNAVAILABLE', effect: 'none', problems: [], ...mark });
    }`);
    const { exitCode, stdout } = await bench.run('follow', 'mine', 'w', 'e', '--poll-ms', '10');
    expect(exitCode).toBe(0);
    expect(stdout.match(/reading failed, and is tried again/g)).toHaveLength(1);
  });

  it('exits with 1 where it cannot be read at all', async () => {
    const { exitCode, stdout } = await bench.run('follow', 'my-aom', 'wf-0001', 'ex/bad', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', error: { code: 'INVALID_ARGUMENT' } });
  });

  it.each([
    [['follow', 'my-obs'], /missing required arguments 'workflow', 'execution' \(or option '--receipt <file>'\)/],
    [['follow', 'my-obs', 'w'], /missing required argument 'execution'/],
    [['follow', 'my-obs', 'w', 'e', '--receipt', 'r'], /'workflow' cannot be used with option '--receipt <file>'/],
    [['follow', 'my-obs', '--receipt', 'resumable.config.json'], /holds no receipt/],
    [['follow', 'my-obs', 'w', 'e', '--poll-ms', '0'], /--poll-ms.*whole number of milliseconds/],
  ] as const)('exits with 2 for %j', async (args, said) => {
    const { exitCode, stderr } = await bench.run(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
  });
});
