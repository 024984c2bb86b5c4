import { deepEqual, notEqual, ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions, rangeOf, told } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt } from './expectations.js';
import type { ConformanceTarget, DriverHarness } from './harness.js';

/** The nodes of a receipt must be those that its `nodesBasis` says. */
export function receiptChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const { declared } = declaredActions(workflow);
  const [first = 'resume'] = declared;
  const action = declared.find((one) => rangeOf(workflow, one).max > 0) ?? first;
  const reason = 'reported nodes: the harness has no reports';
  return {
    title: 'receipt',
    checks: [expectedNodes(action), ...(harness.reports === undefined ? [] : [reportedNodes(action)])],
    skipped: harness.reports === undefined ? [{ capability: 'receipt', reason }] : [],
  };
}

function expectedNodes(action: Action): Check {
  return {
    capability: 'receipt',
    fault: 'none',
    expected: 'its expected nodes are those that were asked for',
    run: async (bench) => {
      const connection = bench.connect();
      const { nodes: asked, ...request } = askedOf(bench, connection, action);
      const outcome = await attempt(connection, { ...request, nodes: asked });
      const { nodes, nodesBasis } = acceptedReceipt(outcome);
      notEqual(nodesBasis, 'observed', 'nothing was read back');
      if (nodesBasis === 'reported') return `reported by the service: ${told(outcome)}`;
      deepEqual(nodes, asked, 'the receipt names other nodes than were asked for');
      return told(outcome);
    },
  };
}

/** Fewer and in another order, so that nobody can say what was asked instead. */
function reportedNodes(action: Action): Check {
  return {
    capability: 'receipt',
    fault: 'the service reports other nodes than were asked for',
    expected: 'its reported nodes are those that the service said',
    run: async (bench) => {
      const connection = bench.connect();
      const request = askedOf(bench, connection, action);
      const said = bench.target(action).nodes.slice(1).reverse();
      ok(said.length > 0, `the harness’s target for ${action} needs two nodes at least`);
      const answer = bench.harness.reports?.(request, said);
      bench.arm({ kind: 'answer', when: 'after', answer, times: 99 });
      const outcome = await attempt(connection, request);
      const { nodes, nodesBasis } = acceptedReceipt(outcome);
      deepEqual({ nodesBasis, nodes }, { nodesBasis: 'reported', nodes: said });
      return told(outcome);
    },
  };
}

/** As many nodes as the action takes. */
function askedOf(
  bench: Bench,
  connection: ResumableWorkflow,
  action: Action,
): ConformanceTarget & { readonly action: Action } {
  const { workflow, execution, nodes } = bench.target(action);
  return { workflow, execution, action, nodes: nodes.slice(0, rangeOf(connection, action).max) };
}
