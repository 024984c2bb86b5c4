import type { GlueEdge } from './emulator-wire.js';

/** The ids that can be reached from each id over one edge or more; edges with an unknown end are left out. */
export class Reachability {
  readonly #next = new Map<string, string[]>();

  constructor(ids: ReadonlySet<string>, edges: readonly GlueEdge[]) {
    for (const { SourceId, DestinationId } of edges) {
      if (SourceId === undefined || DestinationId === undefined) continue;
      if (!ids.has(SourceId) || !ids.has(DestinationId)) continue;
      const targets = this.#next.get(SourceId);
      if (targets === undefined) this.#next.set(SourceId, [DestinationId]);
      else targets.push(DestinationId);
    }
  }

  /** Everything downstream of some ids; one of them itself only where another one, or a cycle, leads to it. */
  from(ids: readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = ids.flatMap((id) => this.#next.get(id) ?? []);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.#next.get(next) ?? []));
    }
    return seen;
  }

  /** The ids together with everything downstream of them. */
  closure(ids: readonly string[]): ReadonlySet<string> {
    return new Set([...ids, ...this.from(ids)]);
  }

  /** The ids that no other of them leads to. Of those that lead to each other, the first stays. */
  frontier(ids: readonly string[]): readonly string[] {
    const kept = new Set(ids);
    for (const id of ids) {
      // What a dropped one leads to is dropped already: whatever leads to it leads there as well.
      if (!kept.has(id)) continue;
      for (const other of this.from([id])) if (other !== id) kept.delete(other);
    }
    return [...kept];
  }
}
