/** A directed graph over the nodes 0 to `size - 1`. Cycles are allowed. */
export interface Digraph {
  readonly size: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/**
 * The fewest of some nodes from which all the others of them can be reached: each one that no other of them leads to
 * and, of a cycle that nothing else leads to, the first. In ascending order; takes time linear in nodes and edges.
 *
 * @see Glue developer guide, "Repairing and resuming a workflow run": a selected node downstream of another is redundant
 */
export function frontierOf(graph: Digraph, nodes: Iterable<number>): number[] {
  const successors = new Successors(graph);
  const { componentOf, order } = stronglyConnected(successors);
  const first = new Map<number, number>();
  for (const node of [...nodes].sort((one, other) => one - other)) {
    const component = at(componentOf, node);
    if (!first.has(component)) first.set(component, node);
  }
  // Components are finished from the ends of the graph to its beginnings, so that this walks downstream.
  const downstream = new Uint8Array(graph.size);
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const node = at(order, index);
    const component = at(componentOf, node);
    if (downstream[component] === 0 && !first.has(component)) continue;
    for (let edge = successors.begin(node); edge < successors.end(node); edge += 1) {
      const next = at(componentOf, successors.target(edge));
      if (next !== component) downstream[next] = 1;
    }
  }
  return [...first].filter(([component]) => downstream[component] === 0).map(([, node]) => node);
}

/** Each node's successors, side by side in one array. */
class Successors {
  readonly size: number;
  readonly #begins: Int32Array;
  readonly #targets: Int32Array;

  constructor({ size, edges }: Digraph) {
    this.size = size;
    this.#begins = new Int32Array(size + 1);
    this.#targets = new Int32Array(edges.length);
    for (const [from] of edges) this.#begins[from + 1] = at(this.#begins, from + 1) + 1;
    for (let node = 0; node < size; node += 1) {
      this.#begins[node + 1] = at(this.#begins, node + 1) + at(this.#begins, node);
    }
    const free = this.#begins.slice();
    for (const [from, to] of edges) {
      const place = at(free, from);
      this.#targets[place] = to;
      free[from] = place + 1;
    }
  }

  begin(node: number): number {
    return at(this.#begins, node);
  }

  end(node: number): number {
    return at(this.#begins, node + 1);
  }

  target(edge: number): number {
    return at(this.#targets, edge);
  }
}

/**
 * Which nodes lie on cycles with one another, numbered from the ends of the graph to its beginnings, and the nodes in
 * that order. Without recursion: a chain of ten thousand nodes would overflow the stack.
 *
 * @see R. Tarjan, "Depth-first search and linear graph algorithms", 1972
 */
function stronglyConnected(successors: Successors): { componentOf: Int32Array; order: Int32Array } {
  const { size } = successors;
  const componentOf = new Int32Array(size).fill(-1);
  const order = new Int32Array(size);
  const visited = new Int32Array(size).fill(-1);
  const lowest = new Int32Array(size);
  const nextEdge = new Int32Array(size);
  const path: number[] = [];
  const open: number[] = [];
  let visits = 0;
  let finished = 0;
  let components = 0;

  const enter = (node: number): void => {
    visited[node] = visits;
    lowest[node] = visits;
    visits += 1;
    nextEdge[node] = successors.begin(node);
    path.push(node);
    open.push(node);
  };

  for (let root = 0; root < size; root += 1) {
    if (visited[root] === -1) enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const edge = at(nextEdge, node);
      if (edge < successors.end(node)) {
        nextEdge[node] = edge + 1;
        const next = successors.target(edge);
        if (visited[next] === -1) enter(next);
        else if (componentOf[next] === -1) lowest[node] = Math.min(at(lowest, node), at(visited, next));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lowest[parent] = Math.min(at(lowest, parent), at(lowest, node));
      if (lowest[node] !== visited[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop() ?? node;
        componentOf[member] = components;
        order[finished] = member;
        finished += 1;
      }
      components += 1;
    }
  }
  return { componentOf, order };
}

/** Every index here is in range; this says so to the compiler. */
function at(array: Int32Array, index: number): number {
  return array[index] ?? -1;
}
