import { ok } from 'node:assert/strict';
import type { Action, Read, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt, declaredActions } from './bench.js';
import { callRead } from './call-read.js';
import type { Check, CheckGroup } from './check.js';
import { errorOf, readError } from './expectations.js';
import { deadEndpoint } from './line.js';
import { triesOf } from './tries.js';

const READ_TIMEOUT_MS = 2_000;
/** `lineage` reads by the same two of a driver's methods as `inspect` and `list`. */
const READS = [
  { read: 'inspect', fault: 'a read' },
  { read: 'plan', fault: 'a plan' },
  { read: 'list', fault: 'a list' },
] as const;

/** The gate alone tries again, and only it knows whether it may: a driver does everything once an attempt. */
export function triesChecks(workflow: ResumableWorkflow): CheckGroup {
  const { reads = [] } = workflow.capabilities;
  const [action = 'resume'] = declaredActions(workflow).declared;
  const declared = READS.filter(({ read }) => reads.includes(read));
  return {
    title: 'one try an attempt',
    checks: [
      connecting(action, 'connection refused', deadEndpoint),
      connecting(action, 'TLS handshake failed', ({ line }) => line.endpoint.replace('http:', 'https:')),
      ...declared.map(({ read, fault }) => reading(action, read, fault)),
    ],
    skipped: READS.filter((read) => !declared.includes(read)).map(({ read, fault }) => {
      return { capability: 'attempt', reason: `${fault}: ${read} is not declared` };
    }),
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

function reading(action: Action, read: Read, fault: string): Check {
  return {
    capability: 'attempt',
    fault: `${fault} that is answered with 500`,
    expected: 'each request is sent once for it',
    run: async (bench) => {
      const connection = bench.connect();
      const request = bench.request(connection, action);
      const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
      bench.arm({ kind: 'answer', when: 'before', operation: 'any', answer: { status: 500, body: '' }, times: 99 });
      const { tries } = await triesOf(async () => {
        await readError(callRead(connection, read, request, { signal }));
      });
      const times = new Map<string, number>();
      for (const { method, target, body } of bench.service.journal.entries) {
        const sent = `${method} ${target} ${body}`;
        times.set(sent, (times.get(sent) ?? 0) + 1);
      }
      const most = Math.max(0, ...times.values());
      ok(most <= Math.max(tries, 1), `one request was sent ${most} times in ${tries} attempts`);
      return `sent ${most} times in ${tries} attempts`;
    },
  };
}
