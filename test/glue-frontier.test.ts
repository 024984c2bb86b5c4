import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digraph } from '../providers/glue/frontier.js';
import { frontierOf } from '../providers/glue/frontier.js';

/** What can be reached from a node over at least one edge, one search per node: slow and obvious. */
function reachable({ edges }: Digraph, start: number): Set<number> {
  const found = new Set<number>();
  const waiting = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const [from, to] of edges) {
      if (from !== node || found.has(to)) continue;
      found.add(to);
      waiting.push(to);
    }
  }
  return found;
}

function digraphs(acyclic: boolean): fc.Arbitrary<{ graph: Digraph; chosen: number[] }> {
  return fc.integer({ min: 1, max: 14 }).chain((size) => {
    const node = fc.nat({ max: size - 1 });
    // A random order of the nodes, so that edges of an acyclic graph do not all point to higher numbers.
    const order = fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size });
    return fc
      .record({ order, pairs: fc.array(fc.tuple(node, node), { maxLength: 40 }), chosen: fc.uniqueArray(node) })
      .map(({ order: places, pairs, chosen }) => {
        const rank = (one: number): number => places[one] ?? 0;
        const edges = acyclic
          ? pairs
              .filter(([a, b]) => a !== b)
              .map(([a, b]) => (rank(a) < rank(b) ? ([a, b] as const) : ([b, a] as const)))
          : pairs;
        return { graph: { size, edges }, chosen };
      });
  });
}

describe('the frontier of failed nodes', () => {
  it('is nothing of nothing', () => {
    expect(frontierOf({ size: 0, edges: [] }, [])).toEqual([]);
    expect(frontierOf({ size: 3, edges: [[0, 1]] }, [])).toEqual([]);
  });

  it('leaves out a node that starts again anyway, however far downstream, through nodes that did not fail', () => {
    const chain = {
      size: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 3],
      ] as const,
    };
    expect(frontierOf(chain, [3, 0])).toEqual([0]);
  });

  it('is in the order of the graph, whatever the order of the nodes', () => {
    expect(frontierOf({ size: 5, edges: [] }, [4, 0, 2])).toEqual([0, 2, 4]);
  });

  it('keeps exactly the first node of a cycle that nothing else leads to', () => {
    const cycle = {
      size: 3,
      edges: [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const,
    };
    expect(frontierOf(cycle, [2, 1])).toEqual([1]);
    expect(frontierOf(cycle, [2])).toEqual([2]);
    expect(frontierOf({ size: 1, edges: [[0, 0]] }, [0])).toEqual([0]);
  });

  it('of an acyclic graph is exactly the failed nodes that no other failed one leads to', () => {
    fc.assert(
      fc.property(digraphs(true), ({ graph, chosen }) => {
        const expected = chosen.filter((node) => {
          return !chosen.some((other) => other !== node && reachable(graph, other).has(node));
        });
        expect(frontierOf(graph, chosen)).toEqual(expected.sort((one, other) => one - other));
      }),
      { numRuns: 500 },
    );
  });

  it('of any graph covers every failed node, and none of it leads to another', () => {
    fc.assert(
      fc.property(digraphs(false), ({ graph, chosen }) => {
        const frontier = frontierOf(graph, chosen);
        const reach = new Map(frontier.map((node) => [node, reachable(graph, node)]));
        expect(frontier.every((node) => chosen.includes(node))).toBe(true);
        for (const node of chosen) {
          expect(frontier.includes(node) || frontier.some((kept) => reach.get(kept)?.has(node))).toBe(true);
        }
        for (const [node, found] of reach) {
          expect(frontier.filter((other) => other !== node && found.has(other))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of edges or nodes', () => {
    fc.assert(
      fc.property(digraphs(false), fc.infiniteStream(fc.nat()), ({ graph, chosen }, keys) => {
        const shuffled = <T>(list: readonly T[]): T[] => {
          const keyed = list.map((value) => ({ value, key: keys.next().value ?? 0 }));
          return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
        };
        const other = frontierOf({ size: graph.size, edges: shuffled(graph.edges) }, shuffled(chosen));
        expect(other).toEqual(frontierOf(graph, chosen));
      }),
    );
  });

  it('of 100,000 nodes and 300,000 edges, all failed, is found in one pass: a search per node would take hours', () => {
    const size = 100_000;
    // Deterministic and tangled: everything from the second node on is downstream of the first.
    const edges = Array.from({ length: 3 * size }, (_, index) => {
      const to = 1 + (index % (size - 1));
      return [index < size ? to - 1 : (index * 7919) % to, to] as const;
    });
    const startedMs = performance.now();
    expect(
      frontierOf(
        { size, edges },
        Array.from({ length: size }, (_, node) => node),
      ),
    ).toEqual([0]);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('of a chain of 100,000 nodes does not overflow the stack', () => {
    const size = 100_000;
    const edges = Array.from({ length: size - 1 }, (_, node) => [node, node + 1] as const);
    expect(frontierOf({ size, edges }, [size - 1, 5])).toEqual([5]);
  });
});
