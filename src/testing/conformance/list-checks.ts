import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ListedExecution } from '../../snapshot.js';
import type { ResumableWorkflow } from '../../types.js';
import { EXECUTION_STATES } from '../../vocabulary.js';
import type { Bench } from './bench.js';
import { attempt, collected, declaredActions } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, expectReadsOnly, readError } from './expectations.js';
import type { ConformancePages } from './harness.js';

/** A listing must be whole or fail, and a lineage must go both ways. */
export function listChecks(workflow: ResumableWorkflow): CheckGroup {
  const { reads = [] } = workflow.capabilities;
  const undeclared = (['list', 'lineage'] as const).filter((read) => !reads.includes(read));
  return {
    title: 'list and lineage',
    checks: [
      ...(reads.includes('list') ? [everyPage(), brokenPage(), brokenLater(), resumable(), running()] : []),
      ...(reads.includes('lineage') ? [bothWays()] : []),
    ],
    skipped: undeclared.map((capability) => ({ capability, reason: 'not declared' })),
  };
}

function pagesOf(bench: Bench): ConformancePages {
  const pages = bench.harness.pages?.(bench.service);
  if (pages === undefined) throw new Error('list is declared, so the harness needs pages()');
  return pages;
}

function everyPage(): Check {
  return {
    capability: 'list',
    fault: 'more than one page',
    expected: 'every execution once, reading only',
    run: async (bench) => {
      const { workflow, executions, pages } = pagesOf(bench);
      const listed = await collected(bench.connect().list(workflow, { state: EXECUTION_STATES }));
      deepEqual(idsOf(listed), [...executions].sort(), 'the listing is not what there is');
      const requests = bench.service.journal.entries.length;
      ok(requests >= pages, `the listing took ${requests} requests, not ${pages}`);
      expectReadsOnly(bench);
      return `${listed.length} executions by ${requests} requests`;
    },
  };
}

function brokenPage(): Check {
  return {
    capability: 'list',
    fault: 'a page that cannot be read',
    expected: 'fails, rather than end early',
    run: async (bench) => {
      const { workflow } = pagesOf(bench);
      const answer = { status: 200, body: '<html>The proxy says hello.</html>' };
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const error = await readError(collected(bench.connect().list(workflow, { signal: AbortSignal.timeout(500) })));
      return error.message;
    },
  };
}

function brokenLater(): Check {
  return {
    capability: 'list',
    fault: 'a later page that cannot be read',
    expected: 'fails, rather than end early',
    run: async (bench) => {
      const { workflow, pages } = pagesOf(bench);
      if (pages < 2) return 'the provider knows no pages';
      bench.arm({ kind: 'delay', when: 'before', operation: 'any', delayMs: 0 });
      const answer = { status: 200, body: '<html>The proxy says hello.</html>' };
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const options = { state: EXECUTION_STATES, signal: AbortSignal.timeout(500) };
      const error = await readError(collected(bench.connect().list(workflow, options)));
      return error.message;
    },
  };
}

/** What runs has no end yet. */
function running(): Check {
  return {
    capability: 'list',
    fault: 'one is running',
    expected: 'it is among all states',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const outcome = await attempt(connection, bench.request(connection, action));
      const { workflow, execution } = acceptedReceipt(outcome);
      const listed = idsOf(await collected(connection.list(workflow, { state: EXECUTION_STATES })));
      ok(listed.includes(execution), `${execution}, which was just resumed, is not among ${listed.join(', ')}`);
      return `${listed.length} executions`;
    },
  };
}

/** What stands failed or paused is listed by default. */
function resumable(): Check {
  return {
    capability: 'list',
    fault: 'no state asked for',
    expected: 'what can be resumed is among it',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const listed = idsOf(await collected(connection.list(workflow)));
      ok(listed.includes(execution), `${execution} is not among ${listed.join(', ')}`);
      return `${listed.length} executions`;
    },
  };
}

function bothWays(): Check {
  return {
    capability: 'lineage',
    fault: 'none',
    expected: 'leads from the old execution to the new one and back',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const outcome = await attempt(connection, bench.request(connection, action));
      const { workflow, execution, previousExecution } = acceptedReceipt(outcome);
      const forward = await connection.lineage({ workflow, execution: previousExecution });
      deepEqual(idsOf(forward.descendants), [execution], 'the new execution must descend from the old one');
      const back = await connection.lineage({ workflow, execution });
      equal(back.ancestors.at(-1)?.execution, previousExecution, 'the new execution must go back to the old one');
      equal(bench.mutating.length, 1, 'a read sent a request that could resume something');
      return `${previousExecution} → ${execution}`;
    },
  };
}

function idsOf(listed: readonly ListedExecution[]): string[] {
  return listed.map(({ execution }) => execution).sort();
}
