import { ok } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { ResumableWorkflow } from '../../types.js';
import { EXECUTION_STATES } from '../../vocabulary.js';
import type { EmulatedAnswer, Fault } from '../faults.js';
import { attempt, collected, declaredActions, told } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, errorOf, readError } from './expectations.js';
import type { DriverHarness } from './harness.js';

/** No secret shows anywhere, also where the service echoes it. */
export function secretChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const { secrets } = harness;
  const { reads = [] } = workflow.capabilities;
  if (secrets.length === 0) {
    return { title: 'secrets', checks: [], skipped: [{ capability: 'secrets', reason: 'the harness names none' }] };
  }
  const echo = secrets.join(' and ');
  return {
    title: 'secrets',
    checks: [
      inReceipt(),
      inError('a lost connection', { kind: 'reset', when: 'after' }),
      inError('a refusal that echoes them', {
        kind: 'answer',
        when: 'before',
        answer: harness.refusal(`no ${echo}`).answer,
      }),
      inError('a 200 that echoes them', {
        kind: 'answer',
        when: 'after',
        answer: {
          status: harness.acceptsWithoutBody === true ? 500 : 200,
          headers: { 'X-Request-Id': echo },
          body: `{"echo":${JSON.stringify(echo)}`,
        },
      }),
      ...(reads.includes('inspect') ? [inSnapshot(), inReadError(harness.refusal(`no ${echo}`).answer)] : []),
      ...(reads.includes('plan') ? [inPlan()] : []),
      ...(reads.includes('list') ? [inListing()] : []),
    ],
  };
}

function inReceipt(): Check {
  return {
    capability: 'secrets',
    fault: 'none',
    expected: 'not in the receipt, nor in the connection as it is printed',
    run: async (bench) => {
      const connection = bench.connect();
      const outcome = await attempt(connection, bench.request(connection, firstAction(connection)));
      expectHidden(acceptedReceipt(outcome), bench.harness.secrets, 'the receipt');
      expectHidden(connection, bench.harness.secrets, 'the connection');
      return told(outcome);
    },
  };
}

function inError(fault: string, struck: Fault): Check {
  return {
    capability: 'secrets',
    fault,
    expected: 'not in the error, its cause or its JSON',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, firstAction(connection));
      bench.arm({ ...struck, times: 99 });
      const outcome = await attempt(connection, request);
      expectHidden(errorOf(outcome), bench.harness.secrets, 'the error');
      return told(outcome);
    },
  };
}

function inSnapshot(): Check {
  return {
    capability: 'secrets',
    fault: 'a read',
    expected: 'not in the snapshot',
    run: async (bench) => {
      const connection = bench.connect();
      const { workflow, execution } = bench.request(connection, firstAction(connection));
      const snapshot = await connection.inspect({ workflow, execution });
      expectHidden(snapshot, bench.harness.secrets, 'the snapshot');
      return `${snapshot.state} with ${snapshot.nodes.length} nodes`;
    },
  };
}

function inPlan(): Check {
  return {
    capability: 'secrets',
    fault: 'a plan',
    expected: 'not in the plan or its JSON',
    run: async (bench) => {
      const connection = bench.connect();
      const plan = await connection.plan(bench.request(connection, firstAction(connection)));
      expectHidden(plan, bench.harness.secrets, 'the plan');
      return `${plan.performed} with fingerprint ${plan.fingerprint}`;
    },
  };
}

function inListing(): Check {
  return {
    capability: 'secrets',
    fault: 'a listing',
    expected: 'not in what is listed',
    run: async (bench) => {
      const connection = bench.connect();
      const { workflow } = bench.request(connection, firstAction(connection));
      const listed = await collected(connection.list(workflow, { state: EXECUTION_STATES }));
      ok(listed.length > 0, 'nothing is listed');
      expectHidden(listed, bench.harness.secrets, 'what is listed');
      return `${listed.length} executions`;
    },
  };
}

function inReadError(answer: EmulatedAnswer): Check {
  return {
    capability: 'secrets',
    fault: 'a read whose refusal echoes them',
    expected: 'not in the error, its cause or its JSON',
    run: async (bench) => {
      const connection = bench.connect();
      const { workflow, execution } = bench.request(connection, firstAction(connection));
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const error = await readError(connection.inspect({ workflow, execution }, { timeoutMs: 500 }));
      expectHidden(error, bench.harness.secrets, 'the error');
      return error.message;
    },
  };
}

/** Fails without printing what it found. */
function expectHidden(value: unknown, secrets: readonly string[], what: string): void {
  const shown = inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });
  for (const text of [shown, JSON.stringify(value) ?? '']) {
    for (const [index, secret] of secrets.entries()) {
      const found = spellingsOf(secret).some((spelling) => text.includes(spelling));
      ok(!found, `secret ${index + 1} of the harness shows in ${what}: call attempt.conceal() with each credential`);
    }
  }
}

function spellingsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}

function firstAction(connection: ResumableWorkflow) {
  return declaredActions(connection).declared[0] ?? 'resume';
}
