import { Firing } from './firing.js';
import type { StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';
import { startedIn } from './started.js';

/**
 * What a COMPLETED run in which everything succeeded was to run, and does not show to have run: the nodes that were
 * restarted, of those that lead to each other only the most upstream, and what triggers start after them. Whether a
 * trigger counts what was only copied is undocumented; where it does not, nothing fails and the rest never starts.
 *
 * @param ids - the nodes that were restarted.
 */
export function owedBy(standing: StandingRun, startedMs: number | undefined, ids: readonly string[]): string[] {
  const { graph, nodes } = standing;
  const startedAt = (place: number) =>
    startedIn(
      (nodes[place]?.attempts ?? []).map(({ startedOn }) => startedOn),
      startedMs,
    );
  const starts = graph.frontier(ids.flatMap((id) => graph.placeOf(id) ?? []));
  const silent = starts.filter((place) => startedAt(place) !== 'yes');
  const { runs } = new Firing(standing, starts, graph.closure(starts));
  const first = new Set(starts);
  const skipped = [...runs].filter((place) => {
    return !first.has(place) && startedAt(place) === 'no' && isStarted(standing, place, runs);
  });
  return [
    ...ids.filter((id) => graph.placeOf(id) === undefined),
    ...[...silent, ...skipped].flatMap((place) => nodes[place]?.node.UniqueId ?? []),
  ];
}

/** Whether a trigger that surely fires starts a node: one that is switched on. Other edges tell nothing for certain. */
function isStarted({ graph, nodes }: StandingRun, place: number, runs: ReadonlySet<number>): boolean {
  const node = nodes[place];
  if (node === undefined || isGate(node)) return false;
  return graph.before(place).some((before) => {
    const { State, Predicate } = nodes[before]?.node.TriggerDetails?.Trigger ?? {};
    return runs.has(before) && State === 'ACTIVATED' && (Predicate?.Conditions ?? []).length > 0;
  });
}
