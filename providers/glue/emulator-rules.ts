import type { RunNode } from './emulator-run.js';
import { isRunnable } from './emulator-run.js';
import type { GlueCondition, GlueEdge } from './emulator-wire.js';

/** When which nodes start. */
export interface FiringRule {
  /** The trigger's name. */
  readonly trigger?: string | undefined;
  readonly logical: 'AND' | 'ANY';
  readonly conditions: readonly { readonly nodes: readonly RunNode[]; readonly state: string }[];
  readonly starts: readonly RunNode[];
}

const START_TYPES: ReadonlySet<string | undefined> = new Set(['ON_DEMAND', 'SCHEDULED', 'EVENT']);

/**
 * What can start what in a run.
 *
 * Conditions and actions hold only along edges, so that whatever starts is downstream of what ended. A trigger without
 * a predicate, and an edge from node to node, wait for success: given graphs may have either, Glue's own have neither.
 */
export function rulesOf(nodes: readonly RunNode[], edges: readonly GlueEdge[]): readonly FiringRule[] {
  const { before, after } = neighbours(nodes, edges);
  return nodes.flatMap((node): FiringRule[] => {
    const sources = (before.get(node) ?? []).filter(isRunnable);
    if (isRunnable(node)) return sources.length > 0 ? [onSuccess(sources, [node])] : [];
    if (node.wire.Type !== 'TRIGGER') return [];
    const trigger = node.wire.TriggerDetails?.Trigger;
    const targets = (after.get(node) ?? []).filter(isRunnable);
    if (trigger?.State === 'DEACTIVATED' || START_TYPES.has(trigger?.Type)) return [];
    const conditions = trigger?.Predicate?.Conditions ?? [];
    if (conditions.length === 0) return [onSuccess(sources, targets, node.wire.Name)];
    return [
      {
        trigger: node.wire.Name,
        logical: trigger?.Predicate?.Logical === 'ANY' ? 'ANY' : 'AND',
        conditions: conditions.map((condition) => ({
          nodes: sources.filter((source) => names(condition, source)),
          state: condition.State ?? condition.CrawlState ?? 'SUCCEEDED',
        })),
        starts: targets,
      },
    ];
  });
}

/** The nodes that a start of the workflow starts, with the trigger that does. */
export function startsOf(nodes: readonly RunNode[], edges: readonly GlueEdge[]) {
  const { after } = neighbours(nodes, edges);
  return nodes.flatMap((node) => {
    const trigger = node.wire.TriggerDetails?.Trigger;
    if (!START_TYPES.has(trigger?.Type) || trigger?.State === 'DEACTIVATED') return [];
    return (after.get(node) ?? []).filter(isRunnable).map((target) => ({ node: target, trigger: node.wire.Name }));
  });
}

function onSuccess(sources: readonly RunNode[], starts: readonly RunNode[], trigger?: string): FiringRule {
  const conditions = sources.map((source) => ({ nodes: [source], state: 'SUCCEEDED' }));
  return { trigger, logical: 'AND', conditions, starts };
}

function names({ JobName, CrawlerName }: GlueCondition, { wire: { Type, Name } }: RunNode): boolean {
  return Type === 'CRAWLER'
    ? CrawlerName !== undefined && CrawlerName === Name
    : JobName !== undefined && JobName === Name;
}

function neighbours(nodes: readonly RunNode[], edges: readonly GlueEdge[]) {
  const byId = new Map(nodes.map((node) => [node.wire.UniqueId, node]));
  const before = new Map<RunNode, RunNode[]>();
  const after = new Map<RunNode, RunNode[]>();
  for (const { SourceId, DestinationId } of edges) {
    const source = SourceId === undefined ? undefined : byId.get(SourceId);
    const target = DestinationId === undefined ? undefined : byId.get(DestinationId);
    if (source === undefined || target === undefined) continue;
    append(before, target, source);
    append(after, source, target);
  }
  return { before, after };
}

function append(lists: Map<RunNode, RunNode[]>, key: RunNode, value: RunNode): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
