import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MAX_TIMER_MS, REAL_RUNTIME } from '../src/runtime.js';

it.each([MAX_TIMER_MS, MAX_TIMER_MS + 1, 2 * MAX_TIMER_MS + 30_000])(
  'a timer of %i ms does not run out at once',
  async (delayMs) => {
    let hasRunOut = false;
    const cancel = REAL_RUNTIME.startTimer(delayMs, () => {
      hasRunOut = true;
    });
    await sleep(20);
    cancel();
    expect(hasRunOut).toBe(false);
  },
);

it('ids are never the same', () => {
  expect(new Set(Array.from({ length: 1_000 }, REAL_RUNTIME.newId)).size).toBe(1_000);
});
