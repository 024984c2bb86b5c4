import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliLedgerBench, SECRET } from './cli-ledger-bench.js';

vi.setConfig({ testTimeout: 30_000 });

const resume = ['resume', 'obs-north', 'graph_1', 'exec-001'];
const lost = [...resume, '--no-read-back', '--timeout-ms', '1000', '--json'];
let bench: CliLedgerBench;

beforeEach(async () => {
  bench = await CliLedgerBench.open();
});
afterEach(() => bench.close());

describe('resumable resume', () => {
  it('remembers what it did in the state folder of the platform, without any secret or cause', async () => {
    await bench.run(...resume, '--reason', 'disk was full', '--actor', 'ann', '--idempotency-key', 'ticket-7');
    await bench.run('resume', 'obs-north', 'graph_1', 'nope', '--no-read-back');
    const records = await bench.recorded();
    const [accepted, refused] = ['accepted', 'refused'].map((status) =>
      records.find(({ settlement }) => settlement?.verdict.status === status),
    );
    expect(accepted).toMatchObject({
      intent: { key: 'ticket-7', actor: 'ann', reason: 'disk was full', connection: 'obs-north', provider: 'obs' },
      settlement: { verdict: { status: 'accepted', receipt: { execution: 'exec-001', attempts: 1 } } },
    });
    expect(refused).toMatchObject({ settlement: { verdict: { status: 'refused', error: { code: 'NOT_FOUND' } } } });
    const { verdict } = refused?.settlement ?? {};
    expect(Object.keys(verdict?.status === 'refused' ? verdict.error : {})).not.toContain('cause');
    const place = bench.state;
    const files = (await readdir(place, { recursive: true })).filter((path) => path.endsWith('.json'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const content = await readFile(join(place, file), 'utf8');
      for (const word of [SECRET, 'AKIDEXAMPLE', '"cause"', '"stack"', '    at ']) expect(content).not.toContain(word);
    }
  });

  it('tells the recorded verdict for the same key, from another process, and sends nothing', async () => {
    const first = await bench.run(...resume, '--idempotency-key', 'k', '--json');
    const second = await bench.run(...resume, '--idempotency-key', 'k', '--json');
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(second.stdout)).toMatchObject({ status: 'accepted', receipt: { confirmedBy: 'ledger' } });
    expect(bench.emulator.journal.mutating).toHaveLength(1);
  });

  it('keeps to the folder of --ledger', async () => {
    await bench.run(...resume, '--ledger', 'mine');
    expect(await bench.recorded()).toEqual([]);
    const { stdout } = await bench.run('ledger', 'list', '--ledger', 'mine', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ intent: { target: { execution: 'exec-001' } } });
  });

  it('sends nothing where its ledger cannot be used, and says what to do', async () => {
    await writeFile(join(bench.folder, 'a-file'), '');
    const { exitCode, stderr } = await bench.run(...resume, '--ledger', 'a-file');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/a-file.*choose another folder/);
    expect(bench.emulator.journal.mutating).toEqual([]);
  });

  it('is stopped by an intent of unknown effect, until somebody decides about it', async () => {
    bench.emulator.faults.add({ kind: 'hang', when: 'before' });
    const first = await bench.run(...lost);
    expect(first.exitCode).toBe(3);
    const again = await bench.run(...resume, '--json');
    expect(again.exitCode).toBe(3);
    const [record] = await bench.recorded();
    const id = record?.intent.id ?? '';
    // What can be done about it, to paste.
    for (const { stderr } of [first, again]) {
      expect(stderr).toContain(`resumable ledger reconcile ${id}\n`);
      expect(stderr).toContain(`resumable ledger settle ${id} --as did-not-happen --actor `);
    }
    const named = await bench.run(...resume, '--config', './resumable.config.json');
    expect(named.stderr).toContain(`resumable ledger reconcile ${id} --config ./resumable.config.json\n`);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'unknown', error: { code: 'ABORTED' } });
    expect(again.stderr).toContain(id);
    expect(bench.emulator.journal.mutating).toHaveLength(1);

    const settled = await bench.run(
      'ledger',
      'settle',
      id,
      '--as',
      'did-not-happen',
      '--actor',
      'ann',
      '--reason',
      'seen',
    );
    expect(settled.exitCode).toBe(0);
    expect((await bench.run(...resume)).exitCode).toBe(0);
    expect(bench.emulator.journal.mutating).toHaveLength(2);
  });

  it.each([
    [['--idempotency-key', ' '], /must not be blank/],
    [['--reason', ''], /must not be blank/],
    [['--actor', '\t'], /must not be blank/],
    [['--read-back-ms', '0'], /whole number of milliseconds/],
  ])('refuses %j', async (flags, said) => {
    const { exitCode, stderr } = await bench.run(...resume, ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
  });
});
