import { DriverFailure } from '../../src/driver-failure.js';
import type { ListPage } from '../../src/inspection.js';
import type { ListedExecution } from '../../src/snapshot.js';
import { executionStateOf, stateByStatus } from './execution-state.js';
import { isoOf } from './inspection.js';
import { standingRunOf } from './standing-run.js';
import type { ListedRun, WorkflowRun } from './wire.js';

/** One page of a workflow's runs. */
export interface RunPage {
  readonly runs: readonly WorkflowRun[];
  /** Absent on the last one. */
  readonly token?: string;
}

/**
 * The runs that were made of a run, each once, although pages may overlap when runs are added between them.
 *
 * @param page - reads one page, the first without a token. All are read, for their order is undocumented.
 */
export async function childrenOf(
  page: (token: string | undefined) => Promise<{ readonly runs: readonly ListedRun[]; readonly token?: string }>,
  execution: string,
): Promise<readonly ListedRun[]> {
  const found = new Map<string, ListedRun>();
  const nameless: ListedRun[] = [];
  const tokens = new Set<string>();
  for (let token: string | undefined; ; ) {
    const { runs, token: next } = await page(token);
    for (const run of runs) {
      if (run.PreviousRunId !== execution || run.WorkflowRunId === execution) continue;
      if (typeof run.WorkflowRunId === 'string') found.set(run.WorkflowRunId, run);
      else nameless.push(run);
    }
    if (next === undefined) return [...found.values(), ...nameless];
    if (tokens.has(next)) throw roundInCircles();
    tokens.add(next);
    token = next;
  }
}

/** What lies beyond is not known, so that nothing can be made of what was read. */
function roundInCircles(): DriverFailure {
  const why = 'the pages of the workflow’s runs go round in a circle: a NextToken came twice';
  return new DriverFailure(why, { code: 'INTERNAL', effect: 'none' });
}

/**
 * A page in everybody's words.
 *
 * @param byNodes - whether the runs come with their graphs, so that a COMPLETED one can be judged.
 */
export function listPageOf({ runs, token }: RunPage, byNodes: boolean): ListPage {
  const executions = runs.flatMap((run) => {
    // What has no id can be neither read nor resumed.
    if (run.WorkflowRunId === undefined || run.WorkflowRunId === '') return [];
    return [listedOf(run, run.WorkflowRunId, byNodes)];
  });
  return { executions, next: token };
}

function listedOf(run: WorkflowRun, execution: string, byNodes: boolean): Omit<ListedExecution, 'workflow'> {
  const byStatus = stateByStatus(run.Status);
  const judged = byNodes ? executionStateOf(standingRunOf(run)) : 'unknown';
  return {
    execution,
    state: byStatus === 'by-nodes' ? judged : byStatus,
    providerState: run.Status ?? '',
    startedAt: isoOf(run.StartedOn),
    endedAt: isoOf(run.CompletedOn),
    previousExecution: run.PreviousRunId,
  };
}
