import { frontierOf } from './frontier.js';
import type { GraphNode, WorkflowRun } from './wire.js';

/**
 * A run's nodes by their places, with what is right behind each. Edges whose ends are not in the graph are dropped, and
 * nothing goes by name: a job, a crawler and a trigger may share one.
 */
export class RunGraph {
  readonly nodes: readonly GraphNode[];
  /** The ends of all edges, by their places in the graph. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly #places: ReadonlyMap<string, number>;
  readonly #next: Neighbours;
  #before: Neighbours | undefined;

  constructor({ Graph }: WorkflowRun) {
    const nodes = Graph?.Nodes ?? [];
    const edges = Graph?.Edges ?? [];
    const places = new Map<string, number>();
    let place = 0;
    for (const { UniqueId } of nodes) {
      places.set(UniqueId, place);
      place += 1;
    }
    const sources = new Int32Array(edges.length);
    const targets = new Int32Array(edges.length);
    let count = 0;
    for (const { SourceId = '', DestinationId = '' } of edges) {
      const from = places.get(SourceId);
      const to = places.get(DestinationId);
      if (from === undefined || to === undefined) continue;
      sources[count] = from;
      targets[count] = to;
      count += 1;
    }
    this.nodes = nodes;
    this.sources = sources.subarray(0, count);
    this.targets = targets.subarray(0, count);
    this.#places = places;
    this.#next = new Neighbours(nodes.length, this.sources, this.targets);
  }

  /** Whether two nodes have the same id, so that it cannot be told which of them an edge means. */
  get hasTwins(): boolean {
    return this.#places.size < this.nodes.length;
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** The places right behind one. */
  behind(place: number): Int32Array {
    return this.#next.of(place);
  }

  /** The places right before one. */
  before(place: number): Int32Array {
    this.#before ??= new Neighbours(this.nodes.length, this.targets, this.sources);
    return this.#before.of(place);
  }

  /** The most upstream of some places, in the order of the graph. */
  frontier(places: Iterable<number>): number[] {
    const edges = Array.from(this.sources, (from, edge) => [from, this.targets[edge] ?? from] as const);
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

/** What each place leads to, side by side in one array: a graph of ten thousand nodes would otherwise be as many lists. */
class Neighbours {
  readonly #begins: Int32Array;
  readonly #others: Int32Array;

  constructor(size: number, from: Int32Array, to: Int32Array) {
    const begins = new Int32Array(size + 1);
    for (const place of from) begins[place + 1] = (begins[place + 1] ?? 0) + 1;
    for (let place = 0; place < size; place += 1) begins[place + 1] = (begins[place + 1] ?? 0) + (begins[place] ?? 0);
    const others = new Int32Array(from.length);
    const free = begins.slice();
    from.forEach((place, edge) => {
      const slot = free[place] ?? 0;
      others[slot] = to[edge] ?? 0;
      free[place] = slot + 1;
    });
    this.#begins = begins;
    this.#others = others;
  }

  of(place: number): Int32Array {
    return this.#others.subarray(this.#begins[place] ?? 0, this.#begins[place + 1] ?? 0);
  }
}
