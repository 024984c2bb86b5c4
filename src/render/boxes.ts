import { Components } from './layout/components.js';
import { layersOf } from './layout/flow.js';
import type { Picture, PictureNode } from './picture.js';
import { byStart, isLoud, isSettled } from './picture.js';

/** What is drawn as one: a node, or a group of nodes. */
export interface Box {
  readonly index: number;
  readonly members: readonly PictureNode[];
}

/** What is drawn. */
export interface BoxGraph {
  readonly boxes: readonly Box[];
  /** Places of boxes that a box leads to, by its place; none twice. */
  readonly next: readonly (readonly number[])[];
}

/** Bands of the same depth lead everywhere: a part of the boxes that there is room for says as much. */
const ROOM_FOR_READING = 4;

/**
 * Puts nodes together until no more than `most` boxes are left: first connected nodes that have their result and keep
 * it, then connected nodes of the same state, both with those that have the same neighbours, at last nodes of the same
 * state and about the same depth.
 */
export function boxesOf(picture: Picture, most: number): BoxGraph {
  const { nodes } = picture;
  if (nodes.length <= most) return linked(nodes, (entry) => `${entry.index}`);
  const pairs = neighbours(picture);
  const settled = nodes.map(isSettled);
  const keys = nodes.map(stateKey);
  const components = new Components(nodes.length);
  for (const [one, other] of pairs) if (settled[one] && settled[other]) components.join(one, other);
  const groupOf = (entry: PictureNode): string => `${components.rootOf(entry.index)}`;
  const few = joinedTwins(linked(nodes, groupOf), keys, nodes);
  if (few.boxes.length <= most) return few;
  for (const [one, other] of pairs) if (keys[one] === keys[other]) components.join(one, other);
  const fewer = joinedTwins(linked(nodes, groupOf), keys, nodes);
  return fewer.boxes.length <= most ? fewer : linked(nodes, byDepth(picture, keys, most));
}

/** Pairs that may come into one group: along the edges, or one after the other where there are none. */
function neighbours({ nodes, hasEdges }: Picture): readonly (readonly [number, number])[] {
  if (hasEdges) return nodes.flatMap(({ index, next }) => next.map((successor) => [index, successor.index] as const));
  const order = byStart(nodes);
  return order.slice(1).map(({ index }, place) => [order[place]?.index ?? index, index] as const);
}

function stateKey(entry: PictureNode): string {
  const told = entry.node.kind === 'gate' ? (entry.previous[0] ?? entry) : entry;
  return isSettled(entry) ? 'settled' : `${told.node.state} ${told.role ?? ''}`;
}

/** Boxes of one state that come after the same ones and lead to the same ones say no more than one would. */
function joinedTwins(graph: BoxGraph, keys: readonly string[], nodes: readonly PictureNode[]): BoxGraph {
  const previous: number[][] = graph.boxes.map(() => []);
  graph.next.forEach((successors, from) => {
    for (const to of successors) previous[to]?.push(from);
  });
  const names = new Map<PictureNode, string>();
  for (const { index, members } of graph.boxes) {
    const [first] = members;
    const around = [graph.next[index] ?? [], previous[index] ?? []].map((near) =>
      near.toSorted((a, b) => a - b).join(),
    );
    const name = members.some(isLoud) || first === undefined ? `${index}` : [keys[first.index], ...around].join(' / ');
    for (const entry of members) names.set(entry, name);
  }
  return linked(nodes, (entry) => names.get(entry) ?? '');
}

/** What somebody should see stays for itself while there is room; the rest is cut into bands of the same depth. */
function byDepth({ nodes, hasEdges }: Picture, keys: readonly string[], most: number): (entry: PictureNode) => string {
  const alone = new Set<PictureNode>();
  const urgent = [
    nodes.filter(({ role }) => role === 'starts' || role === 'starts-again'),
    nodes.filter(({ node }) => node.state === 'failed'),
    nodes.filter(isLoud),
  ];
  for (const entries of urgent) {
    if (alone.size + entries.length <= most / 2) for (const entry of entries) alone.add(entry);
  }
  const depths = hasEdges
    ? layersOf(nodes.map(({ next }) => next.map(({ index }) => index)))
    : placesOf(byStart(nodes));
  const deepest = depths.reduce((deeper, depth) => Math.max(deeper, depth), 0) + 1;
  const bands = Math.max(1, Math.floor((most - alone.size) / ROOM_FOR_READING / new Set(keys).size));
  return (entry) => {
    if (alone.has(entry)) return `${entry.index}`;
    const band = Math.floor(((depths[entry.index] ?? 0) * bands) / deepest);
    return `${keys[entry.index]} ${band}`;
  };
}

function placesOf(order: readonly PictureNode[]): Int32Array {
  const places = new Int32Array(order.length);
  order.forEach(({ index }, place) => {
    places[index] = place;
  });
  return places;
}

function linked(nodes: readonly PictureNode[], groupOf: (entry: PictureNode) => string): BoxGraph {
  const groups = new Map<string, PictureNode[]>();
  for (const entry of nodes) {
    const name = groupOf(entry);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  const boxes = [...groups.values()].map((members, index): Box => ({ index, members }));
  const boxOf = new Int32Array(nodes.length);
  for (const { index, members } of boxes) for (const entry of members) boxOf[entry.index] = index;
  const next = boxes.map(({ index, members }) => {
    const reached = new Set(members.flatMap((entry) => entry.next.map((successor) => boxOf[successor.index] ?? index)));
    reached.delete(index);
    return [...reached];
  });
  return { boxes, next };
}
