import { describe, expect, it } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import type { ListPage, PageRequest } from '../src/inspection.js';
import { allOf, hanging, readingConnection } from './inspect-bench.js';
import { rejected } from './rejected.js';

type Listed = ListPage['executions'][number];

const one = (execution: string, more: Partial<Listed> = {}): Listed => ({
  execution,
  state: 'failed',
  providerState: 'FAILED',
  ...more,
});

/** A connection that lists pages by their tokens; the first one is called `first`. */
function listing(pages: Readonly<Record<string, unknown>>) {
  const asked: PageRequest[] = [];
  const connection = readingConnection({
    async doList(_workflow, page) {
      asked.push(page);
      return pages[page.token ?? 'first'] as ListPage;
    },
  });
  return { ...connection, asked };
}

describe('list', () => {
  it('goes through the pages, and asks for the next one only when it is needed', async () => {
    const { workflow, asked, runtime } = listing({
      first: { executions: [one('r1'), one('r2')], next: 'two' },
      two: { executions: [one('r3')] },
    });
    const seen: string[] = [];
    for await (const listed of workflow.list('nightly')) {
      seen.push(`${listed.workflow}/${listed.execution}`);
      if (listed.execution === 'r2') expect(asked).toHaveLength(1);
    }
    expect(seen).toEqual(['nightly/r1', 'nightly/r2', 'nightly/r3']);
    expect(asked).toEqual([
      { token: undefined, states: true },
      { token: 'two', states: true },
    ]);
    expect(runtime.pending).toBe(0);
  });

  it('tells what failed or is paused, unless it is asked for other states', async () => {
    const states = ['running', 'failed', 'paused', 'succeeded', 'stopped', 'unknown'] as const;
    const pages = { first: { executions: states.map((state) => one(state, { state })) } };
    const told = async (state?: Parameters<typeof list>[1]) =>
      (await list(pages, state)).map(({ execution }) => execution);
    const list = (all: typeof pages, options?: Parameters<ReturnType<typeof listing>['workflow']['list']>[1]) =>
      allOf(listing(all).workflow.list('nightly', options));
    expect(await told()).toEqual(['failed', 'paused']);
    expect(await told({ state: 'succeeded' })).toEqual(['succeeded']);
    expect(await told({ state: ['unknown', 'stopped'] })).toEqual(['stopped', 'unknown']);
    expect(await told({ state: [] })).toEqual([]);
  });

  it('leaves out what began before `since`, and tells what does not say when it began', async () => {
    const { workflow } = listing({
      first: {
        executions: [
          one('old', { startedAt: '2026-11-20T23:59:59.999Z' }),
          one('new', { startedAt: '2026-11-21T00:00:00.000Z' }),
          one('silent'),
          one('odd', { startedAt: 'yesterday' }),
        ],
      },
    });
    const told = await allOf(workflow.list('nightly', { since: new Date('2026-11-21T00:00:00Z') }));
    expect(told.map(({ execution }) => execution)).toEqual(['new', 'silent', 'odd']);
  });

  it('tells what moves to the next page meanwhile once', async () => {
    const { workflow } = listing({
      first: { executions: [one('r1'), one('r2')], next: 'two' },
      two: { executions: [one('r2'), one('r3')] },
    });
    expect((await allOf(workflow.list('nightly'))).map(({ execution }) => execution)).toEqual(['r1', 'r2', 'r3']);
  });

  it.each([
    [
      'a page that leads to itself',
      { first: { executions: [one('r1')], next: 'two' }, two: { executions: [], next: 'two' } },
    ],
    [
      'pages in a circle',
      { first: { executions: [], next: 'b' }, b: { executions: [], next: 'c' }, c: { executions: [], next: 'b' } },
    ],
  ])('ends in INTERNAL over %s', async (_what, pages) => {
    const { workflow, runtime } = listing(pages);
    const error = await rejected(allOf(workflow.list('nightly')));
    expect(error).toMatchObject({ code: 'INTERNAL', effect: 'none' });
    expect(error.message).toContain('leads from one page to an earlier one');
    expect(runtime.pending).toBe(0);
  });

  it('ends in INTERNAL over ever new pages without anything new', async () => {
    let pages = 0;
    const { workflow } = readingConnection({
      doList: async () => ({ executions: [one('r1')], next: `page-${++pages}` }),
    });
    expect(await rejected(allOf(workflow.list('nightly')))).toMatchObject({ code: 'INTERNAL', effect: 'none' });
    expect(pages).toBeLessThan(2_000);
  });

  it.each([undefined, {}, { executions: [{}] }, { executions: [null] }])(
    'ends in INTERNAL where a driver hands over %j',
    async (garbage) => {
      const { workflow } = listing({ first: garbage });
      expect(await rejected(allOf(workflow.list('nightly')))).toMatchObject({ code: 'INTERNAL', effect: 'none' });
    },
  );

  it('tells what it has before it fails, and repeats reads that may go better', async () => {
    let failures = 0;
    const { workflow, runtime } = readingConnection({
      async doList(_workflow, { token }) {
        if (token === undefined) return { executions: [one('r1')], next: 'two' };
        if (++failures < 3) throw new DriverFailure('busy', { code: 'UNAVAILABLE', effect: 'none' });
        throw new DriverFailure('no', { code: 'PERMISSION_DENIED', effect: 'none' });
      },
    });
    const seen: string[] = [];
    const walk = async (): Promise<void> => {
      for await (const { execution } of workflow.list('nightly')) seen.push(execution);
    };
    expect(await runtime.run(rejected(walk()))).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(failures).toBe(3);
    expect(seen).toEqual(['r1']);
  });

  it('holds nothing between two steps, nor after it was left', async () => {
    const { workflow, runtime } = listing({ first: { executions: [one('r1'), one('r2')] } });
    for await (const { execution } of workflow.list('nightly')) {
      expect(runtime.pending).toBe(0);
      if (execution === 'r1') break;
    }
    expect(runtime.pending).toBe(0);
  });

  it.each(['signal', 'close', 'return'])('ends at once in the middle of a page by %s', async (how) => {
    const { workflow, runtime } = readingConnection({ doList: () => hanging() });
    const stop = new AbortController();
    const steps = workflow.list('nightly', { signal: stop.signal })[Symbol.asyncIterator]();
    const step = steps.next().catch((thrown: unknown) => thrown);
    await new Promise((resolve) => setImmediate(resolve));
    if (how === 'signal') stop.abort();
    else if (how === 'close') await workflow.close();
    else await steps.return?.();
    expect(await step).toMatchObject(how === 'return' ? { done: true } : { code: 'CANCELLED', effect: 'none' });
    expect(runtime.pending).toBe(0);
  });

  it.each([
    ['', {}, 'workflow'],
    ['nightly', { state: 'broken' }, 'state'],
    ['nightly', { since: '2026-11-21' }, 'since'],
    ['nightly', { since: new Date(Number.NaN) }, 'since'],
    ['nightly', { limit: 5 }, 'limit'],
  ])('of %j with %j is refused before anything is read', async (name, options, field) => {
    const { workflow, asked } = listing({});
    const error = await rejected(allOf(workflow.list(name, options as never)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems.map((problem) => problem.field)).toEqual([field]);
    expect(asked).toEqual([]);
  });
});
