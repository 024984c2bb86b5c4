import { expect, it } from 'vitest';
import { emptyTally, lineOf, playInterleaving } from './plan-interleaved.js';

/** `PLAN_INTERLEAVINGS=100000 npx vitest run test/plan-interleavings.test.ts` plays the rest. */
const COUNT = Number(process.env['PLAN_INTERLEAVINGS'] ?? 2_000);
const SEED = Number(process.env['PLAN_SEED'] ?? 1);

it(`a plan that went stale before it is read again is never applied, in ${COUNT} interleavings from seed ${SEED}`, {
  timeout: 1_800_000,
}, async () => {
  const tally = emptyTally();
  const wrong: string[] = [];
  for (let seed = SEED; seed < SEED + COUNT && wrong.length < 5; seed += 1) {
    wrong.push(...(await playInterleaving(seed, tally)));
  }
  expect(wrong).toEqual([]);
  console.info(lineOf(tally));
  if (COUNT < 2_000) return;
  // Each of them was played.
  for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});
