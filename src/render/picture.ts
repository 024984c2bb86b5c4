import type { ResumePlan } from '../resume-plan.js';
import type { ExecutionSnapshot, NodeSnapshot } from '../snapshot.js';
import type { Role } from './role.js';
import { mayRun, rolesOf } from './role.js';
import { soundSubject } from './sound-subject.js';

/** What can be drawn. */
export type Subject = ExecutionSnapshot | ResumePlan;

/** A node with its neighbours. */
export interface PictureNode {
  /** Its place in the snapshot. */
  readonly index: number;
  readonly node: NodeSnapshot;
  /** What the plan does with it; undefined without a plan, and for what the plan does not name. */
  readonly role: Role | undefined;
  readonly next: PictureNode[];
  readonly previous: PictureNode[];
}

/** What all renderers draw. */
export interface Picture {
  readonly snapshot: ExecutionSnapshot;
  readonly plan: ResumePlan | undefined;
  readonly nodes: readonly PictureNode[];
  /** Whether the provider shows a graph. */
  readonly hasEdges: boolean;
}

/**
 * Links the nodes of a snapshot or a plan; edges whose ends are not there, loops and repeated edges are left out.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) it is neither.
 */
export function pictureOf(given: Subject): Picture {
  const subject = soundSubject(given);
  const plan = 'snapshot' in subject ? subject : undefined;
  const snapshot = 'snapshot' in subject ? subject.snapshot : subject;
  const roles = plan === undefined ? undefined : rolesOf(plan);
  const nodes = snapshot.nodes.map(
    (node, index): PictureNode => ({ index, node, role: roles?.get(node.id), next: [], previous: [] }),
  );
  const byId = new Map<string, PictureNode>();
  for (const entry of nodes) if (!byId.has(entry.node.id)) byId.set(entry.node.id, entry);
  const linked = new Set<number>();
  for (const { from, to } of snapshot.edges ?? []) {
    const [source, target] = [byId.get(from), byId.get(to)];
    if (source === undefined || target === undefined || source === target) continue;
    const key = source.index * nodes.length + target.index;
    if (linked.has(key)) continue;
    linked.add(key);
    source.next.push(target);
    target.previous.push(source);
  }
  return { snapshot, plan, nodes, hasEdges: snapshot.edges !== undefined };
}

/** Whether somebody should see this node, whatever else is hidden. */
export function isLoud({ node, role }: Pick<PictureNode, 'node' | 'role'>): boolean {
  if (role === 'starts' || role === 'starts-again') return true;
  return node.state === 'failed' || node.state === 'paused' || node.state === 'stopped' || node.state === 'running';
}

/**
 * Whether a node has its result and keeps it. A gate runs nothing: it counts with what leads to it.
 */
export function isSettled(entry: PictureNode): boolean {
  const { node, role } = entry;
  if (node.kind === 'gate') {
    return !isLoud(entry) && entry.previous.every((before) => before.node.kind === 'gate' || isSettled(before));
  }
  return (node.state === 'succeeded' || node.state === 'skipped') && !mayRun(role);
}

/** Whether the plan's run may pass here; gates have no role of their own. */
export function isOnTheWay({ node, role, previous }: PictureNode): boolean {
  return mayRun(role) || (node.kind === 'gate' && previous.some((before) => mayRun(before.role)));
}

/** The nodes in the order in which they first started, those that have not run last. */
export function byStart(nodes: readonly PictureNode[]): PictureNode[] {
  const startOf = new Map(
    nodes.map((entry) => {
      const startedAt = entry.node.attempts[0]?.startedAt;
      const startedMs = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
      return [entry, Number.isNaN(startedMs) ? Number.MAX_VALUE : startedMs];
    }),
  );
  return nodes.toSorted((one, other) => (startOf.get(one) ?? 0) - (startOf.get(other) ?? 0));
}
