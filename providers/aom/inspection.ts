import type { Inspection } from '../../src/inspection.js';
import type { NodeAttempt, NodeSnapshot } from '../../src/snapshot.js';
import type { Receipt } from '../../src/types.js';
import { instantOf } from '../huawei/instant.js';
import { beganBefore, shownBy } from './followed.js';
import { executionStateOf, latestRuns, nodeStateOf } from './states.js';
import type { AomExecution, AomNodeRun } from './wire.js';

/**
 * An execution in the words of every provider. The service shows no edges.
 *
 * @param resumed - the operation that is followed.
 */
export function inspectionOf(execution: AomExecution, resumed?: Receipt): Inspection {
  const runs = runsByNode(execution);
  const isOld = resumed === undefined ? () => false : beganBefore(resumed, execution);
  const planned = new Map(execution.planned?.map((node) => [node.id, node]));
  const ids = new Set([...planned.keys(), ...runs.keys()]);
  const nodes = [...ids].map((id): NodeSnapshot => {
    const { name, type } = planned.get(id) ?? {};
    const attempts = runs.get(id) ?? [];
    const newest = attempts.at(-1);
    return {
      id,
      name: name ?? id,
      kind: 'task',
      ...(type === undefined ? {} : { providerType: type }),
      state: newest === undefined ? 'waiting' : nodeStateOf(newest.status),
      providerState: newest?.status ?? '',
      attempts: attempts.map(attemptOf),
      carriedOver: newest !== undefined && isOld(newest),
    };
  });
  const [startedAt, endedAt] = [instantOf(execution.beginMs), instantOf(execution.endMs)];
  return {
    state: executionStateOf(execution.status ?? '', nodes),
    providerState: execution.status ?? '',
    nodes,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(resumed === undefined ? {} : { shows: shownBy(resumed, execution) }),
  };
}

/** Each node's runs, oldest first, so that the last one is the one that counts. */
function runsByNode(execution: AomExecution): Map<string, AomNodeRun[]> {
  const newest = new Set(latestRuns(execution));
  const runs = new Map<string, AomNodeRun[]>();
  for (const run of execution.nodes) {
    const known = runs.get(run.id);
    if (known === undefined) runs.set(run.id, [run]);
    else known.push(run);
  }
  for (const one of runs.values()) {
    // Without all times the list's own order is the best guess; only which one is newest is decided elsewhere.
    if (one.every(({ beginMs }) => !Number.isNaN(beginMs))) one.sort((run, other) => run.beginMs - other.beginMs);
    const last = one.findIndex((run) => newest.has(run));
    one.push(...one.splice(last, 1));
  }
  return runs;
}

function attemptOf({ status, beginMs, endMs, error }: AomNodeRun): NodeAttempt {
  const [startedAt, endedAt] = [instantOf(beginMs), instantOf(endMs)];
  return {
    state: nodeStateOf(status),
    providerState: status,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
  };
}
