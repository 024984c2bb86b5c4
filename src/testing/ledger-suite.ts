import type { LedgerUnderTest, SuiteRunner, TestLedger } from './ledger-bench.js';
import { testBeginning } from './ledger-suite-begin.js';
import { testLeases } from './ledger-suite-leases.js';
import { testRecords } from './ledger-suite-records.js';

export type { LedgerUnderTest, SuiteRunner } from './ledger-bench.js';

/**
 * The contract of `ResumeLedger`: what every ledger must pass.
 *
 * @param runner - `{ describe, it }` of vitest, node:test, mocha or jest.
 * @param makeLedger - makes an empty ledger for each test.
 */
export function testResumeLedger(runner: SuiteRunner, makeLedger: () => Promise<LedgerUnderTest>): void {
  const test: TestLedger = (name, body) => {
    runner.it(name, async () => {
      const bench = await makeLedger();
      try {
        await body(bench);
      } finally {
        await bench.dispose();
      }
    });
  };
  runner.describe('begin and lookup', () => testBeginning(test));
  runner.describe('leases and fences', () => testLeases(test));
  runner.describe('what is remembered', () => testRecords(test));
}
