import type { Inspection } from '../../src/inspection.js';
import type { NodeSnapshot } from '../../src/snapshot.js';
import type { Receipt } from '../../src/types.js';
import { orderOf } from '../huawei/instant.js';
import { instanceStateOf, nodeStateOf } from './states.js';
import type { ObsInstance, ObsNode } from './wire.js';

/**
 * An instance in the words of every provider. The service shows neither edges nor earlier attempts of a state.
 *
 * @param resumed - the restore that is followed.
 */
export function inspectionOf(instance: ObsInstance, resumed?: Receipt): Inspection {
  const { word, startedAt, endedAt, error } = instance;
  const nodes = instance.nodes.map((node) => nodeOf(node, resumed));
  const state = instanceStateOf(word);
  return {
    // Whatever the instance says of itself: nobody may be told that a run with a failed state has succeeded.
    state: state === 'succeeded' && nodes.some((node) => node.state === 'failed') ? 'failed' : state,
    providerState: word,
    nodes,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
    ...(resumed === undefined ? {} : { shows: shownBy(instance, resumed) }),
  };
}

function nodeOf({ id, name, type, status, startedAt, endedAt, error }: ObsNode, resumed?: Receipt): NodeSnapshot {
  const state = nodeStateOf(status);
  const hasRun = state === 'unknown' ? startedAt !== undefined : state !== 'waiting';
  const attempt = {
    state,
    providerState: status,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
  };
  return {
    id,
    name,
    kind: 'task',
    ...(type === undefined ? {} : { providerType: type }),
    state,
    providerState: status,
    attempts: hasRun ? [attempt] : [],
    carriedOver: hasRun && orderOf(startedAt, resumed?.acceptedAt) === 'before',
  };
}

/**
 * Whether an instance is shown as it is since a restore.
 *
 * One that runs or has succeeded is: before, it had failed, since nothing else is restored. One that stands in FAILED, or
 * in a word that is not known, may be shown as it was before, or have failed again: only a time since the restore tells.
 * That the old failure is shown is told by an earlier restore alone; whether a state that runs again is given a new
 * `started_at` is undocumented, so that an early one of a failed state proves nothing.
 */
function shownBy({ state, restoredAt, nodes }: ObsInstance, { acceptedAt }: Receipt): Inspection['shows'] {
  const known = instanceStateOf(state);
  if (known === 'running' || known === 'succeeded') return 'resume';
  const restored = orderOf(restoredAt, acceptedAt);
  const isSince = restored === 'since' || nodes.some(({ startedAt }) => orderOf(startedAt, acceptedAt) === 'since');
  if (isSince) return 'resume';
  return restored === 'before' ? 'before' : 'unclear';
}
