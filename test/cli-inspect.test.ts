import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecutionSnapshot } from '../src/index.js';
import { CliBench, isObeyed } from './cli-bench.js';

vi.setConfig({ testTimeout: 30_000 });
let bench: CliBench;

beforeEach(async () => {
  bench = await CliBench.open();
});
afterEach(() => bench.close());

describe('resumable inspect', () => {
  it('draws on every service what failed and what has not run, in plain text where it is piped', async () => {
    const { glue, obs, aom } = bench;
    const seen = await Promise.all(
      [glue, obs, aom].map(({ provider, sample }) =>
        bench.run('inspect', `my-${provider}`, sample.workflow, sample.execution),
      ),
    );
    for (const { exitCode, stdout, stderr } of seen) {
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/✖ \S+ failed\n/);
      expect(stdout).toMatch(/✔ .*succeeded/);
      expect(stdout).toMatch(/○ .*waiting/);
      expect(isObeyed(stdout)).toBe(false);
    }
    // Not cut: in a file or a log nothing has to be.
    expect(seen[0]?.stdout).toContain('the input had a column too many');
    expect([glue, obs, aom].flatMap(({ journal }) => journal.mutating)).toEqual([]);
  });

  it('prints the snapshot with --json', async () => {
    const { workflow, execution } = bench.glue.sample;
    const { exitCode, stdout } = await bench.run('inspect', 'my-glue', workflow, execution, '--json');
    expect(exitCode).toBe(0);
    const snapshot = JSON.parse(stdout) as ExecutionSnapshot;
    expect(snapshot).toMatchObject({ connection: 'my-glue', workflow, execution, state: 'failed' });
    expect(snapshot.nodes.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual(['transform']);
  });

  it('prints Mermaid with --mermaid', async () => {
    const { workflow, execution } = bench.glue.sample;
    const { exitCode, stdout } = await bench.run('inspect', 'my-glue', workflow, execution, '--mermaid');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^(flowchart|graph) /m);
    expect(stdout).toContain('transform');
  });

  it('writes a page named after the execution, and never over another one', async () => {
    await bench.write('exec-001.html', 'mine');
    const { exitCode, stderr } = await bench.run('inspect', 'my-obs', 'graph_1', 'exec-001', '--html');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('The page is in exec-001-2.html\n');
    expect(await bench.read('exec-001.html')).toBe('mine');
    expect(await bench.read('exec-001-2.html')).toMatch(/^<!doctype html>/i);
  });

  it('writes over a page that was named, all at once', async () => {
    await bench.write('page.html', 'old');
    const { exitCode } = await bench.run('inspect', 'my-obs', 'graph_1', 'exec-001', '--html=page.html');
    expect(exitCode).toBe(0);
    expect(await bench.read('page.html')).toMatch(/^<!doctype html>/i);
    expect(await bench.files()).toEqual(['page.html', 'resumable.config.json']);
  });

  it('exits with 1 where there is no such execution, and says so in JSON as well', async () => {
    const { exitCode, stdout, stderr } = await bench.run('inspect', 'my-obs', 'graph_1', 'nope', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', error: { code: 'NOT_FOUND', effect: 'none' } });
    expect(stderr).toContain('could not be read NOT_FOUND');
  });

  it('exits with 2 where the page cannot be written, and leaves nothing behind', async () => {
    const { exitCode, stderr } = await bench.run(
      'inspect',
      'my-obs',
      'graph_1',
      'exec-001',
      '--html=no/such/folder.html',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no/such/folder.html cannot be written');
    expect(await bench.files()).toEqual(['resumable.config.json']);
  });

  it.each([
    [['--json', '--mermaid'], /'--mermaid' cannot be used with option '--json'/],
    [['--timeout-ms', 'soon'], /--timeout-ms.*whole number of milliseconds/],
    [['--colour'], /unknown option '--colour'/],
  ] as const)('exits with 2 for %j, naming the flag', async (flags, said) => {
    const { exitCode, stderr } = await bench.run('inspect', 'my-obs', 'graph_1', 'exec-001', ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
    expect(bench.obs.connections).toBe(0);
  });
});

describe('resumable connections', () => {
  it('shows what each can look at', async () => {
    const { stdout } = await bench.run('connections', '--json');
    const listed = JSON.parse(stdout) as { name: string; reads: string[] }[];
    const reads = Object.fromEntries(listed.map((one) => [one.name, one.reads]));
    expect(reads['my-glue']).toEqual(expect.arrayContaining(['inspect', 'plan', 'list', 'lineage']));
    expect(reads['my-obs']).not.toContain('lineage');
    expect((await bench.run('connections')).stdout).toMatch(/looks\s+inspect, follow, plan, list, lineage/);
  });
});
