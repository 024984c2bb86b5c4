import type { Inspection } from '../../src/inspection.js';
import type { Receipt } from '../../src/types.js';
import { instantOf, orderOf } from '../huawei/instant.js';
import { hasMovedOn, isFailed, latestRunOf, stateOf } from './states.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/**
 * Tells which runs began before an operation.
 *
 * The service does not say when it accepted one. But a node is restarted when its newest run begins, and skipped or
 * continued not before the run on which that was done had ended: what began before that began before the operation,
 * whether the operation shows already or not.
 */
export function beganBefore({ acceptedAt, performed, nodes }: Receipt, execution: AomExecution) {
  if (acceptedAt !== undefined) {
    return (run: AomNodeRun): boolean => orderOf(instantOf(run.beginMs), acceptedAt) === 'before';
  }
  const target = latestRunOf(execution, nodes[0] ?? '');
  const beginMs = target?.beginMs ?? Number.NaN;
  const endMs = target?.endMs ?? Number.NaN;
  const notBeforeMs = performed !== 'restart' && endMs > beginMs ? endMs : beginMs;
  return (run: AomNodeRun): boolean => run.beginMs < notBeforeMs;
}

/**
 * Whether an execution is shown as it is since an operation that the service accepted.
 *
 * By the documents restart and skip act on a node that failed, continue on one that pauses: once it does neither, the
 * operation shows. One that does so still may not have changed yet, or have stopped again: only a run that began since
 * could tell, and the service does not say when it accepted. So it is never claimed to be shown as before.
 * A `restart` that was asked for by name may, against the documents, have been accepted for a node that had succeeded:
 * its success shows it only beside an earlier run that failed.
 */
export function shownBy(receipt: Receipt, execution: AomExecution): Inspection['shows'] {
  const { acceptedAt, action, performed, nodes } = receipt;
  const isSince = ({ beginMs }: AomNodeRun): boolean => orderOf(instantOf(beginMs), acceptedAt) === 'since';
  if (execution.nodes.some(isSince)) return 'resume';
  const run = latestRunOf(execution, nodes[0] ?? '');
  if (run === undefined) return 'unclear';
  if (!hasMovedOn(performed === 'continue' ? 'pausing' : 'fail', run.status)) return 'unclear';
  const isProven = action === 'resume' || performed !== 'restart' || stateOf(run.status) !== 'succeeded';
  return isProven || execution.nodes.some(({ id, status }) => id === run.id && isFailed(status)) ? 'resume' : 'unclear';
}
