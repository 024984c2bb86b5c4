import { describe, expect, it, vi } from 'vitest';
import type { ConformanceRunner } from '../src/testing/index.js';
import { describeDriverConformance, failuresOf, reportDriverConformance } from '../src/testing/index.js';
import { tinyHarness } from './conformance-tiny-harness.js';
import { WRONG_PRINTERS } from './conformance-wrong-quietly.js';

/** A runner that keeps what it is given. */
function recording(withSkip: boolean) {
  const tests = new Map<string, () => Promise<void>>();
  const skipped: string[] = [];
  const it = (name: string, body: () => Promise<void>) => void tests.set(name, body);
  const skip = (name: string) => void skipped.push(name);
  const runner: ConformanceRunner = {
    describe: (_name, body) => body(),
    it: withSkip ? Object.assign(it, { skip }) : it,
  };
  return { runner, tests, skipped };
}

describe('the report of a conformance run', () => {
  it('fills in as the tests run, and is plain JSON', async () => {
    const { runner, tests } = recording(false);
    const print = vi.spyOn(console, 'info').mockImplementation(() => {});
    const report = describeDriverConformance(tinyHarness(), runner);
    print.mockRestore();
    await tests.get('connection: none → made without sending anything')?.();
    expect(report.provider).toBe('tiny');
    expect(JSON.parse(JSON.stringify(report.rows))).toContainEqual({
      group: 'the connection',
      capability: 'connection',
      fault: 'none',
      expected: 'made without sending anything',
      observed: 'tiny-one of tiny',
      result: 'pass',
    });
  });

  it('holds what a failing row saw, and the test fails with it', async () => {
    const { runner, tests } = recording(false);
    const print = vi.spyOn(console, 'info').mockImplementation(() => {});
    const report = describeDriverConformance({ ...tinyHarness(), pages: undefined as never }, runner);
    print.mockRestore();
    const name = 'list: more than one page → every execution once, reading only';
    await expect(tests.get(name)?.()).rejects.toThrow('the harness needs pages()');
    expect(report.rows.at(-1)).toMatchObject({
      result: 'fail',
      observed: expect.stringContaining('pages()') as string,
    });
  });

  it('counts what is skipped as skipped, prints the reason, and tells the runner', () => {
    const { runner, tests, skipped } = recording(true);
    const print = vi.spyOn(console, 'info').mockImplementation(() => {});
    const { throttle: _left, ...harness } = tinyHarness();
    const { rows } = describeDriverConformance(harness, runner);
    const printed = print.mock.calls.map(([line]) => String(line));
    print.mockRestore();
    const reason = 'throttling: the harness names no answer of the provider’s own';
    expect(rows).toContainEqual(expect.objectContaining({ capability: 'resume', observed: reason, result: 'skipped' }));
    expect(printed).toContain(`tiny: resume: resume: skipped, since ${reason}`);
    expect(skipped).toContain(`resume: skipped, since ${reason}`);
    expect([...tests.keys()].filter((name) => name.includes('throttling'))).toEqual([]);
  });

  it('puts back all that prints, also where rows run at a time and fail', async () => {
    const writers = () => [process.stdout, process.stderr].map((stream): unknown => Reflect.get(stream, 'write'));
    const printers = () => [...writers(), Reflect.get(process, 'emitWarning'), Reflect.get(console, 'debug')];
    const before = printers();
    const harnesses = WRONG_PRINTERS.map(({ driver, caughtBy }) => ({
      harness: tinyHarness(driver),
      only: [caughtBy],
    }));
    const reports = await Promise.all(harnesses.map(({ harness, only }) => reportDriverConformance(harness, { only })));
    expect(reports.flatMap(failuresOf)).toEqual(WRONG_PRINTERS.map(({ caughtBy }) => caughtBy));
    expect(printers()).toEqual(before);
  });

  it('can be asked for some rows, and refuses a name that is none', async () => {
    const only = ['connection: none → made without sending anything'];
    expect((await reportDriverConformance(tinyHarness(), { only })).rows).toHaveLength(1);
    await expect(reportDriverConformance(tinyHarness(), { only: ['no such row'] })).rejects.toThrow(
      'no row no such row',
    );
  });
});
