import type { NodeCounts } from './progress.js';
import type { NodeSnapshot } from './snapshot.js';

/** Counts how the nodes stand; those that were carried over from before the resume are counted as that alone. */
export function countNodes(nodes: readonly NodeSnapshot[]): NodeCounts {
  const counts = { total: 0, carriedOver: 0, waiting: 0, running: 0, succeeded: 0, failed: 0, other: 0 };
  for (const { kind, carriedOver, state } of nodes) {
    if (kind === 'gate') continue;
    counts.total += 1;
    if (carriedOver) counts.carriedOver += 1;
    else if (state === 'waiting' || state === 'running' || state === 'succeeded' || state === 'failed')
      counts[state] += 1;
    else counts.other += 1;
  }
  return counts;
}
