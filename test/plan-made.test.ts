import { describe, expect, it } from 'vitest';
import type { Inspection, Projection } from '../src/inspection.js';
import { hanging, inspection, node } from './inspect-bench.js';
import { fromFile, planned, request } from './plan-bench.js';
import { rejected } from './rejected.js';

describe('a plan', () => {
  it('says what starts, what may run, what runs again, what is kept and what is blocked, and sends nothing', async () => {
    const { workflow, held, sent, ledger, runtime } = planned();
    const nodes = ['a:succeeded', 'b:failed', 'c:succeeded', 'd:waiting', 'e:waiting'].map((pair) => {
      const [id = '', state] = pair.split(':');
      return node(id, state as 'failed', { name: `node ${id}` });
    });
    held.seen = inspection('failed', [...nodes, node('t', 'waiting', { kind: 'gate' })]);
    held.more = { starts: ['b'], mayRun: ['c', 'd'], expected: ['c'], warnings: ['careful'] };
    const plan = await workflow.plan(request);
    const named = (...ids: string[]) => ids.map((id) => ({ id, name: `node ${id}` }));
    expect(plan).toMatchObject({
      version: 1,
      provider: 'fake',
      connection: 'fake-eu',
      identity: 'eu-west-1',
      ...request,
      action: 'resume',
      nodes: [],
      performed: 'resume',
      starts: named('b'),
      mayRun: named('c', 'd', 'b'),
      expected: named('c', 'b'),
      rerunsSucceeded: named('c'),
      kept: named('a'),
      blocked: named('d', 'e'),
      refusals: [],
      warnings: ['careful'],
      fingerprint: expect.stringMatching(/^v1:[0-9a-f]{64}$/),
    });
    expect(sent).toEqual([]);
    for await (const record of ledger.list()) expect.fail(`the ledger has ${record.intent.id}`);
    expect(runtime.pending).toBe(0);
  });

  it('tells every refusal at once, an unsettled resume among them', async () => {
    const { workflow, held, ledger } = planned();
    const intent = {
      id: 'i-1',
      provider: 'fake',
      connection: 'fake-eu',
      target: { ...request, action: 'resume', nodes: [] },
      performed: 'resume',
      nodes: [],
      fingerprint: 'f',
      createdAtMs: 0,
    } as const;
    await ledger.begin(intent, 'me', 0, 1_000);
    held.more = { refusals: ['it is running', 'it is locked'], starts: [], mayRun: [], nodes: [] };
    const { refusals, starts, kept } = await workflow.plan(request);
    expect(refusals).toEqual(['it is running', 'it is locked', expect.stringContaining('intent i-1')]);
    expect(starts).toEqual([]);
    expect(kept.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is UNAVAILABLE where the ledger does not work', async () => {
    const { workflow, ledger } = planned();
    ledger.lookup = async () => {
      throw new Error('disk full');
    };
    expect(await rejected(workflow.plan(request))).toMatchObject({ code: 'UNAVAILABLE', effect: 'none' });
  });

  it('is plain JSON that comes back from a file as it was', async () => {
    const plan = await planned().workflow.plan(request);
    expect(fromFile(plan)).toEqual(plan);
  });

  it.each([undefined, {}, { performed: 'explode' }, { performed: 'resume', inspection: { nodes: [] } }])(
    'is not made of %j',
    async (garbage) => {
      const { workflow, runtime } = planned({ doPlan: async () => garbage as never });
      expect(await rejected(workflow.plan(request))).toMatchObject({ code: 'INTERNAL', effect: 'none' });
      expect(runtime.pending).toBe(0);
    },
  );

  it.each(['signal', 'close'])('is given up at once by %s, in the ledger and in the read', async (how) => {
    for (const phase of ['ledger', 'read']) {
      const { workflow, ledger, runtime } = planned(phase === 'read' ? { doPlan: () => hanging() } : {});
      if (phase === 'ledger') ledger.lookup = () => hanging();
      const stop = new AbortController();
      const call = rejected(workflow.plan(request, { signal: stop.signal }));
      await new Promise((resolve) => setImmediate(resolve));
      if (how === 'signal') stop.abort();
      else await workflow.close();
      expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none' });
      expect(runtime.pending).toBe(0);
    }
  });

  it('is refused before anything is read where the request is', async () => {
    const { workflow, reads } = planned();
    expect(await rejected(workflow.plan({ ...request, action: 'skip' as never }))).toMatchObject({
      code: 'UNIMPLEMENTED',
    });
    expect(await rejected(workflow.plan({ ...request, action: 'restart' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await rejected(workflow.plan(request, { deadline: 1 } as never))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(reads()).toBe(0);
  });

  it('is refused with what is wrong with the request and with the options at once', async () => {
    const { workflow, reads } = planned();
    const { code, problems } = await rejected(
      workflow.plan({ workflow: 'a' } as never, { timeoutMs: 'x', readBack: 'off', z: 1 } as never),
    );
    expect(code).toBe('INVALID_ARGUMENT');
    expect(problems.map(({ field }) => field)).toEqual(['execution', 'timeoutMs', 'readBack', 'z']);
    const options = { readBack: 'off' } as never;
    expect((await rejected(workflow.plan(request, options))).problems).toMatchObject([{ field: 'readBack' }]);
    expect(reads()).toBe(0);
  });
});

describe('a fingerprint', () => {
  it('does not depend on when it is read, in which order things are listed, or on texts of errors', async () => {
    const { workflow, held, change, runtime } = planned();
    held.more = { mayRun: ['b', 'c'], expected: ['c', 'b'] };
    const { fingerprint, snapshot } = await workflow.plan(request);
    runtime.jumpTo(runtime.nowMs() + 60_000);
    held.seen = {
      ...held.seen,
      nodes: held.seen.nodes.toReversed(),
      edges: [...(held.seen.edges ?? []), ...(held.seen.edges ?? [])].toReversed(),
      error: 'other words',
    };
    const newest = held.seen.nodes.find(({ id }) => id === 'b')?.attempts[0];
    if (newest !== undefined) change('b', { attempts: [{ ...newest, error: 'other words' }] });
    held.more = { mayRun: ['c', 'b'], expected: ['b', 'c', 'c'] };
    const again = await workflow.plan(request);
    expect(again.snapshot.readAt).not.toBe(snapshot.readAt);
    expect(again.fingerprint).toBe(fingerprint);
  });

  it('depends on everything else', async () => {
    const fingerprints = new Set<string>();
    const plans = [
      (bench: ReturnType<typeof planned>) => bench.workflow.plan({ ...request, execution: 'run-2' }),
      (bench: ReturnType<typeof planned>) => bench.workflow.plan({ ...request, action: 'restart', nodes: ['b'] }),
      (bench: ReturnType<typeof planned>) => bench.make({ identity: 'us-east-1' }).workflow.plan(request),
    ];
    for (const plan of plans) fingerprints.add((await plan(planned())).fingerprint);
    for (const disturb of DISTURBANCES) {
      const bench = planned();
      disturb(bench);
      fingerprints.add((await bench.workflow.plan(request)).fingerprint);
    }
    fingerprints.add((await planned().workflow.plan(request)).fingerprint);
    expect(fingerprints.size).toBe(DISTURBANCES.length + plans.length + 1);
  });
});

function seeing(more: Partial<Inspection>) {
  return ({ held }: Pick<ReturnType<typeof planned>, 'held'>): void => {
    held.seen = { ...held.seen, ...more };
  };
}

function projecting(more: Partial<Projection>) {
  return ({ held }: Pick<ReturnType<typeof planned>, 'held'>): void => {
    held.more = more;
  };
}

/** Whatever a stranger could do to an execution, each of it alone. */
const DISTURBANCES: readonly ((bench: ReturnType<typeof planned>) => void)[] = [
  seeing({ state: 'stopped' }),
  seeing({ providerState: 'FAIL' }),
  seeing({ endedAt: '2026-11-21T09:00:00Z' }),
  ({ held }) => seeing({ nodes: [...held.seen.nodes, node('d', 'waiting')] })({ held }),
  seeing({ edges: [{ from: 'a', to: 'c' }] }),
  seeing({ edges: [{ from: 'a', to: 'elsewhere' }] }),
  seeing({ edges: [] }),
  seeing({ edges: undefined }),
  projecting({ resumedAs: ['run-9'] }),
  projecting({ performed: 'restart' }),
  projecting({ starts: ['b', 'c'] }),
  projecting({ starts: ['elsewhere'] }),
  projecting({ mayRun: ['b'] }),
  projecting({ expected: ['b'] }),
  ({ change }) => change('a', { state: 'failed', providerState: 'SUCCEEDED' }),
  ({ change }) => change('a', { providerState: 'OK' }),
  ({ change }) => change('a', { name: 'extract' }),
  ({ change }) => change('a', { kind: 'gate' }),
  ({ change }) => change('a', { attempts: [] }),
  ({ change }) => change('b', { attempts: [{ state: 'failed', providerState: 'TIMEOUT' }] }),
  ({ change }) => change('b', { attempts: [{ state: 'failed', providerState: 'FAILED', startedAt: '2026-11-21' }] }),
  ({ change }) => change('b', { attempts: [{ state: 'failed', providerState: 'FAILED', endedAt: '2026-11-21' }] }),
];

describe('the difference in words', () => {
  it.each(DISTURBANCES.map((disturb, place) => [place, disturb] as const))(
    'names change %i',
    async (_place, disturb) => {
      const bench = planned();
      const plan = await bench.workflow.plan(request);
      disturb(bench);
      const error = await rejected(bench.workflow.resume(plan));
      expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
      expect(error.message).toMatch(/is out of date: .+\. Make a new one and look at it/);
      expect(error.message).not.toContain('it is not the plan that would be made now');
      expect(bench.sent).toEqual([]);
    },
  );

  it('stays short, however much has changed', async () => {
    const { workflow, held } = planned();
    const nodesOf = (state: 'failed' | 'succeeded') =>
      Array.from({ length: 3_000 }, (_, place) => node(`n${place}`, state));
    held.seen = inspection('failed', nodesOf('failed'));
    const plan = await workflow.plan(request);
    held.seen = inspection('failed', [...nodesOf('succeeded'), node('other', 'failed')]);
    const { message } = await rejected(workflow.resume(plan));
    expect(message).toContain('2990 more');
    expect(message.length).toBeLessThan(3_000);
  });
});
