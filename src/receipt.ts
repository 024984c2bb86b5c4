import type { Secrets } from './conceal.js';
import { concealIn } from './conceal.js';
import type { Acceptance } from './driver.js';
import type { Intent } from './ledger/ledger.js';
import type { ResumePlan } from './resume-plan.js';
import type { Receipt } from './types.js';

/** How an intent came to be accepted. */
export interface Confirmation {
  readonly confirmedBy: Receipt['confirmedBy'];
  readonly attempts: number;
  readonly durationMs: number;
  /** What must not show in it. */
  readonly secrets: Secrets;
  /** What was applied, where it was a plan. */
  readonly plan?: Pick<ResumePlan, 'starts'> | undefined;
}

/** The receipt of an accepted intent, with a word where the provider did something else than asked. */
export function receiptOf(
  { provider, connection, target, performed, nodes: asked }: Intent,
  { execution, nodes, nodesBasis, acceptedAt, requestId }: Acceptance,
  { confirmedBy, attempts, durationMs, secrets, plan }: Confirmation,
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
    // No spread: it is on every call's way, and what is kept of it is smaller without.
    acceptedAt: acceptedAt === undefined ? undefined : concealIn(acceptedAt, secrets),
    requestId: requestId === undefined ? undefined : concealIn(requestId, secrets),
    attempts,
    durationMs,
    warnings: nodesBasis === 'expected' ? [] : warningsOf(asked, nodes, plan),
  };
}

function warningsOf(
  asked: readonly string[],
  restarted: readonly string[],
  plan: Confirmation['plan'],
): readonly string[] {
  // A plan without a start promises none: the provider does not say.
  if (plan === undefined || plan.starts.length === 0) {
    return differences(asked, restarted, 'asked for but not restarted by itself', 'restarted although not asked for');
  }
  const planned = plan.starts.map(({ id }) => id);
  const missing = 'the plan said that these would start, and they have not: something has changed since it was checked';
  return differences(planned, restarted, missing, 'these have started, and the plan did not say that they would');
}

function differences(
  expected: readonly string[],
  restarted: readonly string[],
  missingWords: string,
  addedWords: string,
): readonly string[] {
  const [before, after] = [new Set(expected), new Set(restarted)];
  const missing = [...before].filter((node) => !after.has(node));
  const added = [...after].filter((node) => !before.has(node));
  return [
    ...(missing.length > 0 ? [`${missingWords}: ${missing.join(', ')}`] : []),
    ...(added.length > 0 ? [`${addedWords}: ${added.join(', ')}`] : []),
  ];
}
