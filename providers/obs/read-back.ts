import type { Baseline, Finding } from '../../src/driver.js';
import type { ObsInstance } from './wire.js';

/**
 * The words for an instance that has ended without success, and does nothing by itself any more. FAILED is documented;
 * the others are inferred from the states of the service that OBS Data+ has moved to.
 *
 * @see DWR's SDK, the states of a workflow execution: success, fail, running, timeout, cancel
 */
const ENDED = new Set(['FAILED', 'FAIL', 'TIMEOUT', 'CANCEL']);

/**
 * Compares an instance with what it was before the lost request.
 *
 * That it has left the state in which it had ended proves a restore: of what is documented nothing else moves it. That it
 * stands in that state proves nothing, since it may have been restored and have failed again between two reads, unless
 * the time of the last restore shows, which is undocumented.
 */
export function restoredSince(
  execution: string,
  now: Pick<ObsInstance, 'state' | 'restoredAt'>,
  baseline: Baseline | undefined,
): Finding {
  const before = baseline?.['state'];
  const restoredBefore = baseline?.['restoredAt'];
  if (typeof before !== 'string') {
    return nothing(`the instance is ${now.state}, and what it was before the request is not known`);
  }
  const { restoredAt } = now;
  const isNewer = restoredAt !== undefined && restoredBefore !== undefined && restoredAt !== restoredBefore;
  if (isNewer) return restored(execution, restoredAt);
  if (now.state === before) return nothing(`the instance is ${now.state}, as before the request`);
  if (ENDED.has(before)) return restored(execution, undefined);
  return nothing(`the instance was ${before} and is ${now.state}, which it may have become by itself`);
}

function restored(execution: string, acceptedAt: string | undefined): Finding {
  const acceptance = { execution, nodes: [], nodesBasis: 'expected' } as const;
  return { found: 'resumed', acceptance: acceptedAt === undefined ? acceptance : { ...acceptance, acceptedAt } };
}

function nothing(seen: string): Finding {
  return { found: 'nothing', seen };
}
