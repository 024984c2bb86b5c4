import type { Target } from '../../src/driver.js';
import type { Inspection, Projection } from '../../src/inspection.js';
import { Firing } from './firing.js';
import { inspectionOf } from './inspection.js';
import type { Chosen, StopRules } from './selection.js';
import { namedNodesOf, stoppedNodesOf } from './selection.js';
import type { StandingRun } from './standing-run.js';
import { isGate, standingRunOf } from './standing-run.js';
import type { ListedRun, WorkflowRun } from './wire.js';
import { called, listed } from './wording.js';

/** The nodes from which a target would be resumed: those that it names, otherwise those that stopped. */
export function chosenOf(standing: StandingRun, { nodes }: Target, rules: StopRules): Chosen {
  return nodes.length > 0 ? namedNodesOf(standing, nodes) : stoppedNodesOf(standing, rules);
}

/**
 * What a resume would do.
 *
 * Documented: selected nodes and everything downstream of them may run. Which of those do is decided by their triggers,
 * which is inferred.
 *
 * @param children - what was made of the run already.
 * @see Glue developer guide, "Repairing and resuming a workflow run"
 */
export function projectionOf(
  run: WorkflowRun,
  children: readonly ListedRun[],
  target: Target,
  rules: StopRules,
): Projection {
  const standing = standingRunOf(run);
  const chosen =
    run.Graph?.Nodes === undefined ? withoutGraph(standing, target, rules) : chosenOf(standing, target, rules);
  const ordered = inOrder(children);
  const shown = {
    inspection: inspectionOf(standing),
    performed: target.action,
    resumedAs: ordered.flatMap(({ WorkflowRunId }) => WorkflowRunId ?? []),
    refusals: chosen.refusals,
  };
  if (chosen.refusals.length > 0) {
    return { ...shown, nodes: [], starts: [], mayRun: [], expected: [], warnings: resumedBefore(ordered) };
  }
  const mayRun = standing.graph.closure(chosen.starts);
  const firing = new Firing(standing, chosen.starts, mayRun);
  const starts = idsOf(standing, new Set(chosen.starts));
  // Those that were named are sent as they were: Glue itself leaves out what is downstream of another.
  const sent = target.nodes.length > 0 ? target.nodes : starts;
  return {
    ...shown,
    nodes: sent,
    starts,
    mayRun: idsOf(standing, mayRun),
    expected: idsOf(standing, firing.runs),
    warnings: [
      ...chosen.warnings,
      ...onlyCopied(shown.inspection, new Set(sent)),
      ...resumedBefore(ordered),
      ...staysBlocked(standing, firing),
    ],
  };
}

function withoutGraph(standing: StandingRun, target: Target, rules: StopRules): Chosen {
  const why = 'the run comes without a graph, so that what would run cannot be told';
  const { refusals } = chosenOf(standing, { ...target, nodes: [] }, rules);
  // Nothing can be said about its nodes, and the rest holds.
  const status = standing.run.Status === 'COMPLETED' ? [] : refusals;
  return { starts: [], refusals: [...status, why], warnings: [] };
}

/** Jobs and crawlers, in the order of the graph. */
function idsOf({ nodes }: StandingRun, places: ReadonlySet<number>): string[] {
  const chosen = nodes.filter((node, place) => places.has(place) && !isGate(node));
  return chosen.map(({ node }) => node.UniqueId);
}

/** By their beginning: the order of a listing is undocumented. */
function inOrder(children: readonly ListedRun[]): ListedRun[] {
  const keyed = children.map((child) => ({ child, id: child.WorkflowRunId ?? '', at: child.StartedOn ?? 0 }));
  return keyed.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1)).map(({ child }) => child);
}

function onlyCopied({ nodes }: Inspection, sent: ReadonlySet<string>): string[] {
  const copied = nodes.filter(({ id, carriedOver }) => carriedOver && sent.has(id));
  if (copied.length === 0) return [];
  const names = listed(copied, ({ id, name }) => `${name} (${id})`);
  return [`these did not run in this run, and no document says whether they can be selected in it: ${names}`];
}

function resumedBefore(children: readonly ListedRun[]): string[] {
  if (children.length === 0) return [];
  const runs = listed(children, ({ WorkflowRunId, Status }) => {
    return `${WorkflowRunId ?? 'a run without an id'} (${Status ?? 'no status'})`;
  });
  return [`it has been resumed already, as ${runs}`];
}

/** What has not run and is not expected to, as far as the reason is known. */
function staysBlocked({ nodes }: StandingRun, firing: Firing): string[] {
  const blocked = [...nodes.entries()].filter(([place, node]) => {
    return !isGate(node) && node.standing === 'not-run' && !firing.runs.has(place);
  });
  if (blocked.length === 0) return [];
  const inWords = listed(blocked, ([place, node]) => {
    const why = firing.whyNot(place);
    return why === undefined ? called(node) : `${called(node)}: ${why}`;
  });
  return [`not expected to run, if everything that runs succeeds: ${inWords}`];
}
