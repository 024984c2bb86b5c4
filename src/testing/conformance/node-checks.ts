import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions, rangeOf, told } from './bench.js';
import type { Check, CheckGroup, Skipped } from './check.js';
import { acceptedReceipt, errorOf } from './expectations.js';
import { madeUpIds } from './made-up-ids.js';

/** Nodes must be sent exactly as asked, and where they are discovered, all that stopped. */
export function nodeChecks(workflow: ResumableWorkflow): CheckGroup {
  const actions = declaredActions(workflow).declared.filter((action) => rangeOf(workflow, action).max > 0);
  const { discoversNodes } = workflow.capabilities;
  const skipped: Skipped[] = [
    ...(actions.length === 0 ? [{ capability: 'nodes', reason: 'no action takes nodes' }] : []),
    ...(discoversNodes ? [] : [{ capability: 'discoversNodes', reason: 'not declared' }]),
  ];
  return {
    title: 'nodes',
    checks: [...actions.flatMap((action) => namedNodes(workflow, action)), ...(discoversNodes ? [discovered()] : [])],
    skipped,
  };
}

function namedNodes(workflow: ResumableWorkflow, action: Action): Check[] {
  const { min, max } = rangeOf(workflow, action);
  const hundred = madeUpIds(workflow.capabilities.ids.node, 100);
  if (max === 1) return [asAsked(action, 'one', (nodes) => nodes.slice(0, 1), 1)];
  return [
    asAsked(action, 'all, in another order than the provider’s', (nodes) => [...nodes].reverse().slice(0, max), 2),
    ...(min > 1 ? [] : [asAsked(action, 'some of them', (nodes) => nodes.slice(1, 2), 1)]),
    ...(hundred === undefined || max < hundred.length ? [] : [many(action, hundred)]),
  ];
}

function asAsked(
  action: Action,
  which: string,
  choose: (nodes: readonly string[]) => readonly string[],
  atLeast: number,
): Check {
  return {
    capability: `nodes of ${action}`,
    fault: which,
    expected: 'sent exactly as asked',
    run: async (bench) => {
      const { workflow, execution, nodes: known } = bench.target(action);
      const nodes = choose(known);
      ok(nodes.length >= atLeast, `the harness’s target for ${action} needs more nodes than [${known.join(', ')}]`);
      const outcome = await attempt(bench.connect(), { workflow, execution, action, nodes });
      acceptedReceipt(outcome);
      deepEqual(sentNodes(bench), nodes, 'other nodes were sent than asked, or in another order');
      return told(outcome);
    },
  };
}

/** Nodes that do not exist: what arrives is looked at, not what comes of it. */
function many(action: Action, nodes: readonly string[]): Check {
  return {
    capability: `nodes of ${action}`,
    fault: 'a hundred',
    expected: 'sent exactly as asked',
    run: async (bench) => {
      const { workflow, execution } = bench.target(action);
      const { answer } = bench.harness.refusal('no such nodes');
      bench.arm({ kind: 'answer', when: 'before', answer, times: 99 });
      const outcome = await attempt(bench.connect(), { workflow, execution, action, nodes });
      errorOf(outcome);
      // A driver that reads first may have found out that there are no such nodes.
      if (bench.mutating.length === 0) return `was not sent on: ${told(outcome)}`;
      deepEqual(sentNodes(bench), nodes, 'other nodes were sent than asked, or in another order');
      return told(outcome);
    },
  };
}

function discovered(): Check {
  return {
    capability: 'discoversNodes',
    fault: 'a resume without nodes',
    expected: 'read first, then all nodes that stopped are sent',
    run: async (bench) => {
      const { workflow, execution, nodes } = bench.target('resume');
      const outcome = await attempt(bench.connect(), { workflow, execution });
      acceptedReceipt(outcome);
      deepEqual([...sentNodes(bench)].sort(), [...nodes].sort(), 'other nodes were sent than those that stopped');
      equal(bench.service.journal.entries[0]?.mutating, false, 'it must read before it sends');
      return told(outcome);
    },
  };
}

function sentNodes(bench: Bench): readonly string[] {
  const sent = bench.mutating.map((entry) => bench.harness.sent(entry));
  equal(sent.length, 1, `one request must be sent, but there were ${sent.length}`);
  return sent[0]?.nodes ?? [];
}
