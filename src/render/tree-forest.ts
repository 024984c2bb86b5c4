import type { PictureNode } from './picture.js';
import { isLoud } from './picture.js';

/** A node in a tree that spans the graph. */
export interface Branch {
  readonly entry: PictureNode;
  readonly children: Branch[];
  /** Where else it leads: nodes that have their place elsewhere in the tree. */
  readonly also: Set<PictureNode>;
  /** How many nodes there are from here on, this one included. */
  size: number;
  /** Whether somebody should see one of them. */
  loud: boolean;
}

/** Gates are left out where they are only what connects: what they lead to hangs on what leads to them. */
function isHidden(entry: PictureNode): boolean {
  return entry.node.kind === 'gate' && !isLoud(entry);
}

/** A tree that spans these nodes, cycles or not; every one has one place in it. Needs no deep stack. */
export function forestOf(nodes: readonly PictureNode[]): readonly Branch[] {
  const shown = new Set(nodes);
  const forest = new Forest(shown);
  for (const entry of nodes) if (!entry.previous.some((before) => shown.has(before))) forest.grow(entry);
  for (const entry of nodes) forest.grow(entry);
  forest.measure();
  return forest.roots;
}

interface Frame {
  readonly entry: PictureNode;
  /** What its successors hang on. */
  readonly branch: Branch | undefined;
  position: number;
}

class Forest {
  readonly roots: Branch[] = [];
  readonly #branches: Branch[] = [];
  readonly #seen = new Set<PictureNode>();
  readonly #shown: ReadonlySet<PictureNode>;

  constructor(shown: ReadonlySet<PictureNode>) {
    this.#shown = shown;
  }

  grow(root: PictureNode): void {
    if (this.#seen.has(root)) return;
    const frames = [this.#enter(root, undefined)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.entry.next[frame.position];
      frame.position += 1;
      if (next === undefined) frames.pop();
      else if (!this.#shown.has(next)) continue;
      else if (this.#seen.has(next)) refer(frame.branch, next);
      else frames.push(this.#enter(next, frame.branch));
    }
  }

  /** Adds up from the leaves: a branch comes after the one that it hangs on. */
  measure(): void {
    for (const branch of this.#branches.toReversed()) {
      for (const child of branch.children) {
        branch.size += child.size;
        branch.loud ||= child.loud;
        branch.also.delete(child.entry);
      }
    }
  }

  #enter(entry: PictureNode, parent: Branch | undefined): Frame {
    this.#seen.add(entry);
    if (isHidden(entry)) return { entry, branch: parent, position: 0 };
    const branch: Branch = { entry, children: [], also: new Set(), size: 1, loud: isLoud(entry) };
    this.#branches.push(branch);
    (parent?.children ?? this.roots).push(branch);
    return { entry, branch, position: 0 };
  }
}

/** Names another way to a node; where that goes through a gate, what the gate leads to. */
function refer(branch: Branch | undefined, to: PictureNode): void {
  if (branch === undefined) return;
  const shown = isHidden(to) ? to.next.slice(0, 20).filter((entry) => !isHidden(entry)) : [to];
  for (const entry of shown) if (entry !== branch.entry) branch.also.add(entry);
}
