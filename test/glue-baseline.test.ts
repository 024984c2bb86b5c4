import { describe, expect, it } from 'vitest';
import { ReadBackBench, undecided } from './glue-read-back-bench.js';

describe('runs that were there before', () => {
  it('do not count, and nothing was read to know them', async () => {
    const bench = await ReadBackBench.start();
    for (let count = 0; count < 3; count += 1) {
      bench.resume();
      bench.pass(1_500);
    }
    const lost = bench.intent();
    expect(bench.operations).toEqual([]);
    const nothing = { found: 'nothing', seen: 'no run was made of it, but for 3 from before' };
    expect(await bench.find(lost)).toEqual(nothing);
    const child = bench.resume();
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed', acceptance: { execution: child } });
  });

  it.each([-7_200_000, -1_234, 999, 86_400_000])('are told by a clock that is %i ms off', async (skewMs) => {
    const bench = await ReadBackBench.start({ skewMs });
    bench.resume();
    bench.pass(1_500);
    const lost = bench.intent();
    expect(await bench.find(lost)).toMatchObject({ found: 'nothing', seen: expect.stringContaining('1 from before') });
    const child = bench.resume();
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed', acceptance: { execution: child } });
  });

  it('are told more closely the more answers there were before', async () => {
    const bench = await ReadBackBench.start();
    const lost = () => bench.find(bench.intent());
    for (let count = 0; count < 25; count += 1) {
      await lost();
      bench.pass(1_037);
    }
    bench.resume();
    bench.pass(250);
    expect(await lost()).toMatchObject({ found: 'nothing', seen: expect.stringContaining('1 from before') });
  });

  it('count as new in the last second before the intent: that much is not known of Glue’s clock', async () => {
    const bench = await ReadBackBench.start();
    const stranger = bench.resume();
    bench.pass(100);
    expect(await bench.find(bench.intent())).toMatchObject({ found: 'resumed', acceptance: { execution: stranger } });
  });

  it('are told apart in the process of a successor, which has seen no answer before', async () => {
    const bench = await ReadBackBench.start();
    const before = bench.resume();
    bench.pass(2_000);
    const lost = bench.intent();
    const child = bench.resume();
    bench.pass(600_000);
    await bench.restart();
    expect(before).not.toBe(child);
    expect(await bench.find(lost)).toMatchObject({ found: 'resumed', acceptance: { execution: child } });
  });

  it('are not guessed at where this machine’s clock was set ahead since the intent', async () => {
    const bench = await ReadBackBench.start();
    const stranger = bench.resume();
    bench.pass(20_000);
    const lost = bench.intent();
    expect(await bench.find(lost)).toMatchObject({ found: 'nothing', seen: expect.stringContaining('1 from before') });
    bench.skewMs -= 3_600_000;
    expect(await bench.find(lost)).toEqual(undecided(`run ${stranger} may have begun before: a clock was set`));
    const child = bench.resume();
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} was made of it since; run ${stranger} may have`));
    // An intent of after that is told by the new setting alone.
    bench.pass(20_000);
    expect(await bench.find(bench.intent())).toMatchObject({ seen: expect.stringContaining('2 from before') });
  });

  it('are not guessed at where this machine’s clock was set back since the intent', async () => {
    const bench = await ReadBackBench.start();
    bench.resume();
    bench.pass(20_000);
    const lost = bench.intent();
    await bench.find(lost);
    bench.skewMs += 3_600_000;
    expect(await bench.find(lost)).toMatchObject({ found: 'nothing', seen: expect.stringContaining('1 from before') });
    const child = bench.resume();
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} may have begun before: a clock was set`));
  });

  it('are not guessed at where no answer has a readable Date', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume();
    const Runs = [{ WorkflowRunId: child, PreviousRunId: bench.execution, StartedOn: 1 }];
    const headers = { 'x-amzn-RequestId': 'r', Date: 'none' };
    const answer = { status: 200, headers, body: JSON.stringify({ Runs }) };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} may have begun before`));
  });

  it('are not guessed at by the Date of something that is not Glue', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume();
    const Runs = [{ WorkflowRunId: child, PreviousRunId: bench.execution, StartedOn: lost.createdAtMs / 1000 }];
    const answer = { status: 200, body: JSON.stringify({ Runs }) };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} may have begun before`));
  });

  it('are not taken for new by a Date that lies years back', async () => {
    const bench = await ReadBackBench.start();
    const stranger = bench.resume();
    bench.pass(3_600_000);
    const Runs = [
      { WorkflowRunId: stranger, PreviousRunId: bench.execution, StartedOn: bench.localMs() / 1000 - 3_600 },
    ];
    const headers = { 'x-amzn-RequestId': 'r', Date: 'Thu, 01 Jan 1970 00:00:00 GMT' };
    const answer = { status: 200, headers, body: JSON.stringify({ Runs }) };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(bench.intent())).toEqual(undecided(`run ${stranger} began later than it is by the Date`));
  });

  it.each([
    ['when it began', { WorkflowRunId: 'wr_c' }, 'run wr_c does not say when it began'],
    ['when it began in a form that can be read', { WorkflowRunId: 'wr_c', StartedOn: 'x' }, 'does not say when'],
    ['its id', { StartedOn: 4e9 }, 'a run without an id'],
  ])('cannot be told where a run does not say %s', async (_what, run, seen) => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const body = JSON.stringify({ Runs: [{ PreviousRunId: bench.execution, ...run }] });
    const answer = { status: 200, headers: { 'x-amzn-RequestId': 'r' }, body };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(lost)).toEqual(undecided(seen));
  });

  it('that cannot be told keep the one new run from being adopted', async () => {
    const bench = await ReadBackBench.start();
    const lost = bench.intent();
    const child = bench.resume();
    const ofIt = { PreviousRunId: bench.execution };
    const Runs = [
      { ...ofIt, WorkflowRunId: child, StartedOn: lost.createdAtMs / 1000 },
      { ...ofIt, WorkflowRunId: 'wr_c' },
    ];
    const answer = { status: 200, headers: { 'x-amzn-RequestId': 'r' }, body: JSON.stringify({ Runs }) };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(lost)).toEqual(undecided(`run ${child} was made of it since; run wr_c does not say`));
  });

  it('may have begun in the second that whole seconds are cut to', async () => {
    const bench = await ReadBackBench.start();
    for (let count = 0; count < 25; count += 1) {
      await bench.find(bench.intent());
      bench.pass(1_037);
    }
    const lost = bench.intent();
    const Runs = [
      {
        WorkflowRunId: 'wr_c',
        PreviousRunId: bench.execution,
        StartedOn: Math.floor(lost.createdAtMs / 1000),
      },
    ];
    const answer = { status: 200, headers: { 'x-amzn-RequestId': 'r' }, body: JSON.stringify({ Runs }) };
    bench.emulator.faults.add({ kind: 'answer', when: 'after', operation: 'GetWorkflowRuns', answer });
    expect(await bench.find(lost)).toEqual(undecided('run wr_c is listed, but cannot be read yet'));
  });
});
