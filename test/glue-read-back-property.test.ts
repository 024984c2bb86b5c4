import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../src/driver.js';
import { attemptOf, failureOf } from './driver-attempt.js';
import { ReadBackBench } from './glue-read-back-bench.js';

const RUNS = 200;
const upTo = (max: number) => fc.integer({ min: 0, max });

/** Everything that may go on around one lost resume; times in milliseconds. */
const stories = fc.record({
  skewMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
  /** Where in a second it begins. */
  phaseMs: upTo(999),
  /** How long each look at this machine's clock takes, and with it each request. */
  tickMs: upTo(40),
  visibilityDelayMs: fc.oneof(fc.constant(0), upTo(20_000)),
  runsOrder: fc.constantFrom('newest-first' as const, 'oldest-first' as const),
  pageCap: fc.integer({ min: 1, max: 4 }),
  /** Answers that the process has seen before, and the time between them. */
  answersBefore: fc.array(upTo(3_000), { maxLength: 4 }),
  /** Strangers' resumes of the same run and node: how long before the intent. */
  strangersBefore: fc.array(fc.oneof(upTo(3_000), upTo(600_000)), { maxLength: 3 }),
  ours: fc.constantFrom('committed' as const, 'never' as const),
  oursAfterMs: upTo(800),
  strangersAfter: fc.array(upTo(5_000), { maxLength: 1 }),
  /** Whether another process reads back, which has seen no answer. */
  successor: fc.boolean(),
});
type Story = typeof stories extends fc.Arbitrary<infer S> ? S : never;

/** What has failed before. */
const FAILED_ONCE: readonly Story[] = [
  {
    skewMs: 0,
    phaseMs: 712,
    tickMs: 0,
    visibilityDelayMs: 0,
    runsOrder: 'newest-first',
    pageCap: 1,
    answersBefore: [603, 1596],
    strangersBefore: [439179, 1560],
    ours: 'committed',
    oursAfterMs: 0,
    strangersAfter: [],
    successor: false,
  },
  {
    skewMs: 0,
    phaseMs: 0,
    tickMs: 1,
    visibilityDelayMs: 2,
    runsOrder: 'newest-first',
    pageCap: 1,
    answersBefore: [],
    strangersBefore: [],
    ours: 'committed',
    oursAfterMs: 0,
    strangersAfter: [],
    successor: false,
  },
];

interface KnownChild {
  readonly id: string;
  readonly startedMs: number;
}

it('a lost resume is found where it is alone, told as several where it is not, and never taken for an old one', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const { skewMs, visibilityDelayMs, runsOrder, pageCap } = story;
      const bench = await ReadBackBench.open({ skewMs, knobs: { visibilityDelayMs, runsOrder, pageCap } });
      try {
        await play(bench, story);
      } finally {
        await bench.close();
      }
    }),
    { numRuns: RUNS, examples: FAILED_ONCE.map((story) => [story]) },
  );
}, 60_000);

async function play(bench: ReadBackBench, story: Story): Promise<void> {
  bench.pass(story.phaseMs);
  await look(bench, story.answersBefore);
  passAlong(
    bench,
    story.strangersBefore.map((before) => -before),
  );
  bench.tickMs = story.tickMs;
  const lost = bench.intent();
  const madeMs = lost.createdAtMs + story.skewMs;
  await send(bench, story);
  passAlong(bench, story.strangersAfter);
  if (story.successor) await bench.restart();
  for (const waitMs of [0, 20_000]) {
    bench.pass(waitMs);
    const elapsedMs = bench.emulator.clock.nowMs - madeMs;
    // A second, what the service's clocks may be apart, the time on the way back, and drift.
    const widthMs = 1_000 + 100 + 2 * story.tickMs + 0.002 * (elapsedMs + 1_000) + 1;
    const before = childrenOf(bench, story.visibilityDelayMs);
    const found = await bench.find(lost);
    // What comes to show while it is looked for may be seen or not.
    check(found, { before, after: childrenOf(bench, story.visibilityDelayMs) }, madeMs, widthMs);
  }
}

/** Has the driver see some answers. */
async function look(bench: ReadBackBench, passes: readonly number[]): Promise<void> {
  for (const passMs of passes) {
    await bench.find(bench.intent());
    bench.pass(passMs);
  }
}

/** Resumes as strangers, at times from now on; the earliest of negative ones is now, and 0 is the end. */
function passAlong(bench: ReadBackBench, times: readonly number[]): void {
  const sorted = [...times].sort((one, other) => one - other);
  let at = Math.min(0, sorted[0] ?? 0);
  for (const time of sorted) {
    bench.pass(time - at);
    at = time;
    bench.resume();
  }
  bench.pass(Math.max(0, -at));
}

/** Sends the resume; its answer is lost, and with it whether it was carried out. */
async function send(bench: ReadBackBench, { ours, oursAfterMs }: Story): Promise<void> {
  bench.pass(oursAfterMs);
  bench.emulator.faults.add({ kind: 'reset', when: ours === 'committed' ? 'after' : 'before' });
  const nodes = [bench.node('transform')];
  const sent = bench.driver.doResume(bench.target(), { performed: 'resume', nodes }, attemptOf({ mutating: true }));
  expect((await failureOf(sent)).details.effect).toBe('unknown');
}

/** Every run that was made of the resumed one and shows by now. */
function childrenOf(bench: ReadBackBench, visibilityDelayMs: number): readonly KnownChild[] {
  const nowMs = bench.emulator.clock.nowMs;
  return bench.emulator
    .runs('wf')
    .filter(({ PreviousRunId }) => PreviousRunId === bench.execution)
    .map(({ WorkflowRunId, StartedOn }) => ({ id: WorkflowRunId, startedMs: Math.round(StartedOn * 1000) }))
    .filter(({ startedMs }) => startedMs + visibilityDelayMs <= nowMs);
}

function check(
  found: Finding,
  shown: { readonly before: readonly KnownChild[]; readonly after: readonly KnownChild[] },
  madeMs: number,
  widthMs: number,
): void {
  // A time that happens to be a whole second may stand for all of it.
  const latest = ({ startedMs }: KnownChild) => startedMs + (startedMs % 1_000 === 0 ? 999 : 0);
  const possible = shown.after.filter((child) => latest(child) >= madeMs - widthMs).map(({ id }) => id);
  const since = shown.before.filter(({ startedMs }) => startedMs >= madeMs).map(({ id }) => id);
  const told = toldBy(found);
  // Nothing older than the time by which Glue's clock is not known is ever told, and nothing newer is left out.
  expect(possible).toEqual(expect.arrayContaining([...told]));
  expect(told).toEqual(expect.arrayContaining(since));
  if (possible.length === 0) expect(found).not.toHaveProperty('undecided');
  if (since.length === 1 && possible.length === 1) expect(found.found).toBe('resumed');
  if (since.length > 1) expect(found.found).toBe('several');
}

function toldBy(found: Finding): readonly string[] {
  switch (found.found) {
    case 'resumed':
      return [found.acceptance.execution];
    case 'several':
      return found.executions;
    case 'nothing':
      return [];
    case 'different':
      return expect.fail(found.seen);
  }
}
