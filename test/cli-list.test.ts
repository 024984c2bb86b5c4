import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lineage, ListedExecution } from '../src/index.js';
import { CliBench, isObeyed, linesOf } from './cli-bench.js';

vi.setConfig({ testTimeout: 30_000 });
let bench: CliBench;

beforeEach(async () => {
  bench = await CliBench.open();
});
afterEach(() => bench.close());

const steps = [{ name: 'one' }, { name: 'two' }];
const executionsIn = (stdout: string): string[] => linesOf<ListedExecution>(stdout).map(({ execution }) => execution);

describe('resumable list', () => {
  it('lists what could be resumed, in aligned columns, over all pages', async () => {
    const many = Array.from({ length: 25 }, (_, place) => `exec-1${String(place).padStart(2, '0')}`);
    for (const execution of many) bench.obs.define({ workflow: 'many', execution, steps });
    bench.obs.define({ workflow: 'many', execution: 'fine', steps, state: 'SUCCESS' });
    const { exitCode, stdout, stderr } = await bench.run('list', 'my-obs', 'many');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(new Set(lines.map((line) => line.split(/\s+/).at(-1)))).toEqual(new Set(many));
    expect(new Set(lines.map((line) => line.indexOf('exec-'))).size).toBe(1);
    expect(lines.every((line) => line.startsWith('✖ failed'))).toBe(true);
  });

  it('lists the states that are asked for, one line of JSON for each', async () => {
    bench.obs.define({ workflow: 'graph_1', execution: 'fine', steps, state: 'SUCCESS' });
    const listed = async (...flags: string[]) =>
      executionsIn((await bench.run('list', 'my-obs', 'graph_1', '--json', ...flags)).stdout).sort();
    expect(await listed()).toEqual(['exec-001']);
    expect(await listed('--state', 'succeeded')).toEqual(['fine']);
    expect(await listed('--state', 'succeeded', '--state', 'failed')).toEqual(['exec-001', 'fine']);
    expect(await listed('--state', 'all')).toEqual(['exec-001', 'fine']);
  });

  it('leaves out what began before --since, and says where nothing is left', async () => {
    const { workflow, execution } = bench.glue.sample;
    expect(executionsIn((await bench.run('list', 'my-glue', workflow, '--since', '2h', '--json')).stdout)).toEqual([
      execution,
    ]);
    const { exitCode, stdout, stderr } = await bench.run('list', 'my-glue', workflow, '--since', '10m');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/There is no execution of nightly-etl that began since .*Z that is failed or paused\./);
  });

  it.each([
    [['--since', 'yesterday'], /--since.*90m, 24h or 7d/],
    [['--since', '24'], /--since/],
    [['--since', '2026-13-45'], /--since/],
    [['--state', 'broken'], /--state.*Allowed choices are running, failed/],
  ] as const)('exits with 2 for %j, naming the flag', async (flags, said) => {
    const { exitCode, stderr } = await bench.run('list', 'my-obs', 'graph_1', ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
  });

  it('ends with 0 and stops reading pages when nobody reads on', async () => {
    await bench.invent(`async *list(workflow) {
      for (let count = 0; count < 100_000; count += 1) {
        yield { workflow, execution: 'e'.repeat(500) + count, state: 'failed', providerState: '' };
        if (count % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      process.stderr.write('READ TO THE END');
    }`);
    const { child, done } = bench.start('list', 'mine', 'w');
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { exitCode, stderr } = await done;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('resumable lineage', () => {
  it('shows the chain with the one that was asked for marked', async () => {
    const { workflow, execution, nodes } = bench.glue.sample;
    const { runId: second } = bench.glue.foreignResume(workflow, execution, nodes);
    const { exitCode, stdout } = await bench.run('lineage', 'my-glue', workflow, second);
    expect(exitCode).toBe(0);
    const [headline, first, next] = stdout.trimEnd().split('\n');
    expect(headline).toBe('nightly-etl on my-glue: 2 executions in this chain');
    expect(first).toMatch(new RegExp(`✖ failed.*${execution}$`));
    expect(next).toMatch(new RegExp(`● running.*└ ${second}  ← this one$`));
    const asJson = await bench.run('lineage', 'my-glue', workflow, execution, '--json');
    const lineage = JSON.parse(asJson.stdout) as Lineage;
    expect(lineage).toMatchObject({ ancestors: [], execution: { execution }, descendants: [{ execution: second }] });
  });

  it('draws a chain that branches, and ends where its links lead in a circle', async () => {
    const listed = (execution: string, previousExecution?: string) =>
      JSON.stringify({ workflow: 'w', execution, state: 'failed', providerState: '', previousExecution });
    await bench.invent(`async lineage() {
      return { ancestors: [${listed('a', 'd')}], execution: ${listed('b', 'a')},
        descendants: [${listed('c', 'b')}, ${listed('d', 'b')}, ${listed('e', 'c')}] };
    }`);
    const { exitCode, stdout } = await bench.run('lineage', 'mine', 'w', 'b');
    expect(exitCode).toBe(0);
    const [first = '', ...more] = stdout.trimEnd().split('\n').slice(1);
    const drawn = [first, ...more].map((line) => line.slice(first.lastIndexOf('a')));
    expect(drawn).toEqual(['a', '└ b  ← this one', '  └ c', '    └ e', '  └ d']);
    expect(isObeyed(stdout)).toBe(false);
  });

  it('exits with 1 where the service mints no new executions, before anything is sent', async () => {
    const { exitCode, stderr } = await bench.run('lineage', 'my-obs', 'graph_1', 'exec-001');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('UNIMPLEMENTED');
    expect(stderr).toContain('obs cannot tell where executions come from here. Nothing was sent.');
    expect(bench.obs.connections).toBe(0);
  });
});
