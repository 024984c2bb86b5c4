import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import type { Call, ModelState, Operation } from './ledger-model.js';
import { explain, perform } from './ledger-model.js';

/** In memory where there is such a file system: these tests are about order, not about disks. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const BUDGET_MS = 3_500;

const small = (max: number) => fc.nat({ max });
const begin = fc.record({
  kind: fc.constant('begin' as const),
  intent: small(400),
  key: small(2),
  target: small(2),
  lookedUp: fc.constantFrom('early' as const, 'late' as const, undefined),
});
const look = fc.record({
  kind: fc.constantFrom('find' as const, 'lookup' as const),
  intent: small(4),
  key: small(2),
  target: small(2),
});
const change = fc.oneof(
  fc.record({
    kind: fc.constant('renew' as const),
    intent: small(4),
    fence: fc.integer({ min: 1, max: 3 }),
    late: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('claim' as const), intent: small(4), late: fc.boolean() }),
  fc.record({ kind: fc.constant('release' as const), intent: small(4), fence: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('settle' as const), intent: small(4), fence: fc.integer({ min: 1, max: 3 }) }),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: begin },
  { weight: 5, arbitrary: change },
  { weight: 1, arbitrary: look },
);

/** Gives every begin an intent of its own, and lets the others speak of those. */
function numbered(operations: readonly Operation[]): Operation[] {
  let begun = 0;
  return operations.map((one) => {
    if (one.kind !== 'begin') return { ...one, intent: begun === 0 ? 0 : one.intent % begun };
    begun += 1;
    return { ...one, intent: begun - 1 };
  });
}

/** Makes a call on an instance of its own, which stands still for ever after a number of steps, as a killed one does. */
async function callUntilKilled(folder: string, one: Operation, steps: number) {
  let left = steps;
  let killed: () => void = () => {};
  const death = new Promise<'killed'>((resolve) => {
    killed = () => resolve('killed');
  });
  const ledger = new FileResumeLedger(folder, {
    patienceMs: 0,
    onStep: () => {
      left -= 1;
      if (left > 0) return;
      killed();
      return new Promise(() => {});
    },
  });
  return await Promise.race([death, perform(ledger, one).then((answer) => ({ answer }))]);
}

/** Everything that can be asked about a few intents, as calls of the model. */
async function observed(folder: string, intents: number): Promise<Call[]> {
  const ledger = new FileResumeLedger(folder);
  const asked: Operation[] = [
    ...Array.from({ length: intents }, (_, intent) => ({ kind: 'find', intent }) as const),
    ...[0, 1, 2].map((target) => ({ kind: 'lookup', intent: 0, key: 0, target }) as const),
    ...[1, 2].map((key) => ({ kind: 'lookup', intent: 0, key, target: 9 }) as const),
  ];
  const calls: Call[] = [];
  for (const [index, one] of asked.entries()) {
    calls.push({
      operation: one,
      begunAt: 1_000 + 2 * index,
      endedAt: 1_001 + 2 * index,
      answer: await perform(ledger, one),
    });
  }
  return calls;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root, 'resumable-ledger-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const settings = { numRuns: 400, interruptAfterTimeLimit: BUDGET_MS, markInterruptAsFailure: false };

describe('a FileResumeLedger', () => {
  it('whose process is killed after any step has made the whole call or nothing of it', {
    timeout: 30_000,
  }, async () => {
    const script = fc.array(fc.tuple(operation, fc.oneof(fc.constant(99), fc.integer({ min: 1, max: 14 }))), {
      minLength: 2,
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(script, async (drawn) => {
        const operations = numbered(drawn.map(([one]) => one));
        await inFolder(async (folder) => {
          let state: ModelState = new Map();
          let begun = 0;
          for (const [index, one] of operations.entries()) {
            if (one.kind === 'begin') begun += 1;
            const ended = await callUntilKilled(folder, one, drawn[index]?.[1] ?? 99);
            const made = {
              operation: one,
              begunAt: 0,
              endedAt: 1,
              ...(ended === 'killed' ? { cut: true, answer: undefined } : ended),
            };
            const after = explain(state, [made, ...(await observed(folder, begun))]);
            expect(after).toHaveLength(1);
            state = after[0] ?? state;
          }
        });
      }),
      settings,
    );
  });

  it('answers calls of several instances at once as if they came one after the other', {
    timeout: 30_000,
  }, async () => {
    const scripts = fc.tuple(
      fc.array(operation, { minLength: 1, maxLength: 5 }),
      fc.array(fc.array(operation, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.nat({ max: 3 })),
      fc.oneof(fc.constant(99), fc.integer({ min: 1, max: 20 })),
    );
    await fc.assert(
      fc.asyncProperty(scripts, async ([drawnFirst, drawnThreads, pauses, killAfter]) => {
        const all = numbered([...drawnFirst, ...drawnThreads.flat()]);
        const first = all.slice(0, drawnFirst.length);
        let taken = drawnFirst.length;
        const threads = drawnThreads.map(({ length }) => {
          taken += length;
          return all.slice(taken - length, taken);
        });
        await inFolder(async (folder) => {
          let clock = 0;
          const calls = new Map<number, Call>();
          const tick = (): number => {
            clock += 1;
            return clock;
          };
          const make = async (ledger: FileResumeLedger, one: Operation): Promise<void> => {
            const begunAt = tick();
            calls.set(begunAt, { operation: one, begunAt, endedAt: 0, answer: undefined, cut: true });
            const answer = await perform(ledger, one);
            calls.set(begunAt, { operation: one, begunAt, endedAt: tick(), answer });
          };
          const prepared = new FileResumeLedger(folder);
          for (const one of first) await make(prepared, one);
          await Promise.all(
            threads.map(async (thread, index) => {
              let steps = index === 0 ? killAfter : Number.POSITIVE_INFINITY;
              let killed: () => void = () => {};
              const death = new Promise<void>((resolve) => {
                killed = resolve;
              });
              const onStep = async (): Promise<void> => {
                steps -= 1;
                if (steps <= 0) {
                  killed();
                  await new Promise(() => {});
                }
                for (let left = pauses.next().value; left > 0; left -= 1) await new Promise(setImmediate);
              };
              const ledger = new FileResumeLedger(folder, { patienceMs: 0, onStep });
              const run = async (): Promise<void> => {
                for (const one of thread) await make(ledger, one);
              };
              await Promise.race([run(), death]);
              for (const call of calls.values()) {
                if (call.cut && thread.includes(call.operation)) calls.set(call.begunAt, { ...call, endedAt: tick() });
              }
            }),
          );
          const after = await observed(folder, all.length);
          expect(
            explain(new Map(), [
              ...calls.values(),
              ...after.map((call) => ({ ...call, begunAt: call.begunAt + clock, endedAt: call.endedAt + clock })),
            ]),
          ).not.toEqual([]);
        });
      }),
      settings,
    );
  });
});
