import type { StandingNode } from './attempts.js';

/**
 * Whether a workflow has dealt with a failure by design: a trigger right behind the node waited for just the state in
 * which it ended, and a node right behind that trigger was run.
 *
 * Inferred from the graph: no document calls a failure handled. A trigger with several conditions may have fired for
 * another one.
 */
export function isHandled(nodes: readonly StandingNode[], place: number): boolean {
  const failed = nodes[place];
  if (failed === undefined) return false;
  return failed.next.some((trigger) => {
    const behind = nodes[trigger];
    if (behind === undefined || !waitedFor(behind, failed)) return false;
    return behind.next.some((action) => nodes[action] !== undefined && nodes[action].standing !== 'not-run');
  });
}

/** Conditions know jobs and crawlers by their names only; they are compared within the node's own neighbours. */
function waitedFor({ node: { TriggerDetails } }: StandingNode, { node, state }: StandingNode): boolean {
  return (TriggerDetails?.Trigger?.Predicate?.Conditions ?? []).some(({ JobName, State, CrawlerName, CrawlState }) => {
    return node.Type === 'JOB'
      ? JobName === node.Name && State === state
      : CrawlerName === node.Name && CrawlState === state;
  });
}
