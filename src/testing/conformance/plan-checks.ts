import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ResumePlan } from '../../resume-plan.js';
import type { ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions, told } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, errorOf, expectReadsOnly, readError } from './expectations.js';

/** What `plan` says must be what a resume then does. */
export function planChecks(workflow: ResumableWorkflow): CheckGroup {
  const title = 'plan';
  const { reads = [] } = workflow.capabilities;
  if (!reads.includes('plan')) return { title, checks: [], skipped: [{ capability: title, reason: 'not declared' }] };
  return { title, checks: [planned(), applied(), stale(), again(), failing()] };
}

async function planOf(bench: Bench, connection: ResumableWorkflow): Promise<ResumePlan> {
  const [action = 'resume'] = declaredActions(connection).declared;
  const { workflow, execution, nodes } = bench.target(action);
  const { min = 0, max = 0 } = connection.capabilities.actions[action] ?? {};
  return await connection.plan({ workflow, execution, action, nodes: min === 0 ? [] : nodes.slice(0, max) });
}

function planned(): Check {
  return {
    capability: 'plan',
    fault: 'none',
    expected: 'refuses nothing, comes out the same twice, reading only',
    run: async (bench) => {
      const connection = bench.connect();
      const plan = await planOf(bench, connection);
      deepEqual(plan.refusals, [], 'a plan for what can be resumed must refuse nothing');
      deepEqual(JSON.parse(JSON.stringify(plan)), plan, 'a plan must be plain JSON');
      equal(
        (await planOf(bench, connection)).fingerprint,
        plan.fingerprint,
        'nothing has changed, but the fingerprint',
      );
      expectReadsOnly(bench);
      return `${plan.performed}, starts [${plan.starts.map(({ id }) => id).join(', ')}]`;
    },
  };
}

function applied(): Check {
  return {
    capability: 'plan',
    fault: 'applied as it was written down',
    expected: 'accepted by one request for just that',
    run: async (bench) => {
      const connection = bench.connect();
      const plan = JSON.parse(JSON.stringify(await planOf(bench, connection))) as ResumePlan;
      const outcome = await connection.attempt(plan);
      const receipt = acceptedReceipt(outcome);
      equal(bench.mutating.length, 1, `one request must be sent, but there were ${bench.mutating.length}`);
      equal(receipt.performed, plan.performed, 'another operation was asked for than planned');
      const [entry] = bench.mutating;
      const sent = entry === undefined ? undefined : bench.harness.sent(entry);
      const starts = new Set(plan.starts.map(({ id }) => id));
      // A provider that takes no nodes is not told which; one that does may be told of what is skipped.
      if (receipt.performed === 'restart')
        deepEqual(new Set(sent?.nodes), starts, 'other nodes were sent than planned');
      return told(outcome);
    },
  };
}

function stale(): Check {
  return {
    capability: 'plan',
    fault: 'resumed by somebody else since',
    expected: 'FAILED_PRECONDITION, effect none, nothing sent',
    run: async (bench) => {
      const connection = bench.connect();
      const plan = await planOf(bench, connection);
      const other = await attempt(bench.connect(), requestOf(plan));
      acceptedReceipt(other);
      const outcome = await connection.attempt(plan);
      const error = errorOf(outcome);
      deepEqual([error.code, error.effect], ['FAILED_PRECONDITION', 'none'], `it was told as ${told(outcome)}`);
      equal(bench.mutating.length, 1, 'nothing may be sent for a plan that is out of date');
      return told(outcome);
    },
  };
}

function again(): Check {
  return {
    capability: 'plan',
    fault: 'it was resumed already',
    expected: 'refuses in words, or names what it was resumed as',
    run: async (bench) => {
      const connection = bench.connect();
      const first = await planOf(bench, connection);
      acceptedReceipt(await attempt(bench.connect(), requestOf(first)));
      const { refusals, resumedAs } = await planOf(bench, connection);
      ok(refusals.length + resumedAs.length > 0, 'the plan does not tell that it was resumed already');
      return [...refusals, ...resumedAs].join('; ');
    },
  };
}

function failing(): Check {
  return {
    capability: 'plan',
    fault: '500 with an empty body',
    expected: 'fails, rather than plan',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const request = bench.request(connection, action);
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer: { status: 500, body: '' }, times: 99 });
      const error = await readError(connection.plan({ ...request, workflow, execution }, { timeoutMs: 300 }));
      expectReadsOnly(bench);
      return error.message;
    },
  };
}

function requestOf({ workflow, execution, action, nodes }: ResumePlan) {
  return { workflow, execution, action, nodes };
}
