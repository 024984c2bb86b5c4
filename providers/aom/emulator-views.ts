import type { AomRun } from './emulator-definition.js';
import type { AomEmulatedExecution } from './emulator-execution.js';
import type { AomKnobs } from './emulator-knobs.js';

/** The body of an execution's detail, with the keys of the documented schema. */
export function detailOf(execution: AomEmulatedExecution, projectId: string, knobs: AomKnobs, nowMs: number) {
  const { workflow, id, startedAtMs, definitions } = execution;
  const { status, runs } = execution.viewAt(nowMs, knobs.visibilityMs);
  const last = runs.at(-1);
  return {
    workflow_id: workflow,
    execution_id: id,
    project_id: projectId,
    status,
    begin_time: startedAtMs,
    end_time: status === 'running' ? undefined : last?.endMs,
    last_update_time: last?.endMs ?? last?.beginMs,
    approve_user_name_list: [],
    execution_result_list: shown(runs, knobs).map((run) => resultOf(run, knobs)),
    workflow_edit_time: startedAtMs,
    ...(knobs.showsSnapshot ? { workflow_snapshot: { nodes: definitions.map((node) => plannedOf(node)) } } : {}),
  };
}

/** An element of a workflow's history: its example and its schema write two keys differently. */
export function historyElementOf(execution: AomEmulatedExecution, projectId: string, knobs: AomKnobs, nowMs: number) {
  const { workflow_edit_time, workflow_snapshot: _snapshot, ...detail } = detailOf(execution, projectId, knobs, nowMs);
  return knobs.historyKeys === 'example'
    ? { ...detail, create_by: 'emulator', workflowEditTime: workflow_edit_time }
    : { ...detail, created_by: 'emulator', workflow_edit_time };
}

function shown(runs: readonly AomRun[], { keepsRuns }: AomKnobs): readonly AomRun[] {
  return keepsRuns === 'all' ? runs : runs.filter((run) => run === runs.findLast(({ node }) => node === run.node));
}

function resultOf({ node, status, beginMs, endMs, error }: AomRun, { failedNodeStatus, skippedNodeStatus }: AomKnobs) {
  const words = new Map([
    ['fail', failedNodeStatus],
    ['skipped', skippedNodeStatus],
  ]);
  const fail = error === undefined ? [] : [{ exit_code: '1', message: error }];
  return {
    node_id: node,
    status: words.get(status) ?? status,
    begin_time: beginMs,
    end_time: endMs,
    output: { success: [], fail, in_execution: [], not_performed: [] },
  };
}

/** Only the id and `ignore_error` are in the documents' example. */
function plannedOf({ id, name, ignoresErrors = false }: AomEmulatedExecution['definitions'][number]) {
  return { id, ...(name === undefined ? {} : { name }), ignore_error: ignoresErrors };
}
