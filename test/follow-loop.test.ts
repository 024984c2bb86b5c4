import { describe, expect, it } from 'vitest';
import type { Progress } from '../src/progress.js';
import type { Receipt } from '../src/types.js';
import { failing, followed, inWords, toldOf } from './follow-bench.js';
import { allOf, hanging, inspection, node, readingConnection, receipt } from './inspect-bench.js';
import { rejected } from './rejected.js';

const NEW = { execution: 'run-2', sameExecution: false };
const running = inspection('running', [node('b', 'running')]);
const done = inspection('succeeded', [node('b', 'succeeded')]);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const gapsOf = (readAtMs: readonly number[]): number[] =>
  readAtMs.slice(1).map((atMs, place) => Math.round(atMs - (readAtMs[place] ?? 0)));

describe('reads that fail while a resume is followed', () => {
  it('are told and do not end it', async () => {
    const bench = followed(failing('INTERNAL'), running, failing('INTERNAL'), failing('ABORTED'), done);
    expect(inWords(await toldOf(bench, NEW))).toEqual([
      'read failed: INTERNAL',
      'b: - > running',
      'running',
      'read failed: INTERNAL',
      'read failed: ABORTED',
      'b: running > succeeded',
      'succeeded, settled',
    ]);
    expect(bench.runtime.pending).toBe(0);
  });

  it('may fail for hours', async () => {
    const bench = followed(...Array.from({ length: 500 }, () => failing('INTERNAL')), done);
    const all = await toldOf(bench, NEW);
    expect(inWords(all).at(-1)).toBe('succeeded, settled');
    expect((bench.readAtMs.at(-1) ?? 0) - (bench.readAtMs[0] ?? 0)).toBeGreaterThan(2 * 3_600_000);
  });

  it.each(['PERMISSION_DENIED', 'UNAUTHENTICATED', 'INVALID_ARGUMENT', 'UNIMPLEMENTED'] as const)(
    'end it where waiting mends nothing: %s',
    async (code) => {
      const bench = followed(running, failing(code), done);
      const error = await rejected(toldOf(bench, NEW));
      expect(error).toMatchObject({ code, effect: 'none' });
      expect(error.message).toContain('following nightly / run-2');
      expect(error.message).not.toContain('Nothing was resumed');
      expect(bench.runtime.pending).toBe(0);
    },
  );

  it('may not find the execution for a while, at first or later, and not for ever', async () => {
    const absent = failing('NOT_FOUND');
    const early = followed(absent, absent, absent, done);
    expect(inWords(await toldOf(early, NEW)).at(-1)).toBe('succeeded, settled');
    const calm = Array.from({ length: 30 }, () => running);
    const late = followed(...calm, absent, done);
    expect(inWords(await toldOf(late, NEW)).at(-1)).toBe('succeeded, settled');
    const gone = followed(running, absent);
    expect(await rejected(toldOf(gone, NEW, { visibilityMs: 20_000 }))).toMatchObject({ code: 'NOT_FOUND' });
    expect((gone.readAtMs.at(-1) ?? 0) - (gone.readAtMs[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it('are repeated no earlier than the provider asks for, which is no reason to hammer it', async () => {
    const bench = followed(failing('INTERNAL', 90_000), failing('INTERNAL', -5), failing('INTERNAL', 1e13), done);
    await toldOf(bench, NEW, { pollMs: 1_000 });
    const [first = 0, second = 0, third = 0] = gapsOf(bench.readAtMs);
    expect(first).toBe(90_000);
    expect(second).toBeGreaterThan(500);
    expect(third).toBe(2 ** 31 - 1);
  });
});

describe('how often it reads', () => {
  it('backs off to maxPollMs while nothing changes, and starts over when something does', async () => {
    const bench = followed(...Array.from({ length: 12 }, () => running), done, done);
    bench.runtime.chance = 0.999999;
    await toldOf(bench, NEW, { pollMs: 1_000, maxPollMs: 5_000 });
    expect(gapsOf(bench.readAtMs).slice(0, 6)).toEqual([1_000, 1_500, 2_250, 3_375, 5_000, 5_000]);
  });

  it('jitters between half and the whole', async () => {
    const bench = followed(running, running, done);
    bench.runtime.chance = 0;
    await toldOf(bench, NEW, { pollMs: 4_000 });
    expect(gapsOf(bench.readAtMs)).toEqual([2_000, 3_000]);
  });

  it('is never oftener than pollMs asks for, nor rarer than maxPollMs allows', async () => {
    const slow = followed(running, done);
    slow.runtime.chance = 0.999999;
    await toldOf(slow, NEW, { pollMs: 60_000 });
    expect(gapsOf(slow.readAtMs)).toEqual([60_000]);
    const bounded = followed(running, done);
    bounded.runtime.chance = 0.999999;
    await toldOf(bounded, NEW, { pollMs: 60_000, maxPollMs: 10_000 });
    expect(gapsOf(bounded.readAtMs)).toEqual([10_000]);
  });
});

describe('leaving', () => {
  it('by break frees everything', async () => {
    const { runtime, workflow, readAtMs } = followed(running);
    for await (const progress of workflow.follow(receipt(NEW))) {
      if (progress.kind === 'snapshot') break;
    }
    expect(runtime.pending).toBe(0);
    expect(readAtMs).toHaveLength(1);
  });

  it.each(['read', 'pause'])('in the middle of a %s frees everything at once', async (phase) => {
    const { runtime, workflow } =
      phase === 'read' ? readingConnection({ doInspect: () => hanging() }) : followed(running);
    const steps = workflow.follow(receipt(NEW))[Symbol.asyncIterator]();
    if (phase === 'pause') for (let step = 0; step < 2; step += 1) await steps.next();
    const pending = steps.next();
    await turn();
    expect(runtime.pending).toBeGreaterThan(0);
    await steps.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await steps.next()).toEqual({ done: true, value: undefined });
    expect(runtime.pending).toBe(0);
  });

  it.each(['read', 'pause'])('by the signal in the middle of a %s ends it at once', async (phase) => {
    const { runtime, workflow } =
      phase === 'read' ? readingConnection({ doInspect: () => hanging() }) : followed(running);
    const stop = new AbortController();
    const call = rejected(allOf(workflow.follow(receipt(NEW), { signal: stop.signal })));
    await turn();
    const atMs = runtime.nowMs();
    stop.abort();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(runtime.nowMs()).toBe(atMs);
    expect(runtime.pending).toBe(0);
  });

  it.each(['read', 'pause'])('by close() in the middle of a %s ends it at once', async (phase) => {
    const { runtime, workflow } =
      phase === 'read' ? readingConnection({ doInspect: () => hanging() }) : followed(running);
    const call = rejected(workflow.settled(receipt(NEW)));
    await turn();
    await workflow.close();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(runtime.pending).toBe(0);
  });

  it('by a deadline of the caller is told as that, and not as a read that failed', async () => {
    const { workflow } = readingConnection({ doInspect: () => hanging() });
    const told: Progress[] = [];
    const follow = async (): Promise<void> => {
      const signal = AbortSignal.timeout(20);
      for await (const progress of workflow.follow(receipt(NEW), { signal })) told.push(progress);
    };
    expect(await rejected(follow())).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none' });
    expect(told).toEqual([]);
  });
});

describe('the receipt that is followed', () => {
  it('may be followed by two at the same time, each seeing all of it', async () => {
    const { runtime, workflow } = readingConnection({
      doInspect: async () => (runtime.nowMs() - startedMs < 10_000 ? running : done),
    });
    const startedMs = runtime.nowMs();
    const both = [allOf(workflow.follow(receipt(NEW))), allOf(workflow.follow(receipt(NEW)))];
    const [one = [], other = []] = await runtime.run(Promise.all(both));
    expect(inWords(one).at(-1)).toBe('succeeded, settled');
    expect(inWords(other)).toEqual(inWords(one));
  });

  it('may come from a file, also one of a later version', async () => {
    const bench = followed(done);
    const read = JSON.parse(JSON.stringify({ ...receipt(NEW), cost: 3 })) as Receipt;
    expect(inWords(await bench.runtime.run(allOf(bench.workflow.follow(read)))).at(-1)).toBe('succeeded, settled');
  });

  it.each([
    [{ connection: 'fake-us' }, 'connection'],
    [{ provider: 'other' }, 'provider'],
    [{ sameExecution: false }, 'sameExecution'],
    [{ execution: 'not an id' }, 'execution'],
    [{ nodes: 'b' }, 'nodes'],
    [{ performed: undefined }, 'performed'],
  ])('is refused with %j before anything is read', async (wrong, field) => {
    const { workflow, readAtMs } = followed(done);
    const error = await rejected(allOf(workflow.follow({ ...receipt(), ...wrong } as Receipt, {})));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map((problem) => problem.field)).toEqual([field]);
    expect(readAtMs).toEqual([]);
  });
});
