import { Components } from './components.js';
import { dagreLayout } from './dagre-layout.js';
import type { Successors } from './flow.js';
import type { Layout, Line, Point, Size } from './geometry.js';
import { moved } from './geometry.js';
import { onShelves } from './shelves.js';

/** Places boxes and their edges: every connected part by itself, the parts side by side, the largest first. */
export async function layoutOf(sizes: readonly Size[], next: Successors): Promise<Layout> {
  const parts = partsOf(next);
  const layouts: Layout[] = [];
  for (const part of parts) layouts.push(await partLayout(part, sizes, next));
  const { corners, whole } = onShelves(layouts);
  const centres: Point[] = sizes.map(() => ({ x: 0, y: 0 }));
  const lines: Line[] = [];
  for (const [at, part] of parts.entries()) {
    const [layout, corner] = [layouts[at], corners[at]];
    if (layout === undefined || corner === undefined) continue;
    part.forEach((place, inPart) => {
      centres[place] = moved(layout.centres[inPart] ?? corner, corner);
    });
    for (const { from, to, points } of layout.lines) {
      lines.push({
        from: part[from] ?? from,
        to: part[to] ?? to,
        points: points.map((point) => moved(point, corner)),
      });
    }
  }
  return { ...whole, centres, lines };
}

/** Connected places; parts of one size keep their order. */
function partsOf(next: Successors): readonly (readonly number[])[] {
  const components = new Components(next.length);
  next.forEach((successors, from) => {
    for (const to of successors) components.join(from, to);
  });
  const parts = new Map<number, number[]>();
  next.forEach((_, place) => {
    const root = components.rootOf(place);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [place]);
    else part.push(place);
  });
  return [...parts.values()].sort((one, other) => other.length - one.length);
}

async function partLayout(part: readonly number[], sizes: readonly Size[], next: Successors): Promise<Layout> {
  const own = part.map((place) => sizes[place] ?? { width: 0, height: 0 });
  const [only] = own;
  if (own.length === 1 && only !== undefined) {
    return { ...only, centres: [{ x: only.width / 2, y: only.height / 2 }], lines: [] };
  }
  const inPart = new Map(part.map((place, at) => [place, at]));
  const successors = part.map((place) => (next[place] ?? []).map((to) => inPart.get(to) ?? 0));
  return await dagreLayout(own, successors);
}
