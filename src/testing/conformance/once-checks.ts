import { deepEqual, equal } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, rangeOf, told } from './bench.js';
import type { Check } from './check.js';
import { acceptedReceipt, errorOf, expectLost } from './expectations.js';
import type { DriverHarness } from './harness.js';

/** What the first of the actions alone is put through. */
export function onceChecks(action: Action, workflow: ResumableWorkflow, harness: DriverHarness): Check[] {
  const ownBody500: Check = {
    capability: action,
    fault: '500 with a body of the provider’s own',
    expected: 'effect unknown, one request',
    run: async (bench) => {
      const { answer: refusal } = harness.refusal('an internal error');
      const connection = bench.connect();
      const request = bench.request(connection, action);
      bench.arm({ kind: 'answer', when: 'after', answer: { ...refusal, status: 500 }, times: 99 });
      return await expectLost(bench, connection, await attempt(connection, request));
    },
  };
  const unlisted: Check = {
    capability: action,
    fault: 'a refusal of the provider’s own shape with a code that is in no table',
    expected: 'effect unknown, one request',
    run: async (bench) => {
      const answer = harness.unlistedRefusal?.('a conformance refusal');
      const connection = bench.connect();
      const request = bench.request(connection, action);
      bench.arm({ kind: 'answer', when: 'after', answer, times: 99 });
      return await expectLost(bench, connection, await attempt(connection, request));
    },
  };
  const throttled: Check = {
    capability: action,
    fault: 'the provider’s own throttling, once',
    expected: 'sent again by the gate, accepted',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, action);
      bench.arm({ kind: 'answer', when: 'before', answer: harness.throttle });
      const outcome = await attempt(connection, request);
      equal(acceptedReceipt(outcome).attempts, 2, 'the throttled request counts, and so does the one after it');
      deepEqual([bench.mutating.length, bench.committed], [2, 1]);
      const [first, second] = bench.mutating.map((entry) => bench.harness.sent(entry));
      deepEqual(second, first, 'something else was asked for the second time');
      return told(outcome);
    },
  };
  const slowedDown: Check = {
    capability: action,
    fault: 'the provider’s own throttling, with Retry-After',
    expected: 'effect none, not sent again before',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, action);
      const { status = 429, body = '', headers } = harness.throttle ?? {};
      const later = { status, body, headers: { ...headers, 'Retry-After': '60' } };
      bench.arm({ kind: 'answer', when: 'before', answer: later, times: 99 });
      const outcome = await attempt(connection, request, { timeoutMs: 1_000 });
      const error = errorOf(outcome);
      equal(error.effect, 'none', `it was told as ${told(outcome)}`);
      equal(bench.mutating.length, 1, 'it was sent again at once: hand retryAfterMs on');
      equal(error.retryAfterMs, 60_000, 'the error must say how long to wait');
      return told(outcome);
    },
  };
  const newExecution: Check = {
    capability: 'newExecution',
    fault: 'none',
    expected: workflow.capabilities.newExecution ? 'the receipt names a new execution' : 'the same execution goes on',
    run: async (bench) => {
      const connection = bench.connect();
      const outcome = await attempt(connection, bench.request(connection, action));
      const { sameExecution } = acceptedReceipt(outcome);
      equal(sameExecution, !connection.capabilities.newExecution, 'capabilities.newExecution is not true to fact');
      return told(outcome);
    },
  };
  const { nodes } = { nodes: rangeOf(workflow, action).max === 0 ? [] : ['conformance'] };
  const target = { workflow: 'w', execution: 'e', nodes };
  const notAccepting = Object.keys(harness.notAccepting(target)).map((what): Check => {
    return {
      capability: action,
      fault: `2xx that does not accept: ${what}`,
      expected: 'effect unknown, one request',
      run: async (bench: Bench) => {
        const connection = bench.connect();
        const request = bench.request(connection, action);
        const wrong = harness.notAccepting({ ...request, nodes: request.nodes ?? [] })[what];
        bench.arm({ kind: 'answer', when: 'after', answer: wrong, times: 99 });
        return await expectLost(bench, connection, await attempt(connection, request));
      },
    };
  });
  return [
    ownBody500,
    ...(harness.unlistedRefusal === undefined ? [] : [unlisted]),
    ...(harness.throttle === undefined ? [] : [throttled, slowedDown]),
    newExecution,
    ...notAccepting,
  ];
}
