import type { Baseline, Finding, LostResume } from '../../src/driver.js';
import { instantOf, orderOf } from '../huawei/instant.js';
import { instanceStateOf } from './states.js';
import type { ObsInstance } from './wire.js';

/**
 * The words for an instance that has ended without success, and does nothing by itself any more. FAILED is documented;
 * the others are inferred from the states of the service that OBS Data+ has moved to.
 *
 * @see DWR's SDK, the states of a workflow execution: success, fail, running, timeout, cancel
 */
const ENDED = new Set(['FAILED', 'FAIL', 'TIMEOUT', 'CANCEL']);
/** Two spellings of one state. */
const FAILED = new Set(['FAILED', 'FAIL']);

/** How far the service's clock may be from ours: a signature that is dated further off is refused, so nothing is restored. */
const MAX_SKEW_MS = 15 * 60_000;

/**
 * Compares an instance with what it was before the lost request.
 *
 * That it runs, or has succeeded, after it had ended without success proves a restore: of what is documented nothing else
 * moves it. That it stands in that state proves nothing, since it may have been restored and have failed again between two
 * reads, unless the time of the last restore shows, which is undocumented. Another word proves nothing either, but nothing
 * may be sent again then.
 */
export function restoredSince(
  execution: string,
  now: Pick<ObsInstance, 'state' | 'restoredAt'>,
  { baseline, createdAtMs }: LostResume,
): Finding {
  const before = baseline?.['state'];
  if (typeof before !== 'string') {
    const seen = `the instance is ${now.state}, and what it was before the request is not known`;
    return nothing(seen, !ENDED.has(now.state));
  }
  const restoredBefore = baseline?.['restoredAt'];
  if (isRestoredSince(now.restoredAt, restoredBefore, createdAtMs)) return restored(execution, now.restoredAt);
  const state = instanceStateOf(now.state);
  if (ENDED.has(before) && (state === 'running' || state === 'succeeded')) return restored(execution, undefined);
  const isSameTime = restoredBefore === undefined || (now.restoredAt ?? null) === restoredBefore;
  if (now.state === before && isSameTime) return nothing(`the instance is ${now.state}, as before the request`, false);
  if (ENDED.has(before)) {
    const isCalledOtherwise = FAILED.has(before) && FAILED.has(now.state) && isSameTime;
    return nothing(`the instance was ${before} and is ${now.state}, which does not show a restore`, !isCalledOtherwise);
  }
  return nothing(`the instance was ${before} and is ${now.state}, which it may have become by itself`, true);
}

/** Whether a restore is told that is later than the one before, and not older than the request can be. */
function isRestoredSince(
  restoredAt: string | undefined,
  before: Baseline[string] | undefined,
  createdAtMs: number,
): boolean {
  const instant = instantOf(restoredAt);
  if (instant === undefined || before === undefined) return false;
  if (Date.parse(instant) < createdAtMs - MAX_SKEW_MS) return false;
  return before === null || (typeof before === 'string' && orderOf(instantOf(before), instant) === 'before');
}

function restored(execution: string, acceptedAt: string | undefined): Finding {
  const acceptance = { execution, nodes: [], nodesBasis: 'expected' } as const;
  return { found: 'resumed', acceptance: acceptedAt === undefined ? acceptance : { ...acceptance, acceptedAt } };
}

/** @param mayHaveBeen - whether something speaks for a restore, only not enough. */
function nothing(seen: string, mayHaveBeen: boolean): Finding {
  return mayHaveBeen ? { found: 'nothing', seen, undecided: true } : { found: 'nothing', seen };
}
