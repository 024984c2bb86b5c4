import { describe, expect, it } from 'vitest';
import { GlueDriver } from '../providers/glue/driver.js';
import { VirtualClock } from '../src/testing/index.js';
import type { Receipt } from '../src/types.js';
import { attemptOf } from './driver-attempt.js';
import { connected, emulated } from './glue-connection.js';
import { rejected } from './rejected.js';

const NOW = Date.UTC(2026, 2, 4);

describe('the sample, planned, resumed and followed', () => {
  it('goes on step by step: what was kept stays, what runs again does so as planned', async () => {
    const emulator = await emulated({ clock: new VirtualClock(NOW), knobs: { maxSkewMs: Number.POSITIVE_INFINITY } });
    const { endpoint, region, credentials, sample } = emulator;
    const { workflow, execution } = sample;
    const driver = new GlueDriver({ name: 'glue-eu', endpoint, region, credentials });
    const id = (name: string) => emulator.nodeId(workflow, name);
    const target = { workflow, execution, action: 'resume' as const, nodes: [] };

    const plan = await driver.doPlan(target, attemptOf());
    expect(plan).toMatchObject({ starts: sample.nodes, refusals: [], warnings: [] });
    const downstream = ['transform', 'load', 'report', 'catalogue', 'publish'].map(id);
    expect([plan.mayRun, plan.expected]).toEqual([downstream, downstream]);
    const failed = plan.inspection.nodes.find(({ name }) => name === 'transform');
    expect(failed?.attempts.map(({ error }) => error)).toEqual(Array(2).fill('the input had a column too many'));

    const selection = { performed: 'resume' as const, nodes: plan.nodes };
    const accepted = await driver.doResume(target, selection, attemptOf({ mutating: true }));
    const receipt = { ...accepted, previousExecution: execution } as unknown as Receipt;
    const seen: string[] = [];
    for (let state = 'running'; state === 'running'; ) {
      const ref = { workflow, execution: accepted.execution };
      const inspection = await driver.doInspect(ref, attemptOf(), receipt);
      const words = (name: string) => {
        const node = inspection.nodes.find((one) => one.name === name);
        return `${node?.providerState}${node?.carriedOver ? ' copied' : ''}`;
      };
      const line = [inspection.state, ...['check', 'transform', 'report', 'catalogue', 'publish'].map(words)].join(
        ', ',
      );
      if (seen.at(-1) !== line) seen.push(line);
      state = inspection.state;
      // As a program in another language moves it.
      await fetch(`${endpoint}/_emulator/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 250 }) });
    }
    expect(seen).toEqual([
      'running, SUCCEEDED copied, STARTING, , , ',
      'running, SUCCEEDED copied, RUNNING, , , ',
      'running, SUCCEEDED copied, SUCCEEDED, STARTING, , ',
      'running, SUCCEEDED copied, SUCCEEDED, RUNNING, , ',
      'running, SUCCEEDED copied, SUCCEEDED, SUCCEEDED, RUNNING, ',
      'running, SUCCEEDED copied, SUCCEEDED, SUCCEEDED, SUCCEEDED, STARTING',
      'running, SUCCEEDED copied, SUCCEEDED, SUCCEEDED, SUCCEEDED, RUNNING',
      'succeeded, SUCCEEDED copied, SUCCEEDED, SUCCEEDED, SUCCEEDED, SUCCEEDED',
    ]);
    const old = await driver.doInspect({ workflow, execution }, attemptOf());
    expect(old.state, 'the run that was resumed stays as it is').toBe('failed');
    await driver.close();
  });

  it('never follows the old run, whatever a receipt says', async () => {
    const emulator = await emulated();
    const { endpoint, region, credentials, sample } = emulator;
    const connection = connected({ endpoint, region, credentials });
    const { workflow, execution } = sample;
    const receipt = await connection.resume({ workflow, execution });
    emulator.journal.clear();
    const edited = { ...receipt, execution, sameExecution: true };
    const error = await rejected(connection.settled(edited));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.message).toContain('execution must be the new one: glue goes on in another than was resumed');
    expect(emulator.journal.entries).toEqual([]);
  });

  it('refuses a time of STARTING below zero', async () => {
    const emulator = await emulated();
    const { workflow } = emulator.sample;
    expect(() => emulator.script(workflow, 'load', [{ startingMs: -1 }])).toThrow(/startingMs/);
  });
});
