import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Fault } from '../faults.js';
import { attempt, declaredActions, told } from './bench.js';
import type { Check, CheckGroup, Skipped } from './check.js';
import { acceptedReceipt, errorOf, expectLost, expectOneRequest } from './expectations.js';
import type { DriverHarness } from './harness.js';
import { onceChecks } from './once-checks.js';

type Struck = Pick<Fault, 'kind' | 'answer'>;

const PROXY_PAGE = '<html><body>The proxy says no.</body></html>';
const answer = (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Struck => {
  return { kind: 'answer', answer: { status, headers, body } };
};

/** What the first of the actions is put through. */
const LOST: readonly (readonly [string, Struck])[] = [
  ['reset after the commit', { kind: 'reset' }],
  ['connection closed after the commit', { kind: 'close' }],
  ['half of the answer', { kind: 'truncate' }],
  ['200 with a body of somebody else', { kind: 'garbage' }],
  ['200 with an empty body and a request id', answer(200, '', { 'X-Request-Id': 'r-1', 'x-amzn-RequestId': 'r-1' })],
  ['302 to another path', answer(302, '', { Location: '/conformance/elsewhere' })],
  ['307 to another path', answer(307, '', { Location: '/conformance/elsewhere' })],
  ['400 with a page of a proxy', answer(400, PROXY_PAGE)],
  ['401 with an empty body', answer(401)],
  ['403 with a page of a proxy', answer(403, PROXY_PAGE)],
  ['404 with a page of a proxy', answer(404, PROXY_PAGE)],
  ['404 with JSON of somebody else', answer(404, '{"error":"no such route"}')],
  ['408 with an empty body', answer(408)],
  ['409 with an empty body', answer(409)],
  ['429 with a page of a proxy', answer(429, PROXY_PAGE)],
  ['500 with an empty body', answer(500)],
  ['502 with a page of a proxy', answer(502, PROXY_PAGE)],
  ['503 with an empty body', answer(503)],
  ['504 with a page of a proxy', answer(504, PROXY_PAGE)],
];
/** What each further action is put through: how a driver reads answers it shares between actions, or should. */
const LOST_BY_EACH: ReadonlySet<string> = new Set([
  'reset after the commit',
  '404 with a page of a proxy',
  '500 with an empty body',
]);

/** What does nothing to an answer that has no body to begin with. */
const DAMAGED: ReadonlySet<string> = new Set([
  'half of the answer',
  '200 with a body of somebody else',
  '200 with an empty body and a request id',
]);

/** What must come of each action: where it is accepted, where the answer is lost, where it is refused. */
export function answerChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup[] {
  return declaredActions(workflow).declared.map((action, index) => {
    const lost = LOST.filter(([fault]) => index === 0 || LOST_BY_EACH.has(fault));
    const strikes = lost.filter(([fault]) => harness.acceptsWithoutBody !== true || !DAMAGED.has(fault));
    return {
      title: action,
      checks: [
        accepted(action),
        ...strikes.map(([fault, struck]) => lostAnswer(action, fault, struck)),
        refused(action),
        ...(index === 0 ? onceChecks(action, workflow, harness) : []),
      ],
      skipped: index === 0 ? skippedOf(action, harness) : [],
    };
  });
}

function skippedOf(action: Action, { throttle, acceptsWithoutBody }: DriverHarness): Skipped[] {
  const reasons = [
    ...(throttle === undefined ? ['throttling: the harness names no answer of the provider’s own'] : []),
    ...(acceptsWithoutBody === true ? ['damaged bodies: the provider accepts without one'] : []),
  ];
  return reasons.map((reason) => ({ capability: action, reason }));
}

function accepted(action: Action): Check {
  return {
    capability: action,
    fault: 'none',
    expected: 'accepted by one request for just that',
    run: async (bench) => {
      const workflow = bench.connect();
      const request = bench.request(workflow, action);
      const outcome = await attempt(workflow, request);
      const receipt = acceptedReceipt(outcome);
      await expectOneRequest(bench);
      equal(bench.committed, 1, 'the service must have carried it out');
      const sent = bench.mutating.map((entry) => bench.harness.sent(entry))[0];
      equal(sent?.workflow, request.workflow, 'the workflow must be sent as asked');
      equal(sent?.execution, request.execution, 'the execution must be sent as asked');
      if (sent?.performed !== undefined) {
        equal(receipt.performed, sent.performed, 'the receipt must say what was really asked of the provider');
        if (action !== 'resume') equal(sent.performed, action, 'another action was sent than asked');
      }
      equal(receipt.previousExecution, request.execution);
      equal(receipt.confirmedBy, 'answer');
      equal(receipt.attempts, 1, 'attempts must count what was handed to a connection: call attempt.dispatch()');
      ok(receipt.execution !== '', 'the receipt must name the execution to follow');
      return told(outcome);
    },
  };
}

function lostAnswer(action: Action, fault: string, struck: Struck): Check {
  return {
    capability: action,
    fault,
    expected: 'effect unknown, one request',
    run: async (bench) => {
      const workflow = bench.connect();
      const request = bench.request(workflow, action);
      bench.arm({ ...struck, when: 'after', times: 99 });
      return await expectLost(bench, workflow, await attempt(workflow, request));
    },
  };
}

function refused(action: Action): Check {
  return {
    capability: action,
    fault: 'the provider’s own refusal',
    expected: 'effect none, with what the provider says',
    run: async (bench) => {
      const { answer: refusal, code } = bench.harness.refusal('a conformance refusal');
      const workflow = bench.connect();
      const request = bench.request(workflow, action);
      bench.arm({ kind: 'answer', when: 'before', answer: refusal, times: 99 });
      const outcome = await attempt(workflow, request);
      const error = errorOf(outcome);
      deepEqual([error.effect, error.code], ['none', code], `it was told as ${told(outcome)}`);
      ok(error.message.includes('a conformance refusal'), `the provider’s words are missing from: ${error.message}`);
      equal(error.httpStatus, refusal.status);
      await expectOneRequest(bench);
      return told(outcome);
    },
  };
}
