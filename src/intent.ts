import type { CallOptions } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import type { Discovery, Target } from './driver.js';
import type { Intent } from './ledger/ledger.js';

/**
 * What is about to be tried, as the ledger is told before the first byte leaves.
 *
 * @param nowMs - the time.
 */
export function intentOf(
  { name: connection, driver, runtime }: ConnectionParts,
  target: Target,
  fingerprint: string,
  { idempotencyKey: key, reason, actor }: CallOptions,
  { performed, nodes, baseline }: Discovery,
  lookedUpAtMs: number | undefined,
  nowMs: number,
): Intent {
  return {
    id: runtime.newId(),
    key,
    provider: driver.provider,
    connection,
    target,
    performed,
    nodes,
    fingerprint,
    reason,
    actor,
    createdAtMs: nowMs,
    lookedUpAtMs,
    baseline,
  };
}
