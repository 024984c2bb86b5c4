import { describe, expect, it } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import { hanging, inspection, readingConnection } from './inspect-bench.js';
import { rejected } from './rejected.js';

interface Run {
  readonly previous?: string;
  /** Whether the listing has it. @default true */
  readonly isListed?: boolean;
  /** Whether it can be read. @default true */
  readonly isKept?: boolean;
  readonly startedAt?: string;
}

/** A connection to a workflow with these runs, in the order in which they are listed. */
function connect(runs: Readonly<Record<string, Run>>) {
  const reading = { now: 0, most: 0, inspected: 0 };
  const table = new Map(Object.entries(runs));
  const connection = readingConnection({
    async doInspect({ execution }) {
      reading.now += 1;
      reading.inspected += 1;
      reading.most = Math.max(reading.most, reading.now);
      await new Promise((resolve) => setImmediate(resolve));
      reading.now -= 1;
      const run = table.get(execution);
      if (run === undefined || run.isKept === false)
        throw new DriverFailure('no such run', { code: 'NOT_FOUND', effect: 'none' });
      const { previous, startedAt } = run;
      return inspection('succeeded', [], { previousExecution: previous, startedAt });
    },
    async doList() {
      const listed = [...table].filter(([, { isListed = true }]) => isListed);
      return {
        executions: listed.map(([execution, { previous, startedAt }]) => {
          return { execution, state: 'unknown', providerState: '', previousExecution: previous, startedAt };
        }),
      };
    },
  });
  const of = async (execution: string): Promise<string> => {
    const lineage = await connection.workflow.lineage({ workflow: 'nightly', execution });
    expect(lineage.execution.execution).toBe(execution);
    const words = [lineage.ancestors, lineage.descendants].map((all) =>
      all.map((relative) => `${relative.execution}${relative.state === 'unknown' ? '?' : ''}`).join(' '),
    );
    return words.join(' | ');
  };
  return { ...connection, reading, of };
}

describe('lineage', () => {
  it('tells where an execution comes from and what was resumed from it, judged by their nodes', async () => {
    const { of, runtime } = connect({
      r5: { previous: 'r3', startedAt: '2026-11-21T05:00:00Z' },
      r4: { previous: 'r3', startedAt: '2026-11-21T04:00:00Z' },
      r3: { previous: 'r2' },
      r6: { previous: 'r4', startedAt: '2026-11-21T06:00:00Z' },
      r2: { previous: 'r1' },
      r1: {},
      stranger: {},
    });
    expect(await of('r3')).toBe('r1 r2 | r4 r5 r6');
    expect(await of('r1')).toBe(' | r2 r3 r4 r5 r6');
    expect(await of('stranger')).toBe(' | ');
    expect(runtime.pending).toBe(0);
  });

  it('names an ancestor that nobody keeps any more, and goes on from one that only the listing has forgotten', async () => {
    const { of } = connect({ r3: { previous: 'r2' }, r2: { previous: 'r1', isListed: false } });
    expect(await of('r3')).toBe('r1? r2 | ');
  });

  it('keeps what the listing says of a relative that cannot be read', async () => {
    const { of } = connect({ r1: {}, r2: { previous: 'r1', isKept: false }, r3: { previous: 'r2' } });
    expect(await of('r1')).toBe(' | r2? r3');
  });

  it('ends where links lead in a circle, and tells each once', async () => {
    const { of } = connect({ r1: { previous: 'r3' }, r2: { previous: 'r1' }, r3: { previous: 'r2' } });
    expect(await of('r1')).toBe('r2 r3 | ');
    expect(await connect({ r1: { previous: 'r1' } }).of('r1')).toBe(' | ');
  });

  it('keeps executions called like properties of every object apart', async () => {
    const { of } = connect({ constructor: {}, ['__proto__']: { previous: 'constructor' } });
    expect(await of('constructor')).toBe(' | __proto__');
  });

  it('reads a long lineage a few at a time', async () => {
    const runs = Object.fromEntries(Array.from({ length: 200 }, (_, place) => [`r${place}`, { previous: 'root' }]));
    const { of, reading } = connect({ root: {}, ...runs });
    expect((await of('root')).split(' ')).toHaveLength(202);
    expect(reading.inspected).toBe(201);
    expect(reading.most).toBeLessThanOrEqual(8);
  });

  it('is bounded as a whole by its deadline', async () => {
    const connection = readingConnection({
      doInspect: async (_ref, attempt) => {
        await attempt.race(connection.runtime.sleep(3_000));
        return inspection('succeeded', []);
      },
      doList: async () => ({
        executions: Array.from({ length: 50 }, (_, place) => {
          return { execution: `r${place}`, state: 'failed', providerState: '', previousExecution: 'root' };
        }),
      }),
    });
    const { workflow, runtime } = connection;
    const startedMs = runtime.nowMs();
    const call = workflow.lineage({ workflow: 'nightly', execution: 'root' }, { timeoutMs: 5_000 });
    expect(await runtime.run(rejected(call))).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none' });
    expect(runtime.nowMs() - startedMs).toBe(5_000);
  });

  it('stops the other reads when one fails', async () => {
    let ended = 0;
    const { workflow, runtime } = readingConnection({
      async doInspect({ execution }, attempt) {
        if (execution === 'root') return inspection('succeeded', []);
        if (execution === 'r0') throw new DriverFailure('no', { code: 'PERMISSION_DENIED', effect: 'none' });
        attempt.whenEnded(() => {
          ended += 1;
        });
        return await hanging();
      },
      doList: async () => ({
        executions: ['r0', 'r1', 'r2'].map((execution) => {
          return { execution, state: 'failed', providerState: '', previousExecution: 'root' };
        }),
      }),
    });
    const error = await rejected(workflow.lineage({ workflow: 'nightly', execution: 'root' }));
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', effect: 'none' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(2);
    expect(runtime.pending).toBe(0);
  });
});
