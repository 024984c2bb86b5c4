import type { Baseline, Finding, Selection, Target } from '../../src/driver.js';
import { hasMovedOn, isHalted, isSkipped, latestRunOf } from './states.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/** How the execution, and the node that is to be acted on, stand before the request. */
export function baselineOf(execution: AomExecution, node: string): Baseline {
  const run = latestRunOf(execution, node);
  return {
    executionStatus: execution.status ?? null,
    nodeStatus: run?.status ?? null,
    nodeBegan: run === undefined || Number.isNaN(run.beginMs) ? null : run.beginMs,
  };
}

/**
 * Compares an execution with what it was before the lost request.
 *
 * Only what had halted can prove anything: it does not go on by itself. A newer run of the node proves a restart even
 * where it has failed again; its words, or the execution's, prove that somebody had it go on. What stands as it stood
 * proves nothing, since a run may begin and fail between two reads without a time that shows it.
 *
 * Inferred throughout: no document says how an operation shows in the status.
 */
export function operatedSince(
  { execution }: Target,
  { performed, nodes }: Selection,
  now: AomExecution,
  baseline: Baseline | undefined,
): Finding {
  const node = nodes[0] ?? '';
  const run = latestRunOf(now, node);
  const state = `the execution is ${JSON.stringify(now.status ?? null)} and node ${node} ${worded(run)}`;
  if (baseline === undefined) return nothing(`${state}; what they were before the request is not known`);
  const { executionStatus, nodeStatus, nodeBegan } = baseline;
  const [executionBefore, nodeBefore] = [textOf(executionStatus), textOf(nodeStatus)];
  if (!isHalted(executionBefore) && !isHalted(nodeBefore)) {
    return nothing(`${state}; neither had failed or paused before the request, so that a change proves nothing`);
  }
  const ranAgain = run !== undefined && typeof nodeBegan === 'number' && run.beginMs > nodeBegan;
  const movedOn = run !== undefined && isHalted(nodeBefore) && hasMovedOn(nodeBefore, run.status);
  if (ranAgain || movedOn) {
    const skipped = !ranAgain && isSkipped(run.status);
    if (skipped && performed !== 'skip') return { found: 'different', seen: `${state}: it was skipped` };
    if (ranAgain && performed === 'skip' && !isSkipped(run.status)) {
      return { found: 'different', seen: `${state}: it was started again` };
    }
    return { found: 'resumed', acceptance: { execution, nodes: [node], nodesBasis: 'observed' } };
  }
  if (isHalted(executionBefore) && hasMovedOn(executionBefore, now.status ?? '')) {
    return { found: 'resumed', acceptance: { execution, nodes: [node], nodesBasis: 'expected' } };
  }
  return nothing(`${state}, which does not show that anybody had it go on since the request`);
}

function worded(run: AomNodeRun | undefined): string {
  return run === undefined ? 'has not run' : `is ${JSON.stringify(run.status)}`;
}

function textOf(value: Baseline[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function nothing(seen: string): Finding {
  return { found: 'nothing', seen };
}
