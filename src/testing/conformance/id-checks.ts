import { deepEqual, ok } from 'node:assert/strict';
import type { IdRule, ResumableWorkflow, ResumeRequest } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions, rangeOf, told } from './bench.js';
import type { Check, CheckGroup, Skipped } from './check.js';
import { errorOf, expectUnsent } from './expectations.js';
import { madeUpIds } from './made-up-ids.js';

type Kind = 'workflow' | 'execution' | 'node';
/** What paths, queries and JSON get wrong, the worst first. */
const STRANGE = ['a b+c&d=e#f%2Fg;h', 'a/../b', 'a+b', 'ä', '名', 'a b', "a'b", 'a%b', 'a.b', 'a_b', 'a-b', 'aB'];
const AT_A_TIME = 8;
const UNLIKELY = ['a/../b', '..', 'a\nb', 'a\u0000b', 'a b', 'a/b', '?', '#', 'a;b', 'ä', ' '];

/** Ids that break the declared rules are refused; those that keep them arrive as they are. */
export function idChecks(workflow: ResumableWorkflow): CheckGroup {
  const action = actionWithNodes(workflow);
  const kinds: readonly Kind[] =
    rangeOf(workflow, action).max > 0 ? ['workflow', 'execution', 'node'] : ['workflow', 'execution'];
  const skipped: Skipped[] = [];
  const checks = kinds.flatMap((kind) => {
    const { maxLength, pattern } = workflow.capabilities.ids[kind];
    const wrong = UNLIKELY.find((candidate) => !pattern.test(candidate) && candidate.length <= maxLength);
    if (wrong === undefined) skipped.push({ capability: `${kind} ids`, reason: 'the pattern allows everything' });
    return [
      badId(workflow, kind, 'one that is too long', tooLong(workflow.capabilities.ids[kind])),
      ...(wrong === undefined ? [] : [badId(workflow, kind, `${JSON.stringify(wrong)}, against the pattern`, wrong)]),
    ];
  });
  const executions = madeUpIds(workflow.capabilities.ids.execution, AT_A_TIME);
  if (executions === undefined) {
    skipped.push({ capability: 'ids', reason: 'several calls at a time: no ids to make up fit the pattern' });
  }
  return {
    title: 'ids',
    checks: [...checks, strangeIds(workflow), ...(executions === undefined ? [] : [atATime(workflow, executions)])],
    skipped,
  };
}

function badId(workflow: ResumableWorkflow, kind: Kind, what: string, id: string): Check {
  const action = actionWithNodes(workflow);
  return {
    capability: `${kind} ids`,
    fault: what,
    expected: 'INVALID_ARGUMENT, nothing sent',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, action);
      const wrong = kind === 'node' ? { ...request, nodes: [id] } : { ...request, [kind]: id };
      return await expectUnsent(bench, await attempt(connection, wrong), /^INVALID_ARGUMENT$/);
    },
  };
}

/** Asks for what does not exist, by ids that are hard to send, and looks at what arrived. */
function strangeIds(workflow: ResumableWorkflow): Check {
  const action = actionWithNodes(workflow);
  return {
    capability: 'ids',
    fault: 'strange, but allowed',
    expected: 'arrive as they were asked for',
    run: async (bench) => {
      const connection = bench.connect();
      const { ids } = connection.capabilities;
      const request: ResumeRequest = {
        workflow: strangest(ids.workflow, bench, 'workflow'),
        execution: strangest(ids.execution, bench, 'execution'),
        action,
        nodes: rangeOf(connection, action).max > 0 ? [strangest(ids.node, bench, 'node')] : [],
      };
      const { answer } = bench.harness.refusal('no such execution');
      bench.arm({ kind: 'answer', when: 'before', answer, times: 99 });
      const outcome = await attempt(connection, request);
      errorOf(outcome);
      const [entry] = bench.mutating;
      // A resume that reads first has ended with the read, which the harness does not translate.
      if (entry === undefined) return `was not sent on: ${told(outcome)}`;
      const { workflow: sentWorkflow, execution, nodes } = bench.harness.sent(entry);
      deepEqual({ workflow: sentWorkflow, execution, nodes }, withoutAction(request), 'an id did not arrive as it was');
      return told(outcome);
    },
  };
}

/** What one call was asked may not get into another one's request. */
function atATime(workflow: ResumableWorkflow, executions: readonly string[]): Check {
  const action = actionWithNodes(workflow);
  return {
    capability: 'ids',
    fault: 'several calls at a time',
    expected: 'each arrives as it was asked for',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, action);
      const { answer } = bench.harness.refusal('no such execution');
      bench.arm({ kind: 'answer', when: 'before', answer, times: 99 });
      const calls = executions.map((execution) => attempt(connection, { ...request, execution }));
      const [first] = await Promise.all(calls);
      if (bench.mutating.length === 0) return `were not sent on: ${first === undefined ? '' : told(first)}`;
      const sent = bench.mutating.map((entry) => bench.harness.sent(entry).execution);
      deepEqual(sent.sort(), [...executions].sort(), 'the requests are not those that were asked for');
      return `${sent.length} requests`;
    },
  };
}

function withoutAction({ workflow, execution, nodes }: ResumeRequest) {
  return { workflow, execution, nodes };
}

/** The strangest id that the rules allow, or the target's own. */
function strangest({ pattern, maxLength }: IdRule, bench: Bench, kind: Kind): string {
  const connection = bench.connect();
  const { workflow, execution, nodes = [] } = bench.request(connection, actionWithNodes(connection));
  const own = { workflow, execution, node: nodes[0] ?? '' }[kind];
  const fits = (candidate: string): boolean => pattern.test(candidate) && candidate.length <= maxLength;
  return STRANGE.find(fits) ?? [`${own}-x`].find(fits) ?? own;
}

function tooLong({ maxLength, pattern }: IdRule): string {
  ok(Number.isFinite(maxLength), 'an id needs a length that is finite');
  const letters = 'a'.repeat(maxLength + 1);
  return pattern.test(letters) ? letters : '1'.repeat(maxLength + 1);
}

/** An action that names its nodes, since such a one is sent without a read, or the first one. */
function actionWithNodes(workflow: ResumableWorkflow) {
  const { declared } = declaredActions(workflow);
  return declared.find((action) => rangeOf(workflow, action).min > 0) ?? declared[0] ?? 'resume';
}
