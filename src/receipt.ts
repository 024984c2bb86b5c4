import type { Secrets } from './conceal.js';
import { concealIn } from './conceal.js';
import type { Acceptance } from './driver.js';
import type { Intent } from './ledger/ledger.js';
import type { Receipt } from './types.js';

/** How an intent came to be accepted. */
export interface Confirmation {
  readonly confirmedBy: Receipt['confirmedBy'];
  readonly attempts: number;
  readonly durationMs: number;
  /** What must not show in it. */
  readonly secrets: Secrets;
}

/** The receipt of an accepted intent, with a word where the provider did something else than asked. */
export function receiptOf(
  { provider, connection, target, performed, nodes: asked }: Intent,
  { execution, nodes, nodesBasis, acceptedAt, requestId }: Acceptance,
  { confirmedBy, attempts, durationMs, secrets }: Confirmation,
): Receipt {
  const { workflow, execution: previousExecution, action } = target;
  return {
    provider,
    connection,
    workflow,
    previousExecution,
    execution,
    sameExecution: execution === previousExecution,
    action,
    performed,
    nodes,
    nodesBasis,
    confirmedBy,
    ...(acceptedAt === undefined ? {} : { acceptedAt: concealIn(acceptedAt, secrets) }),
    ...(requestId === undefined ? {} : { requestId: concealIn(requestId, secrets) }),
    attempts,
    durationMs,
    warnings: nodesBasis === 'expected' ? [] : differences(asked, nodes),
  };
}

function differences(asked: readonly string[], restarted: readonly string[]): string[] {
  const missing = asked.filter((node) => !restarted.includes(node));
  const added = restarted.filter((node) => !asked.includes(node));
  return [
    ...(missing.length > 0 ? [`asked for but not restarted by itself: ${missing.join(', ')}`] : []),
    ...(added.length > 0 ? [`restarted although not asked for: ${added.join(', ')}`] : []),
  ];
}
