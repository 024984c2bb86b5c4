import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import { attempt, declaredActions, told } from './bench.js';
import type { Check, CheckGroup, Skipped } from './check.js';
import { acceptedReceipt, errorOf, expectLost, expectOneRequest } from './expectations.js';
import type { DriverHarness } from './harness.js';
import type { Struck } from './lost-answers.js';
import { DAMAGED, LOST, LOST_BY_EACH } from './lost-answers.js';
import { onceChecks } from './once-checks.js';
import { wholeAnswerChecks } from './whole-answer-checks.js';

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
        ...(index === 0 ? wholeAnswerChecks(action, harness) : []),
      ],
      skipped: index === 0 ? skippedOf(action, harness) : [],
    };
  });
}

function skippedOf(action: Action, harness: DriverHarness): Skipped[] {
  const { throttle, acceptsWithoutBody } = harness;
  const reasons = [
    ...(throttle === undefined ? ['throttling: the harness names no answer of the provider’s own'] : []),
    ...(harness.unlistedRefusal === undefined ? ['codes in no table: the harness has no unlistedRefusal'] : []),
    ...(acceptsWithoutBody === true ? ['damaged and oversized bodies: the provider accepts without one'] : []),
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
