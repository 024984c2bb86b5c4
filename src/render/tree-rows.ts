import type { PictureNode } from './picture.js';
import type { Branch } from './tree-forest.js';

/** One line of a tree. */
export interface Row {
  /** The lines of the tree that lead to it. */
  readonly indent: string;
  /** `more`: nodes that are counted, not shown; `also`: where else a node leads; `below`: what follows stands further down. */
  readonly kind: 'node' | 'more' | 'also' | 'below' | 'continued';
  readonly entries: readonly PictureNode[];
}

/** How rows are made. */
export interface RowOptions {
  /** Whether runs of nodes that need nobody are counted instead of shown. */
  readonly collapse: boolean;
  readonly maxDepth: number;
}

/** So many in a row that need nobody are shown one by one. */
const SHOWN_IN_A_ROW = 5;

interface Item {
  readonly kind: Row['kind'];
  readonly entries: readonly PictureNode[];
  readonly branch?: Branch | undefined;
  readonly children?: readonly Item[] | undefined;
}

interface Frame {
  readonly items: readonly Item[];
  readonly indent: string;
  readonly depth: number;
  position: number;
}

/** The lines of a forest, top down. Needs no deep stack; what lies too deep to be indented is continued below. */
export function rowsOf(roots: readonly Branch[], { collapse, maxDepth }: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  const sections: (readonly Item[])[] = [itemsOf(roots, collapse)];
  for (const items of sections) {
    const frames: Frame[] = [{ items, indent: '', depth: 0, position: 0 }];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const item = frame.items[frame.position];
      frame.position += 1;
      if (item === undefined) {
        frames.pop();
        continue;
      }
      const last = frame.position === frame.items.length;
      const [branching, below] = frame.depth === 0 ? ['', ''] : last ? ['└─ ', '   '] : ['├─ ', '│  '];
      rows.push({ indent: frame.indent + branching, kind: item.kind, entries: item.entries });
      const children = item.children ?? (item.branch === undefined ? [] : childItems(item.branch, collapse));
      if (children.length === 0) continue;
      const indent = frame.indent + below;
      if (frame.depth < maxDepth) {
        frames.push({ items: children, indent, depth: frame.depth + 1, position: 0 });
      } else {
        rows.push({ indent: `${indent}└─ `, kind: 'below', entries: item.entries });
        sections.push([{ kind: 'continued', entries: item.entries, children }]);
      }
    }
  }
  return rows;
}

function childItems(branch: Branch, collapse: boolean): readonly Item[] {
  const items = itemsOf(branch.children, collapse);
  return branch.also.size === 0 ? items : [...items, { kind: 'also', entries: [...branch.also] }];
}

function itemsOf(branches: readonly Branch[], collapse: boolean): readonly Item[] {
  if (!collapse) return branches.map(itemOf);
  const items: Item[] = [];
  let quiet: Branch[] = [];
  const settle = () => {
    const size = quiet.reduce((sum, branch) => sum + branch.size, 0);
    if (size > SHOWN_IN_A_ROW) items.push({ kind: 'more', entries: quiet.flatMap(everyEntry) });
    else items.push(...quiet.map(itemOf));
    quiet = [];
  };
  for (const branch of branches) {
    if (!branch.loud) {
      quiet.push(branch);
      continue;
    }
    settle();
    items.push(chainOf(branch));
  }
  settle();
  return items;
}

function itemOf(branch: Branch): Item {
  return { kind: 'node', entries: [branch.entry], branch };
}

/** A long way from node to node, none of which needs anybody, is cut short. */
function chainOf(first: Branch): Item {
  const passed: PictureNode[] = [];
  let tail = first;
  for (let only = onlyChild(tail); only !== undefined && passed.length < first.size; only = onlyChild(tail)) {
    passed.push(tail.entry);
    tail = only;
  }
  if (passed.length <= SHOWN_IN_A_ROW) return itemOf(first);
  return {
    kind: 'node',
    entries: [first.entry],
    children: [{ kind: 'more', entries: passed.slice(1), children: [itemOf(tail)] }],
  };
}

function onlyChild({ children, also, entry }: Branch): Branch | undefined {
  const ordinary = entry.node.state === 'succeeded' || entry.node.state === 'waiting' || entry.node.state === 'skipped';
  return ordinary && entry.role !== 'starts' && children.length === 1 && also.size === 0 ? children[0] : undefined;
}

/** Every node from here on. */
function everyEntry(branch: Branch): readonly PictureNode[] {
  const entries: PictureNode[] = [];
  const pending = [branch];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    entries.push(next.entry);
    pending.push(...next.children.toReversed());
  }
  return entries;
}
