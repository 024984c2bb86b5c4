import { layersOf, withoutImplied } from './layout/flow.js';

/** Which edges are drawn. */
export interface Drawn {
  readonly next: readonly (readonly number[])[];
  /** How many are left out because a longer way implies them. */
  readonly implied: number;
  /** How many are left out because they would be too many; those that lead furthest go first. */
  readonly cut: number;
}

/** At most so many edges, all of them where they are no more. */
export function thinned(next: readonly (readonly number[])[], most: number): Drawn {
  const all = edgeCount(next);
  if (all <= most) return { next, implied: 0, cut: 0 };
  const needed = withoutImplied(next);
  const left = edgeCount(needed);
  const implied = all - left;
  if (left <= most) return { next: needed, implied, cut: 0 };
  const layers = layersOf(next);
  const spanOf = (from: number, to: number): number => Math.abs((layers[to] ?? 0) - (layers[from] ?? 0));
  const shortest = needed
    .flatMap((successors, from) => successors.map((to) => ({ from, to, span: spanOf(from, to) })))
    .sort((one, other) => one.span - other.span)
    .slice(0, most);
  const kept: number[][] = next.map(() => []);
  for (const { from, to } of shortest) kept[from]?.push(to);
  return { next: kept, implied, cut: left - most };
}

function edgeCount(next: readonly (readonly number[])[]): number {
  return next.reduce((sum, successors) => sum + successors.length, 0);
}
