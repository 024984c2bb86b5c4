import type { Baseline, Finding, Selection, Target } from '../../src/driver.js';
import type { Action } from '../../src/types.js';
import { hasMovedOn, isHalted, isRunning, isSkipped, latestRunOf, latestRuns, mayHaveMovedOn } from './states.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/** How the execution, and the node that is to be acted on, stand before the request. */
export function baselineOf(execution: AomExecution, node: string): Baseline {
  const run = latestRunOf(execution, node);
  const othersHalted = latestRuns(execution).filter(({ id, status }) => id !== node && isHalted(status)).length;
  return {
    executionStatus: execution.status ?? null,
    nodeStatus: run?.status ?? null,
    nodeBegan: run === undefined || Number.isNaN(run.beginMs) ? null : run.beginMs,
    ...(othersHalted === 0 ? {} : { othersHalted }),
  };
}

/**
 * Compares an execution with what it was before the lost request.
 *
 * Only what had halted can prove anything: it does not go on by itself. A newer run of the node proves a restart even
 * where it has failed again; its words, or the execution's, prove that somebody had it go on. What stands as it stood
 * proves nothing, since a run may begin and fail between two reads without a time that shows it. Where a node stands as it
 * stood while others may have been acted on, the execution's words prove nothing of that node.
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
  const { executionStatus, nodeStatus, nodeBegan, othersHalted } = baseline ?? {};
  const [executionBefore, nodeBefore] = [textOf(executionStatus), textOf(nodeStatus)];
  const ranAgain = run !== undefined && typeof nodeBegan === 'number' && run.beginMs > nodeBegan;
  const mayHaveBeen =
    ranAgain || mayHaveMovedOn(nodeBefore, run?.status ?? '') || mayHaveMovedOn(executionBefore, now.status ?? '');
  const nothing = (why: string): Finding => {
    const seen = `${state}${why}`;
    return mayHaveBeen ? { found: 'nothing', seen, undecided: true } : { found: 'nothing', seen };
  };
  if (baseline === undefined) return nothing('; what they were before the request is not known');
  if (!isHalted(executionBefore) && !isHalted(nodeBefore)) {
    return nothing('; neither had failed or paused before the request, so that a change proves nothing');
  }
  if (run !== undefined && (ranAgain || (isHalted(nodeBefore) && hasMovedOn(nodeBefore, run.status)))) {
    switch (doneTo(run, performed, ranAgain, nodeBegan)) {
      case 'skipped instead':
        return { found: 'different', seen: `${state}: it was skipped` };
      case 'started instead':
        return { found: 'different', seen: `${state}: it was started again` };
      case 'unclear':
        return nothing(': it may have been skipped, or started again');
      case 'as asked':
        return { found: 'resumed', acceptance: { execution, nodes: [node], nodesBasis: 'observed' } };
    }
  }
  if (isHalted(executionBefore) && hasMovedOn(executionBefore, now.status ?? '')) {
    const stands = run !== undefined && isHalted(run.status);
    const others = now.nodes.some(({ id, status }) => id !== node && isRunning(status));
    if (othersHalted !== undefined || (stands && others)) return nothing(': another node may have been acted on');
    return { found: 'resumed', acceptance: { execution, nodes: [node], nodesBasis: 'expected' } };
  }
  return nothing(', which does not show that anybody had it go on since the request');
}

/** What was done to a node that goes on, beside what was asked. */
function doneTo(
  { status, beginMs }: AomNodeRun,
  performed: Action,
  ranAgain: boolean,
  beganBefore: Baseline[string] | undefined,
): 'as asked' | 'skipped instead' | 'started instead' | 'unclear' {
  if (performed !== 'skip') return isSkipped(status) && !ranAgain ? 'skipped instead' : 'as asked';
  if (isSkipped(status)) return 'as asked';
  if (ranAgain || isRunning(status)) return 'started instead';
  // How a node that was skipped shows is not documented: as a success, perhaps, as one does that was started again.
  return beginMs === beganBefore ? 'as asked' : 'unclear';
}

function worded(run: AomNodeRun | undefined): string {
  return run === undefined ? 'has not run' : `is ${JSON.stringify(run.status)}`;
}

function textOf(value: Baseline[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
