import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { Inspection } from '../src/inspection.js';
import { hanging, inspection, node, readingConnection, ref } from './inspect-bench.js';
import { rejected } from './rejected.js';

function inspecting(seen: unknown) {
  return readingConnection({ doInspect: async () => seen as Inspection });
}

describe('inspect', () => {
  it('tells where and when it was read besides what the driver made of it', async () => {
    const { workflow, runtime } = readingConnection({
      doInspect: async (_ref, attempt) => {
        await attempt.race(runtime.sleep(700));
        return inspection('failed', [node('a', 'succeeded'), node('b', 'failed')], {
          edges: [{ from: 'a', to: 'b' }],
          shows: 'resume',
        });
      },
    });
    const snapshot = await runtime.run(workflow.inspect(ref));
    expect(snapshot).toEqual({
      provider: 'fake',
      connection: 'fake-eu',
      ...ref,
      state: 'failed',
      providerState: 'FAILED',
      nodes: [node('a', 'succeeded'), node('b', 'failed')],
      edges: [{ from: 'a', to: 'b' }],
      readAt: '2026-11-21T10:00:00.000Z',
    });
    expect(runtime.pending).toBe(0);
  });

  it('never tells of a success with a failed node', async () => {
    const { workflow } = inspecting(inspection('succeeded', [node('a', 'succeeded'), node('b', 'failed')]));
    expect((await workflow.inspect(ref)).state).toBe('failed');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('keeps a node called %s apart', async (id) => {
    const { workflow } = inspecting(inspection('failed', [node('a', 'succeeded'), node(id, 'failed')]));
    const { nodes } = await workflow.inspect(ref);
    expect(nodes.map((one) => [one.id, one.state])).toEqual([
      ['a', 'succeeded'],
      [id, 'failed'],
    ]);
  });

  it('tells a node that is listed twice once, as it stands worst, whatever the order', async () => {
    const twice = [node('a', 'succeeded'), node('b', 'succeeded'), node('a', 'failed')];
    const one = await inspecting(inspection('failed', twice)).workflow.inspect(ref);
    const other = await inspecting(inspection('failed', twice.toReversed())).workflow.inspect(ref);
    expect(one.nodes.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'failed'],
      ['b', 'succeeded'],
    ]);
    expect(other.nodes.find(({ id }) => id === 'a')?.state).toBe('failed');
  });

  it('takes words that are not known for unknown, and lets nothing else of a driver through', async () => {
    const odd = { ...node('a', 'EXPLODED' as never), raw: 'secret' };
    const { workflow } = inspecting({ ...inspection('PURGED' as never, [odd]), raw: 1, startedAt: null, error: 7 });
    const snapshot = await workflow.inspect(ref);
    expect(snapshot).not.toHaveProperty('raw');
    expect(snapshot).not.toHaveProperty('startedAt');
    expect(snapshot).toMatchObject({ state: 'unknown', providerState: 'PURGED', nodes: [{ state: 'unknown' }] });
    expect(snapshot.nodes[0]).not.toHaveProperty('raw');
  });

  it.each([
    undefined,
    null,
    7,
    {},
    { nodes: {} },
    { nodes: [null] },
    { nodes: [{ id: '' }] },
    { nodes: [], edges: [{}] },
  ])('ends in INTERNAL without effect where a driver hands over %j', async (garbage) => {
    const { workflow, runtime } = inspecting(garbage);
    const error = await rejected(workflow.inspect(ref));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none', connection: 'fake-eu' });
    expect(runtime.pending).toBe(0);
  });

  it('ends in INTERNAL, too, where a driver throws what is no failure, at once or later', async () => {
    const thrown = readingConnection({
      doInspect: () => {
        throw new TypeError('x is not a function');
      },
    });
    expect(await rejected(thrown.workflow.inspect(ref))).toMatchObject({ code: 'INTERNAL', effect: 'none' });
  });

  it('conceals the secrets of the connection in the texts of errors', async () => {
    const { workflow } = readingConnection({
      doInspect: async (_ref, attempt: Attempt) => {
        attempt.conceal('hunter2-key');
        const attempts = [{ state: 'failed', providerState: 'FAILED', error: 'denied: hunter2-key' }] as const;
        return inspection('failed', [node('a', 'failed', { attempts })], { error: 'with hunter2-key' });
      },
    });
    expect(JSON.stringify(await workflow.inspect(ref))).not.toContain('hunter2-key');
  });

  it('says in its errors that it only reads, with what the provider said', async () => {
    const { workflow } = readingConnection({
      doInspect: async () => {
        throw new DriverFailure('no such run', { code: 'NOT_FOUND', effect: 'unknown', httpStatus: 404 });
      },
    });
    const error = await rejected(workflow.inspect(ref));
    expect(error).toMatchObject({ code: 'NOT_FOUND', effect: 'none', httpStatus: 404 });
    expect(error.message).toBe('fake-eu: inspecting nightly / run-1: no such run. This call only reads.');
  });

  it.each([
    [{ workflow: '', execution: 'run-1' }, undefined, ['workflow']],
    [{ workflow: 'n', execution: 'not an id' }, { timeoutMs: 0, retries: 3 }, ['execution', 'timeoutMs', 'retries']],
    [undefined, undefined, ['']],
    [{ ...ref, nodes: [] }, undefined, ['nodes']],
  ])('refuses %j with %j before anything is sent, all at once', async (asked, options, fields) => {
    const error = await rejected(inspecting(undefined).workflow.inspect(asked as never, options as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map(({ field }) => field)).toEqual(fields);
  });

  it('is UNIMPLEMENTED where the driver cannot, whatever its capabilities promise', async () => {
    const { workflow } = readingConnection({});
    const receipts = { ...ref };
    expect(await rejected(workflow.inspect(receipts))).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none' });
    expect(await rejected(workflow.plan(ref))).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none' });
    expect(await rejected(workflow.lineage(ref))).toMatchObject({ code: 'UNIMPLEMENTED', effect: 'none' });
  });
});

describe('a read that hangs', () => {
  it('is given up at its deadline, with no timer left', async () => {
    const { workflow, runtime } = readingConnection({ doInspect: () => hanging() });
    const startedMs = runtime.nowMs();
    const error = await runtime.run(rejected(workflow.inspect(ref, { timeoutMs: 4_000 })));
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', effect: 'none' });
    expect(runtime.nowMs() - startedMs).toBe(4_000);
    expect(runtime.pending).toBe(0);
  });

  it('ends at once by its signal, and takes its listener off', async () => {
    const { workflow, runtime } = readingConnection({ doInspect: () => hanging() });
    const { signal, abort, listeners } = countingSignal();
    const call = rejected(workflow.inspect(ref, { signal }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(listeners()).toBe(1);
    abort();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(listeners()).toBe(0);
    expect(runtime.pending).toBe(0);
  });

  it('ends at once by close()', async () => {
    const { workflow, runtime } = readingConnection({ doInspect: () => hanging(), doPlan: () => hanging() });
    const calls = Promise.all([rejected(workflow.inspect(ref)), rejected(workflow.plan(ref))]);
    await new Promise((resolve) => setImmediate(resolve));
    await workflow.close();
    for (const error of await calls) expect(error).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(await rejected(workflow.inspect(ref))).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    expect(runtime.pending).toBe(0);
  });
});

/** A signal that knows how many listen to it. */
function countingSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    count += 1;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    count -= 1;
    remove(...given);
  };
  return { signal, abort: () => controller.abort(), listeners: () => count };
}
