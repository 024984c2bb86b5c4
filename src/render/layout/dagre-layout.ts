import type { Successors } from './flow.js';
import { layersOf } from './flow.js';
import type { Layout, Line, Point, Size } from './geometry.js';

/** What is used of the library; its own types are only found by bundlers. */
interface DagreGraph {
  setGraph(label: object): void;
  graph(): Size;
  setNode(name: string, label: Size): void;
  node(name: string): Point;
  setEdge(from: string, to: string, label: object): void;
  edge(from: string, to: string): { readonly points: readonly Point[] };
}

interface Dagre {
  readonly Graph: new () => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

/** Up to so many boxes the ranker that gives the shortest edges is fast enough. */
const SMALL = 60;
/** An edge costs the library as many nodes as it passes layers: so many are worth it. */
const MOST_STEPS = 1000;
const RANK_GAP = 36;
const BOX_GAP = 16;

/** Lays out one connected graph, from top to bottom or from left to right, whichever is nearer to the shape of a window. */
export async function dagreLayout(sizes: readonly Size[], next: Successors): Promise<Layout> {
  const { Graph, layout }: Dagre = await import('@dagrejs/dagre');
  const layers = layersOf(next);
  const graph = new Graph();
  const ranker = sizes.length <= SMALL ? 'network-simplex' : 'tight-tree';
  graph.setGraph({ rankdir: directionOf(sizes, layers), ranker, nodesep: BOX_GAP, ranksep: RANK_GAP, edgesep: 8 });
  sizes.forEach(({ width, height }, place) => {
    graph.setNode(`${place}`, { width, height });
  });
  const spans = next.flatMap((successors, from) =>
    successors.map((to) => ({ from, to, steps: Math.abs((layers[to] ?? 0) - (layers[from] ?? 0)) })),
  );
  let steps = 0;
  const shortestFirst = spans.toSorted((one, other) => one.steps - other.steps);
  const laid = shortestFirst.map((span) => {
    steps += span.steps;
    return { ...span, isLaid: steps <= MOST_STEPS };
  });
  for (const { from, to, isLaid } of laid) if (isLaid) graph.setEdge(`${from}`, `${to}`, {});
  layout(graph);
  const centres = sizes.map((_, place): Point => {
    const { x, y } = graph.node(`${place}`);
    return { x, y };
  });
  const lines = laid.map(({ from, to, isLaid }): Line => {
    const points = isLaid ? graph.edge(`${from}`, `${to}`).points : straight(centres[from], centres[to], sizes[to]);
    return { from, to, points: points.map(({ x, y }) => ({ x, y })) };
  });
  const { width, height } = graph.graph();
  return { width, height, centres, lines };
}

function directionOf(sizes: readonly Size[], layers: Int32Array): 'TB' | 'LR' {
  const perLayer = new Map<number, number>();
  for (const layer of layers) perLayer.set(layer, (perLayer.get(layer) ?? 0) + 1);
  const broadest = Math.max(...perLayer.values());
  const width = Math.max(...sizes.map((size) => size.width));
  const height = Math.max(...sizes.map((size) => size.height));
  const scaleOf = (across: number, down: number): number => Math.min(1100 / across, 620 / down);
  const downwards = scaleOf(broadest * (width + BOX_GAP), perLayer.size * (height + RANK_GAP));
  const sideways = scaleOf(perLayer.size * (width + RANK_GAP), broadest * (height + BOX_GAP));
  return downwards >= sideways ? 'TB' : 'LR';
}

/** From centre to centre, as far as the box that it leads to. */
function straight(from: Point | undefined, to: Point | undefined, size: Size | undefined): readonly Point[] {
  if (from === undefined || to === undefined || size === undefined) return [];
  const [dx, dy] = [from.x - to.x, from.y - to.y];
  const reach = Math.max(Math.abs(dx) / (size.width / 2), Math.abs(dy) / (size.height / 2), 1);
  return [from, { x: to.x + dx / reach, y: to.y + dy / reach }];
}
