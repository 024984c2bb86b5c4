import { expect, it } from 'vitest';
import { composePlan } from '../src/plan/compose.js';
import { differencesOf } from '../src/plan/difference.js';
import { planFingerprintOf } from '../src/plan/fingerprint.js';
import { applicablePlan } from '../src/plan/plan-schema.js';
import { soundProjection } from '../src/plan/sound-projection.js';
import { snapshotOf } from '../src/planning.js';
import type { ResumePlan } from '../src/resume-plan.js';
import { largeProjection } from './plan-graph.js';

const NODES = 10_000;
const ROUNDS = 9;
const where = { provider: 'fake', name: 'fake-eu' };
const target = { workflow: 'nightly', execution: 'run-1', action: 'resume' as const, nodes: [] };

/** The median CPU time of some rounds, in milliseconds, after one that warms up. */
function cpuMsOf(work: () => void): number {
  const spent = Array.from({ length: ROUNDS + 1 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return spent.slice(1).sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

function planOf(projection: ReturnType<typeof largeProjection>): ResumePlan {
  const sound = soundProjection(projection, (text) => text);
  const parts = { name: where.name, driver: { provider: where.provider } as never };
  const snapshot = snapshotOf(parts, target, { inspection: sound.inspection, readAtMs: 0 });
  const planning = { provider: where.provider, connection: where.name, identity: 'eu', target, refusals: [] };
  return composePlan(planning, sound, snapshot);
}

it('10,000 nodes and 30,000 edges cost every step of a plan little more than parsing them does', {
  timeout: 60_000,
}, () => {
  const projection = largeProjection(NODES);
  expect(projection.inspection.edges).toHaveLength(3 * NODES);
  const body = JSON.stringify(projection);
  const plan = planOf(projection);
  const file = JSON.stringify(plan);
  const parsed: unknown = JSON.parse(file);
  const other = planOf({ ...projection, resumedAs: ['run-2'] });
  const steps = {
    parse: cpuMsOf(() => JSON.parse(body)),
    sound: cpuMsOf(() => soundProjection(projection, (text) => text)),
    whole: cpuMsOf(() => planOf(projection)),
    fingerprint: cpuMsOf(() => planFingerprintOf(plan)),
    check: cpuMsOf(() => applicablePlan(parsed, where)),
    difference: cpuMsOf(() => differencesOf(plan, other)),
  };
  const figures = Object.entries(steps).map(([step, ms]) => `${step} ${ms.toFixed(1)} ms`);
  const ratio = steps.whole / steps.parse;
  const line = `${(body.length / 1e6).toFixed(1)} MB: ${figures.join(', ')}; a plan costs ${ratio.toFixed(2)} times the parsing`;
  if (process.env['PLAN_FIGURES'] !== undefined) console.info(line);
  expect(steps.whole, line).toBeLessThan(100);
  expect(steps.check, line).toBeLessThan(300);
  expect(steps.difference, line).toBeLessThan(200);
});
