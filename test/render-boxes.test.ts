import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesOf } from '../src/render/boxes.js';
import { layersOf, withoutImplied } from '../src/render/layout/flow.js';
import { isSettled, pictureOf } from '../src/render/picture.js';
import { INK, STATE_STYLES, STATES } from '../src/render/state-style.js';
import { thinned } from '../src/render/thinning.js';
import { bigRun, diceRun, planOf, snapshotOf, task } from './render-subjects.js';

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe('the style of a state', () => {
  it.each(STATES)('can be read in light and dark: %s', (state) => {
    for (const theme of ['light', 'dark'] as const) {
      const { fill, line } = STATE_STYLES[state][theme];
      expect(contrast(line, fill)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(INK[theme], fill)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('differs from every other in sign, word and shape', () => {
    for (const part of ['glyph', 'word', 'shape'] as const) {
      expect(new Set(STATES.map((state) => STATE_STYLES[state][part])).size).toBe(STATES.length);
    }
  });
});

const graphs = fc
  .record({
    states: fc.array(fc.constantFrom(...STATES), { minLength: 1, maxLength: 120 }),
    ties: fc.array(fc.tuple(fc.nat(119), fc.nat(119)), { maxLength: 240 }),
    most: fc.integer({ min: 40, max: 80 }),
    hasEdges: fc.boolean(),
    running: fc.array(fc.nat(119), { maxLength: 40 }),
  })
  .map(({ states, ties, most, hasEdges, running }) => {
    const nodes = states.map((state, at) => task(`${at}`, state));
    const snapshot = snapshotOf(nodes, hasEdges ? ties.map(([from, to]) => [`${from}`, `${to}`] as const) : undefined);
    const mayRun = running.filter((at) => at < nodes.length).map((at) => ({ id: `${at}`, name: `${at}` }));
    return { picture: pictureOf(planOf(snapshot, { mayRun, starts: mayRun.slice(0, 2) })), most };
  });

describe('drawing nodes together', { timeout: 30_000 }, () => {
  it('keeps within the bound, with every node in one box and no settled node among others', () => {
    fc.assert(
      fc.property(graphs, ({ picture, most }) => {
        const { boxes, next } = boxesOf(picture, most);
        expect(boxes.length).toBeLessThanOrEqual(most);
        expect(boxes.flatMap(({ members }) => members).length).toBe(picture.nodes.length);
        expect(new Set(boxes.flatMap(({ members }) => members)).size).toBe(picture.nodes.length);
        for (const { members } of boxes) expect(new Set(members.map(isSettled)).size).toBe(1);
        next.forEach((successors, from) => {
          expect(successors).not.toContain(from);
          expect(new Set(successors).size).toBe(successors.length);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('joins nothing up to the bound', () => {
    expect(boxesOf(pictureOf(diceRun(500, 1000)), 500).boxes).toHaveLength(500);
  });

  it('joins what has succeeded and is kept, and leaves each failed node by itself', () => {
    const { boxes } = boxesOf(pictureOf(bigRun(10_000, 30_000, 5)), 500);
    const failed = boxes.filter(({ members }) => members.some(({ node }) => node.state === 'failed'));
    expect(failed.map(({ members }) => members.length)).toEqual([1, 1, 1]);
    expect(boxes.length).toBeLessThan(500);
  });

  it('does not join a success that may run again with those that are kept', () => {
    const nodes = Array.from({ length: 600 }, (_, at) => task(`${at}`, 'succeeded'));
    const snapshot = snapshotOf(
      nodes,
      nodes.slice(1).map(({ id }, at) => [`${at}`, id] as const),
    );
    const again = [{ id: '300', name: '300' }];
    const { boxes } = boxesOf(pictureOf(planOf(snapshot, { mayRun: again, rerunsSucceeded: again })), 500);
    expect(boxes.map(({ members }) => members.length)).toEqual([300, 1, 299]);
  });
});

describe('leaving out edges', () => {
  const acyclic = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 90 }).map((ties) => {
    const next: number[][] = Array.from({ length: 31 }, () => []);
    for (const [one, other] of ties) {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      if (from !== to && next[from]?.includes(to) === false) next[from].push(to);
    }
    return next;
  });
  const reached = (next: readonly (readonly number[])[]): string[] =>
    next.map((_, from) => {
      const seen = new Set<number>();
      const pending = [...(next[from] ?? [])];
      for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
        if (!seen.has(at)) pending.push(...(next[at] ?? []));
        seen.add(at);
      }
      return [...seen].sort((a, b) => a - b).join();
    });

  it('leaves everything reachable that was', () => {
    fc.assert(
      fc.property(acyclic, (next) => {
        expect(reached(withoutImplied(next))).toEqual(reached(next));
      }),
    );
  });

  it('leaves out what longer ways imply, however long, but nothing that closes a cycle', () => {
    expect(withoutImplied([[1, 2, 3], [2], [3], []])).toEqual([[1], [2], [3], []]);
    expect(withoutImplied([[1], [2], [0, 1]])).toEqual([[1], [2], [0, 1]]);
  });

  it('puts every node deeper than what leads to it', () => {
    fc.assert(
      fc.property(acyclic, (next) => {
        const layers = layersOf(next);
        next.forEach((successors, from) => {
          for (const to of successors) expect(layers[to]).toBeGreaterThan(layers[from] ?? 0);
        });
      }),
    );
  });

  it('counts what it leaves out', () => {
    fc.assert(
      fc.property(acyclic, fc.integer({ min: 0, max: 60 }), (next, most) => {
        const drawn = thinned(next, most);
        const kept = drawn.next.flat().length;
        expect(kept).toBeLessThanOrEqual(Math.max(most, 0));
        expect(kept + drawn.implied + drawn.cut).toBe(next.flat().length);
      }),
    );
  });
});
