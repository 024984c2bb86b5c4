import { frontierOf } from './frontier.js';
import type { GraphNode, WorkflowRun } from './wire.js';

/**
 * A run's nodes by their places, with what is right behind each. Edges whose ends are not in the graph are dropped, and
 * nothing goes by name: a job, a crawler and a trigger may share one.
 */
export class RunGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [from: number, to: number])[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #next: readonly (readonly number[])[];
  #before: readonly (readonly number[])[] | undefined;

  constructor({ Graph }: WorkflowRun) {
    const nodes = Graph?.Nodes ?? [];
    const places = new Map<string, number>();
    for (const [place, { UniqueId }] of nodes.entries()) places.set(UniqueId, place);
    const edges: (readonly [number, number])[] = [];
    const next = nodes.map((): number[] => []);
    for (const { SourceId, DestinationId } of Graph?.Edges ?? []) {
      const from = places.get(SourceId ?? '');
      const to = places.get(DestinationId ?? '');
      if (from === undefined || to === undefined) continue;
      edges.push([from, to]);
      next[from]?.push(to);
    }
    this.nodes = nodes;
    this.edges = edges;
    this.#places = places;
    this.#next = next;
  }

  /** Whether two nodes have the same id, so that it cannot be told which of them an edge means. */
  get hasTwins(): boolean {
    return this.#places.size < this.nodes.length;
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** The places right behind one. */
  behind(place: number): readonly number[] {
    return this.#next[place] ?? [];
  }

  /** The places right before one. */
  before(place: number): readonly number[] {
    this.#before ??= this.#turned();
    return this.#before[place] ?? [];
  }

  /** The most upstream of some places, in the order of the graph. */
  frontier(places: Iterable<number>): number[] {
    return frontierOf({ size: this.nodes.length, edges: this.edges }, places);
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

  #turned(): number[][] {
    const before = this.nodes.map((): number[] => []);
    for (const [from, to] of this.edges) before[to]?.push(from);
    return before;
  }
}
