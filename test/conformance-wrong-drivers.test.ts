import { describe, expect, it } from 'vitest';
import { describeDriverConformance, failuresOf, reportDriverConformance } from '../src/testing/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { RIGHT_DRIVERS } from './conformance-right-drivers.js';
import type { TinyAction } from './conformance-tiny-harness.js';
import { tinyHarness } from './conformance-tiny-harness.js';
import { WRONG_JUDGES, WRONG_RECEIPTS } from './conformance-wrong-answers.js';
import { WRONG_CONNECTIONS, wrapped } from './conformance-wrong-connections.js';
import { WRONG_ASKERS, WRONG_SENDERS } from './conformance-wrong-drivers.js';
import { WRONG_PRINTERS, WRONG_SHOWERS, WRONG_TRIERS } from './conformance-wrong-quietly.js';
import { WRONG_LOOKERS, WRONG_READERS } from './conformance-wrong-readers.js';
import { WRONG_LATER, WRONG_ONLOOKERS, WRONG_TELLERS } from './conformance-wrong-subtle.js';

describe('a right driver', () => {
  describeDriverConformance(tinyHarness(), { describe, it });
});

describe('no row fails for a right driver', () => {
  it.concurrent.each(RIGHT_DRIVERS)('%s', { timeout: 60_000 }, async (_name, harness) => {
    const report = await reportDriverConformance(harness);
    expect(report.rows.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(report.rows.length).toBeGreaterThan(70);
  });
});

describe('a wrong driver is caught by name: one that', () => {
  const plain = [...WRONG_SENDERS, ...WRONG_ASKERS, ...WRONG_READERS, ...WRONG_LOOKERS];
  const subtle = [...WRONG_LATER, ...WRONG_TELLERS, ...WRONG_ONLOOKERS, ...WRONG_JUDGES, ...WRONG_RECEIPTS];
  const quiet = [...WRONG_TRIERS, ...WRONG_PRINTERS, ...WRONG_SHOWERS];
  const all = [...plain, ...subtle, ...quiet];

  it.each(all)('$name', async ({ driver, caughtBy }) => {
    const report = await reportDriverConformance(tinyHarness(driver), { only: [caughtBy] });
    expect(failuresOf(report)).toEqual([caughtBy]);
  });

  it.each(WRONG_CONNECTIONS)('$name', async ({ attempt, caughtBy }) => {
    const harness = tinyHarness();
    const wrong = (endpoint: string): ResumableWorkflow<TinyAction> => {
      const right = harness.connect(endpoint);
      return wrapped(right, attempt);
    };
    const report = await reportDriverConformance({ ...harness, connect: wrong }, { only: [caughtBy] });
    expect(failuresOf(report)).toEqual([caughtBy]);
  });
});
