import { describe, expect, it } from 'vitest';
import type { ResumePlan } from '../src/resume-plan.js';
import { hanging, inspection, node } from './inspect-bench.js';
import { fromFile, planned, request } from './plan-bench.js';
import { rejected } from './rejected.js';

type Plan = ResumePlan<'resume' | 'restart'>;

describe('a plan that is applied', () => {
  it('is read once more, and sends what it said', async () => {
    const { workflow, sent, reads, runtime } = planned();
    const plan = fromFile(await workflow.plan(request));
    const receipt = await workflow.resume(plan);
    expect(receipt).toMatchObject({ nodes: ['b'], action: 'resume', confirmedBy: 'answer', warnings: [] });
    expect(sent).toEqual([['b']]);
    expect(reads()).toBe(2);
    expect(runtime.pending).toBe(0);
  });

  it('is not applied where anything has changed, and says what in words', async () => {
    const { workflow, sent, change, held } = planned();
    const plan = await workflow.plan(request);
    change('a', { state: 'failed', providerState: 'FAILED' });
    held.more = { resumedAs: ['run-7'] };
    const error = await rejected(workflow.resume(plan));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none', attempts: 0 });
    expect(error.message).toContain('the plan of 2026-11-21T10:00:00.000Z is out of date');
    expect(error.message).toContain('the executions resumed from it: run-7 came');
    expect(error.message).toContain('node a was succeeded and is failed');
    expect(error.message).toContain('what would start: a came');
    expect(sent).toEqual([]);
  });

  it('is not applied where it would be refused, whatever was done to its refusals', async () => {
    const { workflow, held, sent, reads } = planned();
    held.more = { refusals: ['it is locked'] };
    const plan = await workflow.plan(request);
    const error = await rejected(workflow.resume(plan));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(error.message).toContain('it is locked');
    expect(reads()).toBe(1);
    const forced = await rejected(workflow.resume({ ...plan, refusals: [] }));
    expect(forced).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(forced.message).toContain('it is locked');
    expect(sent).toEqual([]);
  });

  it('is not applied twice, although the service does not show yet that it was', async () => {
    const { workflow, runtime, make, sent } = planned();
    const plan = await workflow.plan(request);
    runtime.jumpTo(runtime.nowMs() + 1_000);
    await workflow.resume(plan);
    runtime.jumpTo(runtime.nowMs() + 1_000);
    expect(await rejected(workflow.resume(plan))).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    const other = make();
    other.runtime.jumpTo(runtime.nowMs());
    const error = await rejected(other.workflow.resume(fromFile(plan)));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(error.message).toContain('it was resumed since (intent intent-1)');
    expect(sent).toHaveLength(1);
    // A new look at it is a new decision.
    await workflow.resume(await workflow.plan(request));
    expect(sent).toHaveLength(2);
  });

  it('may be applied again after it was refused', async () => {
    const { workflow, runtime, held, sent } = planned();
    const plan = await workflow.plan(request);
    runtime.jumpTo(runtime.nowMs() + 1_000);
    const { seen } = held;
    held.seen = inspection('running', []);
    await rejected(workflow.resume(plan));
    held.seen = seen;
    runtime.jumpTo(runtime.nowMs() + 1_000);
    expect(await workflow.resume(plan)).toMatchObject({ confirmedBy: 'answer' });
    expect(sent).toHaveLength(1);
  });

  it.each([undefined, 'key-1'])(
    'is applied once by calls at the same time, in one process and in two (key %s)',
    async (idempotencyKey) => {
      const { workflow, make, sent } = planned();
      const plan = await workflow.plan(request);
      const other = make();
      const options = idempotencyKey === undefined ? {} : { idempotencyKey };
      const calls = [workflow, workflow, other.workflow].map((connection) =>
        connection.attempt(fromFile(plan), options),
      );
      const outcomes = await Promise.all(calls.map((call) => other.runtime.run(call)));
      expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(sent).toHaveLength(1);
      if (idempotencyKey === undefined) return;
      expect(await workflow.resume(plan, options)).toMatchObject({ confirmedBy: 'ledger' });
      expect(sent).toHaveLength(1);
    },
  );

  it('is never joined to a call that has not looked', async () => {
    const { workflow, sent } = planned();
    const plan = await workflow.plan(request);
    const [one, other] = await Promise.all([workflow.attempt(plan), workflow.attempt(request)]);
    expect(one.status).toBe('accepted');
    expect(other).toMatchObject({ status: 'unknown', error: { code: 'ABORTED' } });
    expect(sent).toHaveLength(1);
  });

  it('that was spoilt by hand is refused with every place, in words', async () => {
    const { workflow, sent } = planned();
    const plan = await workflow.plan(request);
    const [node] = plan.snapshot.nodes;
    const snapshot = { ...plan.snapshot, edges: 'none', nodes: [{ ...node, carriedOver: 'no' }, null] };
    const error = await rejected(workflow.resume({ ...plan, starts: null, snapshot } as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems).toEqual(
      expect.arrayContaining([
        { field: 'starts', message: 'must be a list' },
        { field: 'snapshot.edges', message: 'must be a list' },
        { field: 'snapshot.nodes[0].carriedOver', message: 'must be true or false' },
        { field: 'snapshot.nodes[1]', message: 'must be an object' },
      ]),
    );
    expect(sent).toEqual([]);
  });

  it('of another region is refused before anything is read', async () => {
    const { workflow, make, reads } = planned();
    const plan = await workflow.plan(request);
    const error = await rejected(make({ identity: 'us-east-1' }).workflow.resume(plan));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.message).toContain('talked to eu-west-1, and it talks to us-east-1');
    expect(reads()).toBe(1);
  });

  it('is read once more also where nothing is read back', async () => {
    const { workflow, change, sent } = planned();
    const plan = await workflow.plan(request);
    change('c', { state: 'running' });
    const error = await rejected(workflow.resume(plan, { readBack: 'off' }));
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', effect: 'none' });
    expect(sent).toEqual([]);
  });

  it.each(['signal', 'close'])('is given up at once by %s while it is read once more', async (how) => {
    const { workflow, make, ledger, sent } = planned();
    const plan = await workflow.plan(request);
    const other = make({ doPlan: () => hanging() });
    const stop = new AbortController();
    const call = rejected(other.workflow.resume(plan, { signal: stop.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    if (how === 'signal') stop.abort();
    else await other.workflow.close();
    expect(await call).toMatchObject({ code: 'CANCELLED', effect: 'none' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(other.runtime.pending).toBe(0);
    expect(sent).toEqual([]);
    for await (const record of ledger.list()) expect.fail(`the ledger has ${record.intent.id}`);
  });

  it('says in its receipt where something else started than it said', async () => {
    const { workflow } = planned({
      doResume: async ({ execution }, _selection, attempt) => {
        attempt.dispatch();
        return { execution, nodes: ['c'], nodesBasis: 'reported' };
      },
    });
    const { warnings } = await workflow.resume(await workflow.plan(request));
    expect(warnings).toEqual([
      'the plan said that these would start, and they have not: something has changed since it was checked: b',
      'these have started, and the plan did not say that they would: c',
    ]);
  });
});

const TAMPERED: readonly (readonly [string, (plan: Plan) => unknown, string])[] = [
  ['of another connection', (plan) => ({ ...plan, connection: 'fake-us' }), 'connection'],
  ['of another provider', (plan) => ({ ...plan, provider: 'other' }), 'provider'],
  ['of a later version', (plan) => ({ ...plan, version: 2 }), 'version'],
  ['with another execution', (plan) => ({ ...plan, execution: 'run-2' }), 'fingerprint'],
  ['with another action', (plan) => ({ ...plan, action: 'restart', nodes: ['b'] }), 'fingerprint'],
  ['with other starts', (plan) => ({ ...plan, starts: [] }), 'fingerprint'],
  ['that hides what runs again', (plan) => ({ ...plan, rerunsSucceeded: [{ id: 'a', name: 'a' }] }), 'fingerprint'],
  ['that hides what may run', (plan) => ({ ...plan, mayRun: plan.starts }), 'fingerprint'],
  ['that keeps what it does not', (plan) => ({ ...plan, kept: plan.mayRun }), 'fingerprint'],
  ['that calls a node otherwise', (plan) => ({ ...plan, starts: [{ id: 'b', name: 'harmless' }] }), 'fingerprint'],
  ['with a node twice', (plan) => withNodes(plan, [...plan.snapshot.nodes, ...plan.snapshot.nodes]), 'fingerprint'],
  ['with another state of a node', (plan) => withNodes(plan, [node('a', 'failed')]), 'fingerprint'],
  ['with more in it', (plan) => ({ ...plan, note: 'x' }), 'note'],
  ['with less in it', ({ snapshot: _snapshot, ...plan }) => plan, 'snapshot'],
  ['that is none', () => ({ fingerprint: 'v1:' }), 'version'],
];

function withNodes(plan: Plan, nodes: Plan['snapshot']['nodes']): unknown {
  return { ...plan, snapshot: { ...plan.snapshot, nodes } };
}

describe('a plan', () => {
  it.each(TAMPERED)('%s is refused before anything is read', async (_what, tamper, field) => {
    const { workflow, reads } = planned();
    const error = await rejected(workflow.resume(tamper(fromFile(await workflow.plan(request))) as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map((problem) => problem.field)).toContain(field);
    expect(reads()).toBe(1);
  });

  it('of another format is refused in a few words, however large it is', async () => {
    const { workflow } = planned();
    const plan = await workflow.plan(request);
    const nodes = Array.from({ length: 5_000 }, (_, place) => ({ ...node(`n${place}`, 'failed'), colour: 'red' }));
    const error = await rejected(workflow.resume(withNodes(plan, nodes) as never));
    expect(error.problems.length).toBeLessThan(30);
    expect(error.message.length).toBeLessThan(5_000);
  });

  it('with nodes called like properties of every object is applied as any other', async () => {
    const { workflow, held, sent } = planned();
    const nodes = [node('__proto__', 'failed'), node('constructor', 'succeeded'), node('toString', 'waiting')];
    held.seen = inspection('failed', nodes, { edges: [{ from: '__proto__', to: 'constructor' }] });
    const plan = fromFile(await workflow.plan(request));
    expect(plan.rerunsSucceeded.map(({ id }) => id)).toEqual(['constructor']);
    await workflow.resume(plan);
    expect(sent).toEqual([['__proto__']]);
  });
});
