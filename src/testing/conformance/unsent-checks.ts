import { equal } from 'node:assert/strict';
import type { Action, Read, ResumableWorkflow, ResumeRequest } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions, rangeOf, told } from './bench.js';
import { callRead } from './call-read.js';
import type { Check, CheckGroup } from './check.js';
import { errorOf, expectSilence, expectUnsent, readError } from './expectations.js';
import { deadEndpoint } from './line.js';

const READS = ['inspect', 'plan', 'list', 'lineage'] as const satisfies readonly Read[];

/** What is not declared must be refused before a byte is sent. */
export function undeclaredChecks(workflow: ResumableWorkflow): CheckGroup {
  const { declared, undeclared } = declaredActions(workflow);
  const { reads = [] } = workflow.capabilities;
  return {
    title: 'what is not declared',
    checks: [
      ...undeclared.map((action) => unsent(action, 'not declared', 'UNIMPLEMENTED', (bench) => anyOf(bench, action))),
      ...declared.flatMap((action) => wrongCounts(workflow, action)),
      ...READS.filter((read) => !reads.includes(read)).map(undeclaredRead),
    ],
  };
}

/** What fails before anything is handed to an established connection has no effect. */
export function beforeDispatchChecks(workflow: ResumableWorkflow): CheckGroup {
  const [action = 'resume'] = declaredActions(workflow).declared;
  const elsewhere = (fault: string, endpointOf: (bench: Bench) => string | Promise<string>): Check => ({
    capability: 'before dispatch',
    fault,
    expected: 'effect none, nothing sent',
    run: async (bench) => {
      const connection = bench.connect(await endpointOf(bench));
      const outcome = await attempt(connection, bench.request(connection, action));
      const error = errorOf(outcome);
      equal(error.effect, 'none', `no connection was established, but it was told as ${told(outcome)}`);
      equal(error.attempts, 0);
      equal(bench.service.journal.entries.length, 0);
      return told(outcome);
    },
  });
  return {
    title: 'what fails before it is sent',
    checks: [
      elsewhere('connection refused', deadEndpoint),
      elsewhere('TLS handshake failed', ({ line }) => line.endpoint.replace('http:', 'https:')),
      {
        capability: 'before dispatch',
        fault: 'aborted by the caller',
        expected: 'CANCELLED, nothing sent',
        run: async (bench) => {
          const connection = bench.connect();
          const request = bench.request(connection, action);
          const outcome = await attempt(connection, request, { signal: AbortSignal.abort() });
          return await expectUnsent(bench, outcome, /^CANCELLED$/);
        },
      },
      {
        capability: 'before dispatch',
        fault: 'closed by close()',
        expected: 'CANCELLED, nothing sent',
        run: async (bench) => {
          const connection = bench.connect();
          await connection.close();
          const outcome = await attempt(connection, bench.request(connection, action));
          return await expectUnsent(bench, outcome, /^CANCELLED$/);
        },
      },
    ],
  };
}

function unsent(capability: string, fault: string, code: string, request: (bench: Bench) => ResumeRequest): Check {
  return {
    capability,
    fault,
    expected: `${code}, nothing sent`,
    run: async (bench) => {
      const outcome = await attempt(bench.connect(), request(bench));
      return await expectUnsent(bench, outcome, new RegExp(`^${code}$`));
    },
  };
}

/** A request with an action that the harness knows no target for. */
function anyOf(bench: Bench, action: Action): ResumeRequest {
  const [known = 'resume'] = declaredActions(bench.connect()).declared;
  const { workflow, execution, nodes } = bench.target(known);
  return { workflow, execution, action, nodes };
}

function wrongCounts(workflow: ResumableWorkflow, action: Action): Check[] {
  const { min, max } = rangeOf(workflow, action);
  const counts = [...(min > 0 ? [min - 1] : []), ...(Number.isFinite(max) ? [max + 1] : [])];
  return counts.map((count) =>
    unsent(`nodes of ${action}`, `${count} where ${min} to ${max} are declared`, 'INVALID_ARGUMENT', (bench) => {
      const { workflow: name, execution } = bench.target(action);
      const nodes = Array.from({ length: count }, (_one, index) => `conformance-${index}`);
      return { workflow: name, execution, action, nodes };
    }),
  );
}

function undeclaredRead(read: Read): Check {
  return {
    capability: read,
    fault: 'not declared',
    expected: 'UNIMPLEMENTED, nothing sent',
    run: async (bench) => {
      const connection = bench.connect();
      const [action = 'resume'] = declaredActions(connection).declared;
      const error = await readError(callRead(connection, read, bench.request(connection, action)));
      equal(error.code, 'UNIMPLEMENTED', error.message);
      await expectSilence(bench);
      return error.message;
    },
  };
}
