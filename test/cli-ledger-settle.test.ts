import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerRecord } from '../src/ledger/ledger.js';
import { intentOf, LEASE_MS, refusedSettlement } from '../src/testing/ledger-bench.js';
import { CliLedgerBench } from './cli-ledger-bench.js';

vi.setConfig({ testTimeout: 30_000 });

let bench: CliLedgerBench;

beforeEach(async () => {
  bench = await CliLedgerBench.open();
});
afterEach(() => bench.close());

describe('resumable ledger settle', () => {
  const why = ['--actor', 'ann', '--reason', 'seen in the console'];

  it('keeps who decided, why and when, and builds the receipt from the intent', async () => {
    const id = await bench.intent({ key: 'k' });
    const before = Date.now();
    const { exitCode, stdout } = await bench.run(
      'ledger',
      'settle',
      id,
      '--as',
      'happened',
      ...why,
      '--execution',
      'run-2',
      '--json',
    );
    expect(exitCode).toBe(0);
    const { settlement, intent } = JSON.parse(stdout) as LedgerRecord;
    expect(settlement).toMatchObject({
      decision: { as: 'happened', actor: 'ann', reason: 'seen in the console' },
      verdict: {
        status: 'accepted',
        receipt: {
          provider: 'any',
          connection: 'any-eu',
          previousExecution: intent.target.execution,
          execution: 'run-2',
          sameExecution: false,
          action: 'resume',
          performed: 'restart',
          nodes: ['join', 'load'],
          nodesBasis: 'expected',
          confirmedBy: 'ledger',
          attempts: 0,
          warnings: ['ann decided that it happened: seen in the console'],
        },
      },
    });
    expect(settlement?.decision?.decidedAtMs).toBeGreaterThanOrEqual(before);
    expect(await bench.ledger.find(id)).toMatchObject({ settlement });
  });

  it('warns where the execution to follow was not told', async () => {
    const id = await bench.intent();
    const { stdout } = await bench.run('ledger', 'settle', id, '--as', 'happened', ...why);
    expect(stdout).toMatch(/! the execution to follow was not told/);
    const [{ settlement } = {}] = await bench.recorded();
    const receipt = settlement?.verdict.status === 'accepted' ? settlement.verdict.receipt : undefined;
    expect(receipt?.sameExecution).toBe(true);
    expect(receipt?.warnings[1]).toContain('was not told');
  });

  it('settles what did not happen as refused', async () => {
    const id = await bench.intent();
    const { exitCode, stdout } = await bench.run('ledger', 'settle', id, '--as', 'did-not-happen', ...why);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✘ refused[\s\S]*ABORTED: ann decided that it did not happen: seen in the console/);
    expect((await bench.ledger.find(id))?.settlement?.decision?.as).toBe('did-not-happen');
  });

  it('refuses while somebody works on it, and not once that process is gone', async () => {
    const id = await bench.intent({}, Date.now());
    const refused = await bench.run('ledger', 'settle', id, '--as', 'happened', ...why);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/is being worked on by somebody until .*Z: wait, or end that process\.\n$/);
    expect((await bench.ledger.find(id))?.settlement).toBeUndefined();
    const ofTheDead = intentOf();
    await bench.ledger.begin(ofTheDead, `2147483646@${hostname()}`, Date.now(), LEASE_MS);
    expect((await bench.run('ledger', 'settle', ofTheDead.id, '--as', 'did-not-happen', ...why)).exitCode).toBe(0);
  });

  it('refuses what is settled already, or not known', async () => {
    const id = await bench.intent();
    await bench.run('ledger', 'settle', id, '--as', 'happened', ...why);
    const again = await bench.run('ledger', 'settle', id, '--as', 'did-not-happen', ...why);
    expect(again).toMatchObject({ exitCode: 1, stderr: `${id} is settled already: it was accepted.\n` });
    expect(await bench.run('ledger', 'settle', 'nothing', '--as', 'happened', ...why)).toMatchObject({ exitCode: 1 });
  });

  it.each([
    [['--as', 'happened', '--actor', 'ann'], /--reason/],
    [['--as', 'happened', '--reason', 'x'], /--actor/],
    [why, /--as/],
    [['--as', 'maybe', ...why], /Allowed choices are happened, did-not-happen/],
    [['--as', 'happened', '--actor', '  ', '--reason', 'x'], /must not be blank/],
    [['--as', 'happened', '--actor', 'ann', '--reason', ''], /must not be blank/],
    [['--as', 'did-not-happen', ...why, '--execution', 'run-2'], /--as happened only/],
  ])('is used wrongly with %j', async (flags, said) => {
    const id = await bench.intent();
    const { exitCode, stderr } = await bench.run('ledger', 'settle', id, ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
    expect((await bench.ledger.find(id))?.settlement).toBeUndefined();
  });
});

describe('resumable ledger reconcile', () => {
  /** A provider whose reconcile answers what it was asked, through the ledger that it was handed. */
  async function configureReconciling(status: 'accepted' | 'unknown'): Promise<void> {
    const path = join(bench.folder, 'custom.mjs');
    const told = `reconcile: async ({ workflow, execution }, { readBackMs }) => {
      const record = await ledger.lookup({ target: { connection: name, workflow, execution } });
      const warnings = [record.intent.id + ' ' + readBackMs];
      if ('${status}' === 'accepted') return { status: 'accepted', receipt: { connection: name, provider: 'custom',
        workflow, execution: execution + '-again', previousExecution: execution, sameExecution: false,
        action: 'resume', performed: 'resume', nodes: [], confirmedBy: 'read-back', warnings, durationMs: 1 } };
      const error = Object.assign(new Error('still unknown'), { code: 'ABORTED', effect: 'unknown' });
      return { status: 'unknown', error };
    }`;
    await writeFile(
      path,
      `export const createCustomWorkflow = ({ name, ledger }) => ({ name, provider: 'custom', close: async () => {},
        capabilities: { actions: {}, notices: [] }, ${told} });`,
    );
    await bench.configure({ mine: { provider: `file://${path}` } });
  }

  it('reads back through the connection of the record', async () => {
    await configureReconciling('accepted');
    const id = await bench.intent({ connection: 'mine' });
    const { exitCode, stdout, stderr } = await bench.run('ledger', 'reconcile', id, '--read-back-ms', '5');
    const { target } = (await bench.ledger.find(id))?.intent ?? intentOf();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${target.execution}-again\n` });
    expect(stderr).toMatch(new RegExp(`known from .*reading back[\\s\\S]*! ${id} 5`));
  });

  it('exits with 3 where it stays unknown', async () => {
    await configureReconciling('unknown');
    const id = await bench.intent({ connection: 'mine' });
    const { exitCode, stdout } = await bench.run('ledger', 'reconcile', id, '--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'unknown', error: { code: 'ABORTED' } });
  });

  it('refuses what is settled already, and a connection that is not configured', async () => {
    const id = await bench.intent();
    expect(await bench.run('ledger', 'reconcile', id)).toMatchObject({
      exitCode: 2,
      stderr: `${id} was tried on "any-eu", which is not in the configuration.\n`,
    });
    await bench.ledger.settle(id, 1, refusedSettlement());
    expect(await bench.run('ledger', 'reconcile', id)).toMatchObject({ exitCode: 1 });
    expect(bench.emulator.connections).toBe(0);
  });
});
