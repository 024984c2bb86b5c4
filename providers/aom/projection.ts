import type { Selection, Target } from '../../src/driver.js';
import type { Projection } from '../../src/inspection.js';
import type { NodeSnapshot } from '../../src/snapshot.js';
import type { Action } from '../../src/types.js';
import { chosenFor } from './discovery.js';
import { inspectionOf } from './inspection.js';
import { baselineOf } from './read-back.js';
import { latestRunOf } from './states.js';
import type { AomExecution } from './wire.js';

/**
 * What an operation would do. The service shows no edges, so that what may run is an upper bound: whatever has not
 * succeeded, and what began after the node had first ended, since it may come after it.
 *
 * Nothing that is asked for by name is refused: which states allow which action is not documented.
 */
export function projectionOf(target: Target, execution: AomExecution): Projection {
  const inspection = inspectionOf(execution);
  const { action, nodes } = target;
  const byName = { selection: { performed: action, nodes }, refusals: [] };
  const { selection, refusals } = action === 'resume' ? chosenFor(target, execution) : byName;
  const [id] = selection?.nodes ?? [];
  const asked = { inspection, performed: action, resumedAs: [], refusals };
  if (selection === undefined || id === undefined) {
    return { ...asked, nodes: [], starts: [], mayRun: [], expected: [], warnings: [] };
  }
  return {
    ...asked,
    ...consequencesOf(selection, id, inspection.nodes, execution),
    baseline: baselineOf(execution, id),
  };
}

type Consequences = Pick<Projection, 'performed' | 'nodes' | 'starts' | 'mayRun' | 'expected' | 'warnings'>;

function consequencesOf(
  { performed, nodes }: Selection,
  id: string,
  all: readonly NodeSnapshot[],
  execution: AomExecution,
): Consequences {
  const others = all.filter((node) => node.id !== id);
  const pending = others.filter(({ state }) => state !== 'succeeded').map((node) => node.id);
  const again = others
    .filter((node) => node.state === 'succeeded' && mayComeAfter(id, node.id, execution))
    .map((node) => node.id);
  // What is skipped does not run, and what pauses has nothing left to do: but it is there that things go on.
  const starts = performed === 'skip' ? [] : [id];
  return {
    performed,
    nodes,
    starts,
    mayRun: [...starts, ...pending, ...again],
    expected: [...starts, ...pending],
    warnings: warningsOf({ performed, id, named: all.find((node) => node.id === id), again, execution }),
  };
}

/** Whether a node that has run may come after another: no document says in which order they do. */
function mayComeAfter(id: string, other: string, execution: AomExecution): boolean {
  const runs = execution.nodes.filter((run) => run.id === id);
  if (runs.length === 0) return true;
  const firstEndMs = Math.min(...runs.map(({ beginMs, endMs }) => (endMs > beginMs ? endMs : beginMs)));
  const newest = latestRunOf(execution, other);
  // Without times it cannot be excluded.
  return newest !== undefined && !(newest.beginMs < firstEndMs);
}

interface Doubtful {
  readonly performed: Action;
  readonly id: string;
  readonly named: NodeSnapshot | undefined;
  readonly again: readonly string[];
  readonly execution: AomExecution;
}

function warningsOf({ performed, id, named, again, execution: { planned } }: Doubtful): string[] {
  const unseen =
    planned === undefined ? ['the service does not show the nodes that have not run: more may run than is listed'] : [];
  const reruns =
    again.length === 0
      ? []
      : [
          `${again.join(', ')} succeeded and may run again: the service shows no edges, so that what comes after ${id} is not known`,
        ];
  return [...doubtsAbout(performed, id, named), ...reruns, ...unseen];
}

/** What looks wrong about an operation on a node, by what the documents say that it is for. */
function doubtsAbout(performed: Action, id: string, named: NodeSnapshot | undefined): string[] {
  if (named === undefined) return [`the service shows no node ${id} in this execution`];
  const stands = named.state === 'waiting' ? 'has not run' : `is ${JSON.stringify(named.providerState)}`;
  switch (performed) {
    case 'restart':
      if (named.state === 'failed') return [];
      return [
        `${id} ${stands}, and restart is documented for a node that failed`,
        ...(named.state === 'succeeded' ? [`${id} does again what it has done: nothing of that is undone before`] : []),
      ];
    case 'skip':
      return [
        `what ${id} would have done stays undone, and what comes after it runs without`,
        ...(named.state === 'failed' ? [] : [`${id} ${stands}, and skip is documented for a node that failed`]),
      ];
    case 'continue':
      return named.state === 'paused' ? [] : [`${id} ${stands}, and continue is documented for a node that pauses`];
    case 'resume':
      return [];
  }
}
