import { describe, expect, it } from 'vitest';
import { createRegistry } from '../src/registry.js';
import { expectNotResumed, expectResumed, fakeWorkflow } from '../src/testing/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { rejected } from './rejected.js';

const RUN = { workflow: 'nightly-etl', execution: 'wr_1' } as const;

describe('a fake that was told nothing', () => {
  it('accepts every resume, and shows it as succeeded afterwards', async () => {
    const fake = fakeWorkflow({ name: 'glue-eu', provider: 'glue' });
    expect(await fake.inspect(RUN)).toMatchObject({ state: 'failed', provider: 'glue', connection: 'glue-eu' });
    const receipt = await fake.resume({ ...RUN, nodes: ['load'] });
    expect(receipt).toMatchObject({ execution: 'wr_1', sameExecution: true, nodes: ['load'], confirmedBy: 'answer' });
    expect(await fake.settled(receipt)).toMatchObject({ state: 'succeeded' });
    expectResumed(fake, { ...RUN, nodes: ['load'] });
  });

  it('mints new executions where it is told that it does', async () => {
    const fake = fakeWorkflow({ capabilities: { newExecution: true } });
    const { execution } = await fake.resume(RUN);
    expect(execution).not.toBe('wr_1');
    expect((await fake.lineage({ workflow: RUN.workflow, execution })).ancestors).toMatchObject([
      { execution: 'wr_1', state: 'failed' },
    ]);
  });

  it('refuses what it does not declare, like the real one', async () => {
    const fake = fakeWorkflow({ capabilities: { actions: { resume: { min: 0, max: 1 } } } });
    expect(await rejected(fake.resume({ ...RUN, action: 'skip' }))).toMatchObject({ code: 'UNIMPLEMENTED' });
    expect(await rejected(fake.resume({ ...RUN, nodes: ['a', 'b'] }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expectNotResumed(fake);
  });
});

describe('a fake of a narrow connection', () => {
  it('refuses every action but those that it is made for', async () => {
    const fake = fakeWorkflow({ actions: ['resume', 'restart'] });
    const wide: ResumableWorkflow = fake;
    expect(await rejected(wide.resume({ ...RUN, action: 'skip' }))).toMatchObject({ code: 'UNIMPLEMENTED' });
    await fake.resume({ ...RUN, action: 'restart', nodes: ['load'] });
    expectResumed(fake, { ...RUN, action: 'restart' });
  });

  it('cannot be scripted for, called with or asked about another one', () => {
    const fake = fakeWorkflow({ actions: ['resume', 'restart'] });
    // @ts-expect-error it does not skip
    fake.on({ action: 'skip' }).accept();
    // @ts-expect-error it does not skip
    expectNotResumed(fake, { action: 'skip' });
    // @ts-expect-error it does not skip
    expect(() => fake.resume({ ...RUN, action: 'skip' })).toBeTypeOf('function');
  });
});

describe('a scripted answer', () => {
  it('refuses with no effect, and is not waited out', async () => {
    const fake = fakeWorkflow();
    fake.on({ execution: 'wr_1' }).refuse('UNAVAILABLE', { message: 'try later', httpStatus: 503 });
    const error = await rejected(fake.resume(RUN));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', httpStatus: 503, attempts: 1 });
    expect(error.message).toContain('try later');
    await fake.resume({ ...RUN, execution: 'wr_2' });
    expectNotResumed(fake, RUN);
  });

  it('loses the answer, and the unsettled intent stands in the way as in production', async () => {
    const fake = fakeWorkflow();
    fake.on().lose({ happened: true });
    expect(await rejected(fake.resume(RUN))).toMatchObject({ effect: 'unknown' });
    expect(await rejected(fake.resume(RUN))).toMatchObject({ code: 'ABORTED', effect: 'unknown' });
    expectResumed(fake, RUN);
  });

  it('is given as often as it is said, the newest one that fits first', async () => {
    const fake = fakeWorkflow();
    fake.on().accept({ execution: 'wr_9' });
    fake.on({ workflow: 'nightly-etl' }).refuse('RESOURCE_EXHAUSTED', { times: 1 });
    const outcomes = [await fake.attempt(RUN), await fake.attempt(RUN)];
    expect(outcomes).toMatchObject([{ status: 'refused' }, { status: 'accepted', receipt: { execution: 'wr_9' } }]);
  });

  it('comes late, and a deadline before it leaves the effect unknown', async () => {
    const fake = fakeWorkflow();
    fake.on().accept({ afterMs: 500 });
    expect(await rejected(fake.resume(RUN, { timeoutMs: 30 }))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      effect: 'unknown',
    });
  });

  it('tells what becomes of it, read by read', async () => {
    const fake = fakeWorkflow();
    fake.on().accept({ becomes: ['running', { state: 'failed', nodes: [{ id: 'load' }], error: 'again' }] });
    const receipt = await fake.resume(RUN);
    const states: string[] = [];
    for await (const progress of fake.follow(receipt)) {
      if (progress.kind === 'snapshot') states.push(progress.snapshot.state);
    }
    expect(states).toEqual(['running', 'failed']);
  });
});

describe('what a fake shows', () => {
  it('is planned with the nodes that failed, and the plan is applied', async () => {
    const fake = fakeWorkflow();
    fake.show(RUN, {
      state: 'failed',
      nodes: [
        { id: 'extract', state: 'succeeded' },
        { id: 'load', state: 'failed' },
        { id: 'publish', state: 'waiting' },
      ],
    });
    const plan = await fake.plan(RUN);
    expect(plan).toMatchObject({
      starts: [{ id: 'load' }],
      expected: [{ id: 'load' }, { id: 'publish' }],
      refusals: [],
    });
    expect(plan.kept.map(({ id }) => id)).toEqual(['extract']);
    await fake.resume(plan);
    expectResumed(fake, { ...RUN, nodes: ['load'] });
    expect((await fake.plan(RUN)).refusals).toEqual(['the execution is succeeded']);
  });

  it('is listed', async () => {
    const fake = fakeWorkflow();
    fake.show(RUN, 'failed');
    fake.show({ ...RUN, execution: 'wr_2' }, 'running');
    const listed: string[] = [];
    for await (const { execution } of fake.list('nightly-etl')) listed.push(execution);
    expect(listed).toEqual(['wr_1']);
  });
});

describe('expectResumed', () => {
  it('counts calls that joined each other as one, and a second resume as two', async () => {
    const fake = fakeWorkflow();
    await Promise.all([fake.resume(RUN), fake.resume(RUN)]);
    expectResumed(fake, RUN);
    await fake.resume(RUN);
    expectResumed(fake, RUN, { times: 2 });
    expect(() => expectResumed(fake, RUN)).toThrow(/once, but did it 2 times/);
  });

  it('says in its message what was asked for, and what became of it', async () => {
    const fake = fakeWorkflow({ name: 'glue-eu' });
    fake.on({ execution: 'wr_2' }).refuse('NOT_FOUND');
    await fake.resume({ ...RUN, nodes: ['load'] });
    await fake.attempt({ ...RUN, execution: 'wr_2' });
    expect(() => expectResumed(fake, { ...RUN, nodes: ['check'] })).toThrow(
      'glue-eu should have done a resume of nightly-etl / wr_1 with nodes [check] once, but did it never. ' +
        'It was asked for:\n' +
        '  1. resume of nightly-etl / wr_1 [load]: accepted as wr_1\n' +
        '  2. resume of nightly-etl / wr_2: refused, NOT_FOUND',
    );
    expect(() => expectResumed(fakeWorkflow(), RUN)).toThrow('It was never asked for anything.');
  });

  it('sees the calls of resumeEach', async () => {
    const fake = fakeWorkflow();
    for await (const _outcome of fake.resumeEach([RUN, { ...RUN, execution: 'wr_2' }], { concurrency: 1 }));
    expectResumed(fake, {}, { times: 2 });
    expect(fake.calls).toHaveLength(2);
  });
});

describe('a fake in a connection’s place', () => {
  it('is what the registry and its container give out from then on, and the registry does not close it', async () => {
    const workflows = createRegistry();
    const key = workflows.register<'resume' | 'restart'>('glue-eu', () => expect.fail('the real one was made'));
    const fake = fakeWorkflow({ name: 'glue-eu' });
    workflows.replace(key, fake);
    const byName: ResumableWorkflow = workflows.get('glue-eu');
    expect(byName).toBe(fake);
    expect(workflows.get(key)).toBe(fake);
    expect(workflows.container.resolve(key.token)).toBe(fake);
    await workflows.close();
    expect(fake.closed).toBe(false);
  });

  it('takes the place only of a connection that is registered', () => {
    expect(() => createRegistry().replace('glue-ue', fakeWorkflow())).toThrow('There is no connection named "glue-ue"');
  });
});
