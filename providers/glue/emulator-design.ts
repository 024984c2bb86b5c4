import type {
  ConditionDefinition,
  NodeReference,
  TriggerDefinition,
  WorkflowDefinition,
} from './emulator-definition.js';
import { nodeIdOf } from './emulator-ids.js';
import type { GlueCondition, GlueEdge, GlueGraph, GlueNode, GlueTrigger } from './emulator-wire.js';

interface Component {
  readonly type: 'JOB' | 'CRAWLER';
  readonly name: string;
  readonly id: string;
}

/**
 * Draws the graph of a definition: its nodes, a node per trigger, and the edges that the triggers imply.
 *
 * @throws Error where the definition contradicts itself.
 */
export function designOf(definition: WorkflowDefinition): GlueGraph {
  const components = componentsOf(definition);
  const nodes: GlueNode[] = components.map(({ type, name, id }) => ({ Type: type, Name: name, UniqueId: id }));
  const edges: GlueEdge[] = [];
  const names = new Set<string>();
  for (const trigger of definition.triggers) {
    if (names.has(trigger.name)) throw new Error(`two triggers are called ${trigger.name}`);
    names.add(trigger.name);
    const id = nodeIdOf(definition.name, 'TRIGGER', trigger.name);
    const watched = (trigger.when ?? []).map((condition) => watch(condition, components));
    const started = trigger.start.map((reference) => find(reference, components));
    nodes.push({
      Type: 'TRIGGER',
      Name: trigger.name,
      UniqueId: id,
      TriggerDetails: { Trigger: triggerOf(definition.name, trigger, watched, started) },
    });
    const sources = new Set(watched.map(({ component }) => component.id));
    edges.push(...[...sources].map((source) => ({ SourceId: source, DestinationId: id })));
    edges.push(...started.map((component) => ({ SourceId: id, DestinationId: component.id })));
  }
  return { Nodes: nodes, Edges: edges };
}

/** Whether a reference can mean a node of this type and name. */
export function matches(reference: NodeReference, type: string | undefined, name: string | undefined): boolean {
  if (typeof reference === 'string') return name === reference && type !== 'TRIGGER';
  return 'job' in reference
    ? type === 'JOB' && name === reference.job
    : type === 'CRAWLER' && name === reference.crawler;
}

function componentsOf({ name: workflow, nodes }: WorkflowDefinition): readonly Component[] {
  const found = new Map<string, Component>();
  for (const node of nodes) {
    const crawls = typeof node !== 'string' && 'crawler' in node;
    const type = crawls ? 'CRAWLER' : 'JOB';
    const name = typeof node === 'string' ? node : 'crawler' in node ? node.crawler : node.job;
    const id = nodeIdOf(workflow, type, name);
    if (found.has(id)) throw new Error(`two nodes of type ${type} are called ${name}`);
    found.set(id, { type, name, id });
  }
  return [...found.values()];
}

function find(reference: NodeReference, components: readonly Component[]): Component {
  const found = components.filter(({ type, name, id }) => id === reference || matches(reference, type, name));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const problem = first === undefined ? 'is none of its nodes' : 'is a job and a crawler: say { job } or { crawler }';
  throw new Error(`${JSON.stringify(reference)} ${problem}`);
}

function watch(condition: ConditionDefinition, components: readonly Component[]) {
  if (typeof condition !== 'string' && 'node' in condition) {
    return { component: find(condition.node, components), state: condition.state };
  }
  return { component: find(condition, components), state: 'SUCCEEDED' };
}

function triggerOf(
  workflow: string,
  { name, type, logical = 'AND', active = true }: TriggerDefinition,
  watched: readonly { readonly component: Component; readonly state: string }[],
  started: readonly Component[],
): GlueTrigger {
  const kind = type ?? (watched.length > 0 ? 'CONDITIONAL' : 'ON_DEMAND');
  return {
    Name: name,
    WorkflowName: workflow,
    Type: kind,
    // An on-demand trigger stays CREATED; the others must be activated to fire.
    State: active ? (kind === 'ON_DEMAND' ? 'CREATED' : 'ACTIVATED') : 'DEACTIVATED',
    Actions: started.map((component) =>
      component.type === 'JOB' ? { JobName: component.name } : { CrawlerName: component.name },
    ),
    ...(watched.length > 0 ? { Predicate: { Logical: logical, Conditions: watched.map(conditionOf) } } : {}),
  };
}

function conditionOf({ component, state }: { component: Component; state: string }): GlueCondition {
  return component.type === 'JOB'
    ? { LogicalOperator: 'EQUALS', JobName: component.name, State: state }
    : { LogicalOperator: 'EQUALS', CrawlerName: component.name, CrawlState: state };
}
