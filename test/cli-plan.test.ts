import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResumePlan } from '../src/index.js';
import { CliBench } from './cli-bench.js';

vi.setConfig({ testTimeout: 30_000 });
let bench: CliBench;

beforeEach(async () => {
  bench = await CliBench.open();
});
afterEach(() => bench.close());

const planned = async (): Promise<ResumePlan> => JSON.parse(await bench.read('plan.json')) as ResumePlan;
const write = (workflow: string, execution: string, connection = 'my-glue') =>
  bench.run('plan', connection, workflow, execution, '--out', 'plan.json');

describe('resumable plan', () => {
  it('says what starts, what runs again and what is kept, sends nothing, and exits with 0', async () => {
    const { workflow, execution } = bench.glue.sample;
    const { exitCode, stdout } = await bench.run('plan', 'my-glue', workflow, execution);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/1 node starts at once: transform/);
    expect(stdout).toMatch(/1 node that succeeded may run again.*: report/);
    expect(stdout).toMatch(/3 nodes keep what they have: extract, check, enrich/);
    expect(bench.glue.journal.mutating).toEqual([]);
  });

  it('exits with 1 where it would be refused, and says every reason', async () => {
    bench.obs.define({ workflow: 'w', execution: 'fine', steps: [{ name: 'one' }], state: 'SUCCESS' });
    const { exitCode, stdout } = await bench.run('plan', 'my-obs', 'w', 'fine');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/It would be refused:\n\s+- .*SUCCESS/);
  });

  it('exits with 1 where it cannot be read, and writes no plan', async () => {
    const { exitCode, stderr } = await write('graph_1', 'nope', 'my-obs');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('NOT_FOUND');
    expect(await bench.files()).toEqual(['resumable.config.json']);
  });

  it('takes an action and nodes, and prints the plan with --json', async () => {
    const { workflow, execution } = bench.glue.sample;
    const load = bench.glue.nodeId(workflow, 'load');
    const flags = ['--action', 'restart', '--node', load, '--json'];
    const plan = JSON.parse((await bench.run('plan', 'my-glue', workflow, execution, ...flags)).stdout) as ResumePlan;
    expect(plan).toMatchObject({ action: 'restart', nodes: [load], version: 1 });
  });

  it('says that an unsettled intent stands in the way', async () => {
    bench.obs.faults.add({ kind: 'hang', when: 'before' });
    await bench.run('resume', 'my-obs', 'graph_1', 'exec-001', '--no-read-back', '--timeout-ms', '1000');
    const { exitCode, stdout } = await bench.run('plan', 'my-obs', 'graph_1', 'exec-001');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/It would be refused:\n\s+- intent .* is not settled/);
  });
});

describe('resumable resume --plan', () => {
  it('applies what was written down, and nothing has to be said twice', async () => {
    const { workflow, execution } = bench.glue.sample;
    expect(await write(workflow, execution)).toMatchObject({
      exitCode: 0,
      stderr: 'The plan is in plan.json; apply it with  resumable resume --plan plan.json\n',
    });
    const { exitCode, stdout, stderr } = await bench.run('resume', '--plan', 'plan.json');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^wr_[0-9a-f]{64}\n$/);
    // By name: the plan knows what its nodes are called.
    expect(stderr).toMatch(/nodes\s+transform\n/);
    expect(bench.glue.journal.committed).toHaveLength(1);
  });

  it('says how to apply a plan whose name a shell would take apart', async () => {
    const { workflow, execution } = bench.glue.sample;
    const { exitCode, stderr } = await bench.run('plan', 'my-glue', workflow, execution, '--out', "it's a plan.json");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("apply it with  resumable resume --plan 'it'\\''s a plan.json'\n");
  });

  it('refuses a plan that has become out of date, says what has changed, and sends nothing', async () => {
    const { workflow, execution, nodes } = bench.glue.sample;
    await write(workflow, execution);
    const { runId } = bench.glue.foreignResume(workflow, execution, nodes);
    const { exitCode, stdout, stderr } = await bench.run('resume', '--plan', 'plan.json', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', error: { code: 'FAILED_PRECONDITION' } });
    expect(stderr).toMatch(/out of date: .*resumed from it.*/);
    expect(stderr).toContain(runId);
    expect(bench.glue.journal.mutating).toEqual([]);
  });

  it('refuses a plan that was changed by hand, and one that says that it would be refused', async () => {
    await write('graph_1', 'exec-001', 'my-obs');
    const plan = await planned();
    await bench.write('forged.json', JSON.stringify({ ...plan, execution: 'exec-002' }));
    const forged = await bench.run('resume', '--plan', 'forged.json');
    expect(forged).toMatchObject({ exitCode: 1, stdout: '' });
    expect(forged.stderr).toMatch(/does not fit the plan, which was changed/);
    await bench.write('refused.json', JSON.stringify({ ...plan, refusals: ['not on a Friday'] }));
    const refused = await bench.run('resume', '--plan', 'refused.json');
    expect(refused.exitCode).toBe(1);
    expect(bench.obs.journal.mutating).toEqual([]);
  });

  it('exits with 2 where the arguments are about something else, and names each of them', async () => {
    await write('graph_1', 'exec-001', 'my-obs');
    const { exitCode, stderr } = await bench.run(
      ...['resume', 'my-obs', 'graph_1', 'exec-002', '--plan', 'plan.json', '--action', 'skip', '--node', 'a'],
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/execution: "exec-001" there, "exec-002" here/);
    expect(stderr).toMatch(/--action: "resume" there, "skip" here/);
    expect(stderr).toMatch(/--node: \[\] there, \["a"\] here/);
    expect(stderr).not.toMatch(/connection:|workflow:/);
    expect((await bench.run('resume', 'my-obs', 'graph_1', 'exec-001', '--plan', 'plan.json')).exitCode).toBe(0);
  });

  it.each([
    ['nothing', undefined, /cannot be read/],
    ['no JSON', '{"fingerprint', /is not valid JSON/],
    ['a receipt', '{"status":"accepted","receipt":{}}', /holds no plan: it takes what "resumable plan --out" wrote/],
    ['null', 'null', /holds no plan/],
    ['a plan of an unknown connection', '{"connection":"other","fingerprint":"v1:"}', /no connection "other"/],
  ])('exits with 2 where the file holds %s', async (_, content, said) => {
    if (content !== undefined) await bench.write('plan.json', content);
    const { exitCode, stderr } = await bench.run('resume', '--plan', 'plan.json');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
  });
});
