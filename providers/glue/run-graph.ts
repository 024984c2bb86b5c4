import { frontierOf } from './frontier.js';
import type { GraphNode, WorkflowRun } from './wire.js';

/**
 * A run's nodes by their places, with what is right behind each. Edges whose ends are not in the graph are dropped, and
 * nothing goes by name: a job, a crawler and a trigger may share one.
 */
export class RunGraph {
  readonly nodes: readonly GraphNode[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #next: readonly (readonly number[])[];

  constructor({ Graph }: WorkflowRun) {
    const nodes = Graph?.Nodes ?? [];
    const places = new Map(nodes.map(({ UniqueId }, place) => [UniqueId, place]));
    const next = nodes.map((): number[] => []);
    for (const { SourceId, DestinationId } of Graph?.Edges ?? []) {
      const from = places.get(SourceId ?? '');
      const to = places.get(DestinationId ?? '');
      if (from !== undefined && to !== undefined) next[from]?.push(to);
    }
    this.nodes = nodes;
    this.#places = places;
    this.#next = next;
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** The places right behind one. */
  behind(place: number): readonly number[] {
    return this.#next[place] ?? [];
  }

  /** The most upstream of some places, in the order of the graph. */
  frontier(places: Iterable<number>): number[] {
    const edges = this.#next.flatMap((behind, from) => behind.map((to) => [from, to] as const));
    return frontierOf({ size: this.nodes.length, edges }, places);
  }

  /** Some places with everything downstream of them. */
  closure(places: Iterable<number>): ReadonlySet<number> {
    const reached = new Set(places);
    const open = [...reached];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const next of this.behind(place)) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  }
}
