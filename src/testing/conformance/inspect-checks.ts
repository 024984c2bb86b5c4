import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { ResumeError } from '../../errors.js';
import type { ResumableWorkflow } from '../../types.js';
import type { EmulatedAnswer } from '../faults.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, expectReadsOnly, readError } from './expectations.js';
import type { DriverHarness } from './harness.js';

const READ_TIMEOUT_MS = 300;
const VISIBILITY_MS = 100;
/** Within which a run that has ended must be told as that, in milliseconds. */
const SETTLING_MS = 3_000;
/** How often the gate tries a read at most. */
const MAX_TRIES = 3;
/** What a node may be that a resume starts again. */
const STOPPED: ReadonlySet<string> = new Set(['failed', 'paused', 'stopped']);

/** What `inspect` and `follow` tell must be what is there. */
export function inspectChecks(workflow: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const title = 'inspect';
  const { reads = [] } = workflow.capabilities;
  if (!reads.includes('inspect'))
    return { title, checks: [], skipped: [{ capability: title, reason: 'not declared' }] };
  return {
    title,
    checks: [
      standing(),
      missing(),
      failing('500 with an empty body', { status: 500, body: '' }),
      failing('404 with a page of a proxy', { status: 404, body: '<html>The proxy says no.</html>' }),
      redirected(),
      failing('200 with a page of a proxy', { status: 200, body: '<html>The proxy says hello.</html>' }),
      notItsOwn(),
      ...(harness.finish === undefined ? [] : [followed()]),
    ],
    ...(harness.finish === undefined
      ? { skipped: [{ capability: 'follow', reason: 'the harness has no finish' }] }
      : {}),
  };
}

function standing(): Check {
  return {
    capability: 'inspect',
    fault: 'none',
    expected: 'failed or paused, with the nodes, reading only',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution, nodes } = bench.target(action);
      const snapshot = await connection.inspect({ workflow, execution });
      ok(['failed', 'paused'].includes(snapshot.state), `what can be resumed was told as ${snapshot.state}`);
      const known = new Set(snapshot.nodes.map(({ id }) => id));
      deepEqual(
        nodes.filter((id) => !known.has(id)),
        [],
        'nodes that can be resumed are missing from the snapshot',
      );
      if (connection.capabilities.discoversNodes && action === 'resume') {
        const standing = snapshot.nodes.filter(({ id, state }) => nodes.includes(id) && !STOPPED.has(state));
        deepEqual(
          standing.map(({ id, state }) => `${id} is ${state}`),
          [],
          'nodes that stopped were told as something else',
        );
      }
      expectReadsOnly(bench);
      return `${snapshot.state} with ${snapshot.nodes.length} nodes`;
    },
  };
}

function missing(): Check {
  return {
    capability: 'inspect',
    fault: 'an execution that does not exist',
    expected: 'NOT_FOUND',
    run: async (bench) => {
      const connection = bench.connect();
      const { workflow, execution } = missingOf(bench, connection);
      const error = await readError(connection.inspect({ workflow, execution }));
      equal(error.code, 'NOT_FOUND', error.message);
      return error.message;
    },
  };
}

function missingOf(bench: Bench, connection: ResumableWorkflow) {
  const [action = 'resume'] = declaredActions(connection).declared;
  const { workflow, execution } = bench.target(action);
  const missing = bench.harness.missing?.(bench.service) ?? { workflow, execution: `${execution}x` };
  const { pattern, maxLength } = connection.capabilities.ids.execution;
  const isAllowed = pattern.test(missing.execution) && missing.execution.length <= maxLength;
  ok(isAllowed, `the harness needs missing(): ${missing.execution} breaks the rule for execution ids`);
  return missing;
}

function failing(fault: string, answer: EmulatedAnswer): Check {
  return {
    capability: 'inspect',
    fault,
    expected: 'fails, rather than tell a state',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const { entries } = bench.service.journal;
      await connection.inspect({ workflow, execution });
      const needed = entries.length;
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const error = await readError(connection.inspect({ workflow, execution }, { timeoutMs: READ_TIMEOUT_MS }));
      expectReadsOnly(bench);
      const sent = entries.length - needed;
      ok(sent <= MAX_TRIES * needed, `a driver may not retry by itself, but ${sent} requests were sent`);
      return error.message;
    },
  };
}

/** Elsewhere the credentials would go, too. */
function redirected(): Check {
  const path = '/conformance/elsewhere';
  return {
    capability: 'inspect',
    fault: '307 to another path',
    expected: 'fails, and is not followed',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const answer = { status: 307, headers: { Location: path }, body: '' };
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const error = await readError(connection.inspect({ workflow, execution }, { timeoutMs: READ_TIMEOUT_MS }));
      const followed = bench.service.journal.entries.filter(({ target }) => target.includes(path));
      equal(followed.length, 0, 'a redirect was followed');
      return error.message;
    },
  };
}

/** Lenient reading may find nothing in it, but may not make a state of it. */
function notItsOwn(): Check {
  return {
    capability: 'inspect',
    fault: '200 with JSON of somebody else',
    expected: 'fails, or is told as unknown',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const answer = { status: 200, body: '{"healthy":true,"state":"ok"}' };
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer, times: 99 });
      const read = connection.inspect({ workflow, execution }, { timeoutMs: READ_TIMEOUT_MS });
      const told = await read.then(
        ({ state }) => `state ${state}`,
        (thrown: unknown) => (ResumeError.isInstance(thrown) ? thrown.message : fail(`it threw ${String(thrown)}`)),
      );
      ok(!/^state (?!unknown)/.test(told), `it was told as ${told}`);
      return told;
    },
  };
}

function followed(): Check {
  return {
    capability: 'follow',
    fault: 'none',
    expected: 'settles as succeeded where the service lets it',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const { workflow, execution } = bench.target(action);
      const outcome = await attempt(connection, { workflow, execution, ...nodesFor(bench, connection) });
      const receipt = acceptedReceipt(outcome);
      bench.harness.finish?.(bench.service);
      const signal = AbortSignal.timeout(SETTLING_MS);
      const options = { pollMs: 5, maxPollMs: 20, visibilityMs: VISIBILITY_MS, signal };
      const last = await connection.settled(receipt, options).catch((thrown: unknown) => {
        if (!signal.aborted) throw thrown;
        return fail(`it did not settle within ${SETTLING_MS} ms`);
      });
      equal(last.execution, receipt.execution);
      equal(last.state, 'succeeded', `it was told as ${last.state} (${last.providerState}); ${last.error ?? ''}`);
      return `${last.state} with ${last.nodes.length} nodes`;
    },
  };
}

/** Nothing named where a resume finds the nodes itself or takes none, all of them otherwise. */
function nodesFor(bench: Bench, connection: ResumableWorkflow) {
  const [action = 'resume'] = declaredActions(connection).declared;
  const { min = 0, max = 0 } = connection.capabilities.actions[action] ?? {};
  return min === 0 ? { action } : { action, nodes: bench.target(action).nodes.slice(0, max) };
}
