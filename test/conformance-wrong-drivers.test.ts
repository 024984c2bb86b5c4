import { describe, expect, it } from 'vitest';
import { describeDriverConformance, failuresOf, reportDriverConformance } from '../src/testing/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import type { TinyAction } from './conformance-tiny-harness.js';
import { tinyHarness } from './conformance-tiny-harness.js';
import { WRONG_CONNECTIONS, wrapped } from './conformance-wrong-connections.js';
import { WRONG_ASKERS, WRONG_SENDERS } from './conformance-wrong-drivers.js';
import { WRONG_LOOKERS, WRONG_READERS } from './conformance-wrong-readers.js';

describe('a right driver', () => {
  describeDriverConformance(tinyHarness(), { describe, it });
});

describe('a wrong driver is caught by name: one that', () => {
  const all = [...WRONG_SENDERS, ...WRONG_ASKERS, ...WRONG_READERS, ...WRONG_LOOKERS];

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
