import type { Action, ResumableWorkflow } from '../../types.js';
import { answerChecks } from './answer-checks.js';
import { Bench, withinMs } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { nameOf } from './check.js';
import { connectionChecks } from './connection-checks.js';
import { crowdChecks } from './crowd-checks.js';
import type { DriverHarness, FaultyService } from './harness.js';
import { idChecks } from './id-checks.js';
import { inspectChecks } from './inspect-checks.js';
import { listChecks } from './list-checks.js';
import { nodeChecks } from './node-checks.js';
import { planChecks } from './plan-checks.js';
import { readBackChecks } from './read-back-checks.js';
import { receiptChecks } from './receipt-checks.js';
import type { ConformanceReport, ConformanceRow } from './report.js';
import { secretChecks } from './secret-checks.js';
import { timeChecks } from './time-checks.js';
import { triesChecks } from './tries-checks.js';
import { beforeDispatchChecks, undeclaredChecks } from './unsent-checks.js';

/** A driver that never ends may not keep the report from ending, in milliseconds. */
const ROW_MS = 20_000;

/** What `describe` and `it` of a test runner must do; those of vitest, node:test, mocha and jest do. */
export interface ConformanceRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: ((name: string, body: () => Promise<void>) => unknown) & {
    /** Where a runner has one, skipped rows show in its summary as skipped. */
    readonly skip?: ((name: string, body: () => Promise<void>) => unknown) | undefined;
  };
}

/**
 * The contract of a driver, as tests of a runner: what every connection must do that a driver is behind.
 *
 * What the connection's capabilities declare is tested; what they do not declare must be refused before a byte is sent;
 * what is skipped is printed with its reason. Each row has a service of its own.
 *
 * @param runner - `{ describe, it }` of vitest, node:test, mocha or jest.
 * @returns the report, whose rows fill in as the tests run.
 */
export function describeDriverConformance<A extends Action, S extends FaultyService>(
  harness: DriverHarness<A, S>,
  runner: ConformanceRunner,
): ConformanceReport {
  const plan = planOf(harness);
  const rows: ConformanceRow[] = [];
  const { it } = runner;
  runner.describe(`the ${plan.provider} driver conforms`, () => {
    for (const { title, checks, skipped = [] } of plan.groups) {
      runner.describe(title, () => {
        for (const check of checks) {
          it(nameOf(check), async () => {
            const { row, thrown } = await play(plan.harness, title, check);
            rows.push(row);
            if (thrown !== undefined) throw thrown.reason;
          });
        }
        for (const { capability, reason } of skipped) {
          rows.push(skippedRow(title, capability, reason));
          const name = `${capability}: skipped, since ${reason}`;
          console.info(`${plan.provider}: ${title}: ${name}`);
          it.skip?.(name, async () => {});
        }
      });
    }
  });
  return { provider: plan.provider, rows };
}

/**
 * The same without a test runner.
 *
 * @param options.only - the names of the rows to run. @default all
 * @throws Error where there is no row of a name.
 */
export async function reportDriverConformance<A extends Action, S extends FaultyService>(
  harness: DriverHarness<A, S>,
  options: { readonly only?: readonly string[] | undefined } = {},
): Promise<ConformanceReport> {
  const { only } = options;
  const plan = planOf(harness);
  const names = plan.groups.flatMap(({ checks }) => checks.map(nameOf));
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}; there are:\n${names.join('\n')}`);
  const rows: ConformanceRow[] = [];
  for (const { title, checks, skipped = [] } of plan.groups) {
    for (const check of checks) {
      if (only?.includes(nameOf(check)) !== false) rows.push((await play(plan.harness, title, check)).row);
    }
    if (only === undefined)
      rows.push(...skipped.map(({ capability, reason }) => skippedRow(title, capability, reason)));
  }
  return { provider: plan.provider, rows };
}

interface Plan {
  readonly provider: string;
  readonly harness: DriverHarness;
  readonly groups: readonly CheckGroup[];
}

/** All rows, by what a connection declares; nothing is sent to find that out. */
function planOf<A extends Action, S extends FaultyService>(given: DriverHarness<A, S>): Plan {
  const harness: DriverHarness = given;
  const sample: ResumableWorkflow = harness.connect('http://127.0.0.1:9');
  // It has sent nothing, so that nobody needs to wait for it.
  sample.close().catch(() => {});
  const groups = [
    connectionChecks(sample),
    undeclaredChecks(sample),
    idChecks(sample),
    ...answerChecks(sample, harness),
    nodeChecks(sample),
    receiptChecks(sample, harness),
    beforeDispatchChecks(sample),
    triesChecks(sample),
    timeChecks(sample, harness),
    secretChecks(sample, harness),
    inspectChecks(sample, harness),
    planChecks(sample),
    listChecks(sample),
    readBackChecks(sample, harness),
    crowdChecks(sample, harness),
  ];
  const names = groups.flatMap(({ checks }) => checks.map(nameOf));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two rows are called ${twice}`);
  return { provider: sample.provider, harness, groups };
}

async function play(
  harness: DriverHarness,
  group: string,
  check: Check,
): Promise<{ readonly row: ConformanceRow; readonly thrown?: { readonly reason: unknown } }> {
  const { capability, fault, expected } = check;
  const row = { group, capability, fault, expected };
  let bench: Bench | undefined;
  try {
    bench = await Bench.open(harness);
    return { row: { ...row, observed: await withinMs(check.run(bench), ROW_MS, 'the row'), result: 'pass' } };
  } catch (reason) {
    const observed = reason instanceof Error ? reason.message : String(reason);
    return { row: { ...row, observed, result: 'fail' }, thrown: { reason } };
  } finally {
    await bench?.close();
  }
}

function skippedRow(group: string, capability: string, reason: string): ConformanceRow {
  return { group, capability, fault: 'none', expected: 'skipped', observed: reason, result: 'skipped' };
}
