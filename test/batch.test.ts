import { describe, expect, it } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { ResumeRequest } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { rejected } from './rejected.js';

type Request = ResumeRequest<'resume' | 'restart'>;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Each execution's name says how long it takes and how it ends: `20-ok`, `5-refused`, `1-unknown`. */
function connect() {
  let underWay = 0;
  const seen = { most: 0, ended: 0 };
  const driver = fakeDriver({
    async doResume({ execution }, { nodes }, attempt: Attempt) {
      attempt.dispatch();
      underWay += 1;
      seen.most = Math.max(seen.most, underWay);
      try {
        await pause(Number(execution.split('-')[0]));
        if (execution.includes('refused'))
          throw new DriverFailure('no', { code: 'FAILED_PRECONDITION', effect: 'none' });
        if (execution.includes('unknown')) throw new DriverFailure('lost', { code: 'UNAVAILABLE', effect: 'unknown' });
        return { execution, nodes, nodesBasis: 'expected' };
      } finally {
        underWay -= 1;
        seen.ended += 1;
      }
    },
  });
  return { seen, workflow: createWorkflow<'resume' | 'restart'>('fake-eu', driver) };
}

const requests = (...executions: string[]): Request[] => executions.map((execution) => ({ workflow: 'w', execution }));

describe('resumeEach', () => {
  it('yields in order of completion, each with its request, and one failure stops nothing', async () => {
    const { workflow } = connect();
    const outcomes: string[] = [];
    const each = workflow.resumeEach(requests('40-ok', '1-unknown', '10-refused', '20-ok'), { concurrency: 4 });
    for await (const { status, request } of each) outcomes.push(`${request.execution} ${status}`);
    expect(outcomes).toEqual(['1-unknown unknown', '10-refused refused', '20-ok accepted', '40-ok accepted']);
  });

  it('takes a bad request for a refusal', async () => {
    const { workflow } = connect();
    const outcomes = [];
    for await (const outcome of workflow.resumeEach([{ workflow: '' } as never, ...requests('1-ok')]))
      outcomes.push(outcome.status);
    expect(outcomes.sort()).toEqual(['accepted', 'refused']);
  });

  it('keeps to its concurrency, over async sources too', async () => {
    const { workflow, seen } = connect();
    async function* source(): AsyncGenerator<Request> {
      for (let number = 0; number < 40; number += 1) yield { workflow: 'w', execution: `1-${number}` };
    }
    let count = 0;
    for await (const outcome of workflow.resumeEach(source(), { concurrency: 5 })) {
      expect(outcome.status).toBe('accepted');
      count += 1;
    }
    expect(count).toBe(40);
    expect(seen.most).toBe(5);
  });

  it('takes no more than it has room for while its consumer is slow', async () => {
    const { workflow } = connect();
    let taken = 0;
    function* source(): Generator<Request> {
      for (;;) yield { workflow: 'w', execution: `1-${taken++}` };
    }
    let count = 0;
    for await (const _outcome of workflow.resumeEach(source(), { concurrency: 3 })) {
      count += 1;
      await pause(5);
      expect(taken).toBeLessThanOrEqual(count + 3);
      if (count === 10) break;
    }
  });

  it('ends what is under way, and its source, when the loop is left', async () => {
    const { workflow } = connect();
    let closed = false;
    function* source(): Generator<Request> {
      try {
        for (let number = 0; ; number += 1) yield { workflow: 'w', execution: `${number === 0 ? 1 : 9_999}-${number}` };
      } finally {
        closed = true;
      }
    }
    for await (const _outcome of workflow.resumeEach(source(), { concurrency: 4 })) break;
    expect(closed).toBe(true);
    // Nothing is left hanging on the executions: a new call is not in their way for the lack of an end.
    const again = await workflow.attempt({ workflow: 'w', execution: '1-0' });
    expect(again.status).toBe('accepted');
  });

  it('tells what is under way before the source’s own error', async () => {
    const { workflow } = connect();
    function* source(): Generator<Request> {
      yield* requests('10-ok');
      throw new Error('the list broke');
    }
    const outcomes: string[] = [];
    await expect(async () => {
      for await (const { status } of workflow.resumeEach(source())) outcomes.push(status);
    }).rejects.toThrow('the list broke');
    expect(outcomes).toEqual(['accepted']);
  });

  it('stops with its signal', async () => {
    const { workflow } = connect();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const outcomes: string[] = [];
    for await (const { status } of workflow.resumeEach(requests('1-ok', '9999-slow'), { signal: stop.signal }))
      outcomes.push(status);
    expect(outcomes).toEqual(['accepted', 'unknown']);
  });

  it.each([{ concurrency: 0 }, { concurrency: 1.5 }, { idempotencyKey: 'k' }, { timeoutMs: 0 }])(
    'refuses %j',
    async (options) => {
      const each = connect().workflow.resumeEach(requests('1-ok'), options as never);
      await expect(async () => {
        for await (const _outcome of each);
      }).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
    },
  );

  it.each([5, undefined, null, 'ab', {}, { workflow: 'w', execution: '1-ok' }])(
    'refuses %j in the place of the requests, and says what is expected',
    async (source) => {
      const each = connect().workflow.resumeEach(source as never, { concurrency: 0 });
      const error = await rejected(each[Symbol.asyncIterator]().next());
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 0 });
      expect(error.problems.map(({ field }) => field)).toEqual(['requests', 'concurrency']);
      expect(error.message).toContain('requests must be a list of requests, or another iterable');
    },
  );
});
