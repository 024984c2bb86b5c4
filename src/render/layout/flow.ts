/** Successors by place. */
export type Successors = readonly (readonly number[])[];

/** An order in which what leads comes before what it leads to, but for the edges that close a cycle. */
function flowOrder(next: Successors): readonly number[] {
  const seen = new Uint8Array(next.length);
  const finished: number[] = [];
  const pending: { readonly at: number; position: number }[] = [];
  const enter = (at: number) => {
    if (seen[at] === 1) return;
    seen[at] = 1;
    pending.push({ at, position: 0 });
  };
  for (let root = 0; root < next.length; root += 1) {
    enter(root);
    for (let frame = pending.at(-1); frame !== undefined; frame = pending.at(-1)) {
      const successor = next[frame.at]?.[frame.position];
      frame.position += 1;
      if (successor !== undefined) enter(successor);
      else finished.push(pending.pop()?.at ?? 0);
    }
  }
  return finished.reverse();
}

/** Where each one stands in an order. */
function placesIn(order: readonly number[]): Int32Array {
  const places = new Int32Array(order.length);
  order.forEach((at, place) => {
    places[at] = place;
  });
  return places;
}

/** How many steps the longest way to each one has; edges that close a cycle do not count. */
export function layersOf(next: Successors): Int32Array {
  const order = flowOrder(next);
  const places = placesIn(order);
  const layers = new Int32Array(next.length);
  for (const at of order) {
    for (const successor of next[at] ?? []) {
      if ((places[successor] ?? 0) <= (places[at] ?? 0)) continue;
      layers[successor] = Math.max(layers[successor] ?? 0, (layers[at] ?? 0) + 1);
    }
  }
  return layers;
}

/**
 * The edges without which some node could no longer be reached: those that a longer way implies are left out. Costs
 * memory by the square of the nodes.
 */
export function withoutImplied(next: Successors): number[][] {
  const order = flowOrder(next);
  const places = placesIn(order);
  const place = (at: number): number => places[at] ?? 0;
  const words = Math.ceil(next.length / 32);
  const reach = new Map<number, Uint32Array>();
  const kept: number[][] = next.map(() => []);
  for (const at of order.toReversed()) {
    const reached = new Uint32Array(words);
    for (const successor of (next[at] ?? []).toSorted((one, other) => place(one) - place(other))) {
      const closesCycle = place(successor) <= place(at);
      const implied = ((reached[successor >> 5] ?? 0) & (1 << (successor & 31))) !== 0;
      if (implied && !closesCycle) continue;
      kept[at]?.push(successor);
      if (closesCycle) continue;
      reached[successor >> 5] = (reached[successor >> 5] ?? 0) | (1 << (successor & 31));
      reach.get(successor)?.forEach((word, index) => {
        reached[index] = (reached[index] ?? 0) | word;
      });
    }
    reach.set(at, reached);
  }
  return kept;
}
