import type { CallRecord } from './attempt.js';
import type { CallScope } from './deadline.js';
import type { Finding, LostResume, Selection, Target, WorkflowDriver } from './driver.js';
import type { ErrorCode } from './errors.js';
import { failureFrom } from './failure.js';
import { readOnce } from './reading.js';

const FIRST_POLL_MS = 200;
const MAX_POLL_MS = 5_000;
const GROWTH = 1.35;

/** Failures that a later read will not get over. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'UNIMPLEMENTED',
  'INVALID_ARGUMENT',
]);

/** What is to be looked for. */
export interface LookedFor {
  readonly driver: WorkflowDriver<never>;
  readonly target: Target;
  readonly selection: Selection;
  readonly lost: LostResume;
}

/**
 * Looks for the effect of a lost answer until it is found or the scope ends.
 *
 * Failing reads are borne. `nothing` and `different` at every read mean that it stays unknown: absence is no proof, since
 * a resume may become visible, or even be carried out, late.
 *
 * @param scope - bounds the looking; its end is not an error here.
 */
export async function readBack(
  { driver, target, selection, lost }: LookedFor,
  call: CallRecord,
  scope: CallScope,
): Promise<Finding> {
  let latest: Finding = { found: 'nothing', seen: 'it could not be read' };
  const find = driver.doFindResumed?.bind(driver);
  if (find === undefined) return { found: 'nothing', seen: `${driver.provider} cannot be read back` };
  let renewed = false;
  for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(MAX_POLL_MS, delayMs * GROWTH)) {
    try {
      const found = await readOnce(call, scope, (attempt) => find(target, selection, lost, attempt), 'read-back');
      if (found.found === 'resumed' || found.found === 'several') return found;
      latest = withEarlierDoubt(latest, found);
    } catch (thrown) {
      if (scope.reason !== undefined) return latest;
      const { why, details } = failureFrom(thrown, 'none');
      if (details.staleCredential !== undefined && !renewed) {
        renewed = true;
        driver.dropCredential?.(details.staleCredential);
      } else if (HOPELESS.has(details.code)) {
        return withFailedRead(latest, why);
      }
      latest = withFailedRead(latest, why);
    }
    // Between half and the whole of it, so that many callers do not ask in step. That the scope ends shows in the next read.
    await scope.sleep(delayMs * (0.5 + call.runtime.random() / 2)).catch(() => undefined);
  }
}

/** What once spoke for a resume goes on forbidding to send again: services show what is new now and then not. */
function withEarlierDoubt(earlier: Finding, found: Finding): Finding {
  const isUndecided = earlier.found === 'nothing' && earlier.undecided === true;
  return isUndecided && found.found === 'nothing' ? { ...found, undecided: true } : found;
}

/** Keeps what an earlier read has seen: that a later one fails makes nothing more certain. */
function withFailedRead(latest: Finding, why: string): Finding {
  return latest.found === 'nothing' ? { ...latest, seen: `reading it back failed: ${why}` } : latest;
}
