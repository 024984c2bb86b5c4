import { ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { errorOf, readError } from './expectations.js';
import { deadEndpoint } from './line.js';
import { triesOf } from './tries.js';

const READ_TIMEOUT_MS = 2_000;

/** The gate alone tries again, and only it knows whether it may: a driver does everything once an attempt. */
export function triesChecks(workflow: ResumableWorkflow): CheckGroup {
  const { reads = [] } = workflow.capabilities;
  const [action = 'resume'] = declaredActions(workflow).declared;
  const hasInspect = reads.includes('inspect');
  return {
    title: 'one try an attempt',
    checks: [
      connecting(action, 'connection refused', deadEndpoint),
      connecting(action, 'TLS handshake failed', ({ line }) => line.endpoint.replace('http:', 'https:')),
      ...(hasInspect ? [reading(action)] : []),
    ],
    skipped: hasInspect ? [] : [{ capability: 'attempt', reason: 'a read: inspect is not declared' }],
  };
}

function connecting(action: Action, fault: string, endpointOf: (bench: Bench) => string | Promise<string>): Check {
  return {
    capability: 'attempt',
    fault,
    expected: 'one connection is tried for it',
    run: async (bench) => {
      const endpoint = await endpointOf(bench);
      const connection = bench.connect(endpoint);
      const { tries, ports } = await triesOf(async () => {
        errorOf(await attempt(connection, bench.request(connection, action)));
      });
      const seen = ports.filter((port) => port === Number(new URL(endpoint).port)).length;
      // A driver may open its sockets by other means than Node's own; the line sees them all.
      const connects = Math.max(seen, bench.line.opened);
      ok(connects <= Math.max(tries, 1), `${connects} connections were tried in ${tries} attempts`);
      return `${connects} connections in ${tries} attempts`;
    },
  };
}

function reading(action: Action): Check {
  return {
    capability: 'attempt',
    fault: 'a read that is answered with 500',
    expected: 'each request is sent once for it',
    run: async (bench) => {
      const connection = bench.connect();
      const { workflow, execution } = bench.target(action);
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer: { status: 500, body: '' }, times: 99 });
      const { tries } = await triesOf(async () => {
        await readError(connection.inspect({ workflow, execution }, { timeoutMs: READ_TIMEOUT_MS }));
      });
      const times = new Map<string, number>();
      for (const { method, target, body } of bench.service.journal.entries) {
        const request = `${method} ${target} ${body}`;
        times.set(request, (times.get(request) ?? 0) + 1);
      }
      const most = Math.max(0, ...times.values());
      ok(most <= Math.max(tries, 1), `one request was sent ${most} times in ${tries} attempts`);
      return `sent ${most} times in ${tries} attempts`;
    },
  };
}
