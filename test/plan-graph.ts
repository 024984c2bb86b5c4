import { createHash } from 'node:crypto';
import type { Inspection, Projection } from '../src/inspection.js';
import type { NodeAttempt, NodeEdge, NodeSnapshot } from '../src/snapshot.js';

/** Ids as long and as little ordered as a provider's. */
function idOf(place: number): string {
  return `wnode_${createHash('sha256').update(String(place)).digest('hex')}`;
}

/** A graph in which one node in a hundred has failed, and whatever comes after the first of these has not run. */
function largeInspection(count: number): Inspection {
  const ids = Array.from({ length: count }, (_, place) => idOf(place));
  const nodes = ids.map((id, place): NodeSnapshot => {
    const state = place % 100 === 99 ? 'failed' : place % 10 === 0 ? 'waiting' : 'succeeded';
    const startedAt = new Date(Date.parse('2026-11-21T10:00:00Z') + place * 1_000).toISOString();
    const attempt: NodeAttempt = { state, providerState: state.toUpperCase(), startedAt, endedAt: startedAt };
    return {
      id,
      name: `node ${place}`,
      kind: 'task',
      providerType: 'JOB',
      state,
      providerState: state.toUpperCase(),
      attempts: state === 'waiting' ? [] : [attempt],
      carriedOver: false,
    };
  });
  const edges = ids.flatMap((from, place): NodeEdge[] =>
    [1, 7, 31].map((step) => ({ from, to: ids[(place + step) % count] ?? from })),
  );
  return { state: 'failed', providerState: 'COMPLETED', endedAt: '2026-11-21T12:00:00.000Z', nodes, edges };
}

/** What a resume of it would do, as a driver projects it. */
export function largeProjection(count: number): Projection {
  const inspection = largeInspection(count);
  const idsIn = (state: string): string[] =>
    inspection.nodes.filter((node) => node.state === state).map(({ id }) => id);
  const starts = idsIn('failed');
  const half = inspection.nodes.slice(0, count / 2).map(({ id }) => id);
  return {
    inspection,
    performed: 'resume',
    nodes: starts,
    starts,
    mayRun: [...new Set([...starts, ...half])],
    expected: half,
    resumedAs: [],
    refusals: [],
    warnings: [],
  };
}
