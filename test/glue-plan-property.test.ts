import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GlueNode, GlueWorkflowRun, NodeOutcome } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { inspectionOf } from '../providers/glue/inspection.js';
import { projectionOf } from '../providers/glue/projection.js';
import { readRun } from '../providers/glue/run-reader.js';
import { standingRunOf } from '../providers/glue/standing-run.js';
import type { WorkflowRun } from '../providers/glue/wire.js';
import type { Projection } from '../src/inspection.js';
import { VirtualClock } from '../src/testing/index.js';
import type { Receipt } from '../src/types.js';
import type { Outcome } from './glue-random-graphs.js';
import { definitions, givenRuns, knobs, outcomes } from './glue-random-graphs.js';

const GRAPHS = Number(process.env['GLUE_GRAPHS'] ?? 300);
const NOW = Date.UTC(2026, 2, 4);
const picks = fc.array(fc.nat(30), { maxLength: 4 });
const endings = fc.oneof(fc.constant(undefined), outcomes);
const tally: Record<string, number> = {};
const count = (what: string): void => {
  tally[what] = (tally[what] ?? 0) + 1;
};

function worldOf(settings: Parameters<typeof Object.assign>[0]): GlueEmulator {
  return new GlueEmulator({ clock: new VirtualClock(NOW), knobs: settings });
}

/** Nodes to name: nearly always ones that can be restarted. */
function picked(run: GlueWorkflowRun, places: readonly number[]): string[] {
  const attempted = nodesOf(run).filter((node) => attemptsOf(node).length > 0);
  const ids = places.map((place) => {
    const from = place > 28 ? nodesOf(run) : attempted;
    return from[place % from.length]?.UniqueId ?? 'strange';
  });
  return [...new Set(ids)];
}

/** What is read of a run: as it comes over the wire. */
function readOf(run: GlueWorkflowRun): WorkflowRun {
  const read = readRun(JSON.parse(JSON.stringify(run)));
  if (read === undefined) throw new Error('the run must be readable');
  return read;
}

function runOf(world: GlueEmulator, id: string): GlueWorkflowRun {
  const run = world.runs('flow').find(({ WorkflowRunId }) => WorkflowRunId === id);
  if (run === undefined) throw new Error(`there is no run ${id}`);
  return run;
}

const nodesOf = ({ Graph }: GlueWorkflowRun): readonly GlueNode[] => Graph?.Nodes ?? [];
const runnable = ({ Type }: GlueNode): boolean => Type === 'JOB' || Type === 'CRAWLER';
const attemptsOf = ({ Type, JobDetails, CrawlerDetails }: GlueNode) =>
  Type === 'JOB'
    ? (JobDetails?.JobRuns ?? []).map(({ JobRunState, ...run }) => ({ state: JobRunState, ...run }))
    : Type === 'CRAWLER'
      ? (CrawlerDetails?.Crawls ?? []).map(({ State, ...run }) => ({ state: State, ...run }))
      : [];
const BAD = new Set(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED', 'STOPPED', 'CANCELLED']);

/** From now on each node ends so, whatever the run; well, where there are no outcomes. */
function script(world: GlueEmulator, nodes: readonly GlueNode[], ends: readonly Outcome[] | undefined): void {
  for (const [place, { UniqueId = '', Type }] of nodes.filter(runnable).entries()) {
    const outcome = ends?.[place % ends.length];
    const { durationMs = 10 + place, startingMs = 0 } = outcome ?? {};
    const planned: NodeOutcome =
      Type === 'CRAWLER'
        ? { state: outcome?.crawler, durationMs }
        : { state: outcome?.job, durationMs, startingMs, retries: outcome?.retries };
    world.script('flow', UniqueId, [planned]);
  }
}

function planOf(world: GlueEmulator, execution: string, nodes: readonly string[]): Projection {
  const children = world.runs('flow').filter(({ PreviousRunId }) => PreviousRunId === execution);
  const target = {
    workflow: 'flow',
    execution,
    action: nodes.length > 0 ? ('restart' as const) : ('resume' as const),
    nodes,
  };
  return projectionOf(readOf(runOf(world, execution)), children.map(readOf), target, {});
}

/** What a run has started itself, rather than copied. */
function ranIn(run: GlueWorkflowRun): string[] {
  return nodesOf(run)
    .filter((node) => attemptsOf(node).some(({ StartedOn }) => StartedOn !== undefined && StartedOn >= run.StartedOn))
    .flatMap(({ UniqueId }) => UniqueId ?? []);
}

/** Plans, applies and holds the plan against what the emulator really does. */
function check(
  world: GlueEmulator,
  execution: string,
  named: readonly string[],
  ends: readonly Outcome[] | undefined,
  exact: boolean,
): void {
  world.clock.advance(5_000);
  const old = runOf(world, execution);
  const plan = planOf(world, execution, named);
  const { starts, mayRun, expected, refusals } = plan;
  if (refusals.length > 0) {
    for (const why of refusals) count(`refused: ${why.slice(0, 28)}`);
    expect([plan.nodes, starts, mayRun, expected]).toEqual([[], [], [], []]);
    if (old.Status === 'COMPLETED') return;
  }
  if (old.Status !== 'COMPLETED') {
    expect(refusals).not.toEqual([]);
    const ids = nodesOf(old).flatMap(({ UniqueId }) => UniqueId ?? []);
    expect(() => world.foreignResume('flow', execution, ids)).toThrow(/only a COMPLETED run/);
    return;
  }
  expect(starts.length).toBeGreaterThan(0);
  expect(mayRun).toEqual(expect.arrayContaining([...expected]));
  expect(expected).toEqual(expect.arrayContaining([...starts]));
  const byId = new Map(nodesOf(old).map((node) => [node.UniqueId, node]));
  if (named.length === 0) {
    for (const id of starts) {
      const states = attemptsOf(byId.get(id) ?? {}).map(({ state }) => state ?? '');
      expect(
        states.some((state) => BAD.has(state)),
        `${id} has failed`,
      ).toBe(true);
    }
  }

  script(world, nodesOf(old), ends);
  const resumed = applied(world, execution, plan);
  if (resumed === undefined) return;
  count(ends === undefined ? 'planned, all succeeds' : 'planned');
  if (expected.length < mayRun.length) count('not all is expected');
  expect([...resumed.nodeIds].sort()).toEqual([...starts].sort());
  const receipt = { execution: resumed.runId, nodes: resumed.nodeIds } as Receipt;
  const states = followed(world, receipt);
  const run = runOf(world, resumed.runId);
  const ran = ranIn(run);
  expect(mayRun).toEqual(expect.arrayContaining(ran));
  expect(ran).toEqual(expect.arrayContaining([...starts]));
  if (ends === undefined) {
    expect(expected).toEqual(expect.arrayContaining(ran));
    if (exact) expect([...expected].sort()).toEqual([...ran].sort());
  }
  const failed = standingRunOf(readOf(run)).nodes.some(({ standing }) => standing === 'failed');
  if (failed) expect(states.at(-1)).toBe('failed');
  expect(states.slice(0, -1)).not.toContain('succeeded');
}

/** A plan without refusals is accepted, unless Glue does not start what was only copied: of that the plan warns. */
function applied(world: GlueEmulator, execution: string, plan: Projection) {
  try {
    return world.foreignResume('flow', execution, plan.nodes);
  } catch (thrown) {
    expect((thrown as Error).message).toMatch(/not attempted by run/);
    expect(world.knobs.copiedAttempts).toBe('not-selectable');
    expect(plan.warnings.join()).toContain('did not run in this run');
    count('copies refused');
    return undefined;
  }
}

/** How a run looks, step by step, until it has ended. */
function followed(world: GlueEmulator, receipt: Receipt): string[] {
  const states: string[] = [];
  for (let step = 0; step < 400; step += 1) {
    const run = runOf(world, receipt.execution);
    states.push(inspectionOf(standingRunOf(readOf(run)), receipt).state);
    if (run.Status !== 'RUNNING') return states;
    world.clock.advance(step < 5 ? 7 : 500);
  }
  throw new Error('the run does not end');
}

it('a run of a workflow: what is planned is what runs', { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(
      fc.record({
        definition: definitions,
        settings: knobs,
        first: outcomes,
        between: picks,
        wait: fc.nat(12),
        named: picks,
        ends: endings,
      }),
      ({ definition, settings, first, between, wait, named, ends }) => {
        const world = worldOf(settings);
        world.define(definition);
        const start = world.startRun('flow');
        const nodes = nodesOf(runOf(world, start));
        let execution = start;
        world.settle();
        script(world, nodes, first);
        execution = world.startRun('flow');
        if (wait === 0) world.clock.advance(120);
        else world.settle();
        const pick = (places: readonly number[]) => picked(runOf(world, execution), places);
        // One resume before, so that the run that is planned for holds copies.
        const before = pick(between.slice(0, 2));
        if (planOf(world, execution, before).refusals.length === 0 && between.length > 1) {
          world.clock.advance(5_000);
          script(world, nodes, [...first].reverse());
          const { nodes: chosen } = planOf(world, execution, before);
          execution = world.foreignResume('flow', execution, chosen).runId;
          world.settle();
        }
        check(world, execution, pick(named), ends, true);
      },
    ),
    { numRuns: GRAPHS },
  );
});

it('a run with any graph: what runs was planned', { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(
      fc.record({ given: givenRuns, settings: knobs, named: picks, ends: endings }),
      ({ given, settings, named, ends }) => {
        const world = worldOf(settings);
        const execution = world.addRun('flow', given);
        check(world, execution, picked(runOf(world, execution), named), ends, false);
      },
    ),
    { numRuns: GRAPHS },
  );
  if (process.env['GLUE_GRAPHS'] !== undefined) console.info(JSON.stringify(tally));
});
