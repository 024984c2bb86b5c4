import type { LastAttempt, NodeAttempt } from './attempts.js';
import { attemptsOf, lastAttemptOf } from './attempts.js';
import { RunGraph } from './run-graph.js';
import type { GraphNode, WorkflowRun } from './wire.js';

/** A node of a run with what it has done and how it stands. */
export interface StandingNode extends LastAttempt {
  readonly node: GraphNode;
  /** Oldest first. */
  readonly attempts: readonly NodeAttempt[];
}

/** A run with its graph, and how each of its nodes stands. */
export interface StandingRun {
  readonly run: WorkflowRun;
  readonly graph: RunGraph;
  /** By their places in the graph. */
  readonly nodes: readonly StandingNode[];
}

/** Judges every node of a run. */
export function standingRunOf(run: WorkflowRun): StandingRun {
  const graph = new RunGraph(run);
  const nodes = graph.nodes.map((node): StandingNode => {
    const attempts = attemptsOf(node);
    const { standing, state } = lastAttemptOf(node, attempts);
    return { node, attempts, standing, state };
  });
  return { run, graph, nodes };
}

/** Whether a node decides about others and runs nothing itself. */
export function isGate({ node: { Type } }: StandingNode): boolean {
  return Type === 'TRIGGER';
}
