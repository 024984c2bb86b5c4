import type { PlannedNode } from '../resume-plan.js';
import type { NodeSnapshot } from '../snapshot.js';
import type { FingerprintBasis } from './fingerprint.js';
import { endOf } from './fingerprint.js';
import { standingOf } from './standing.js';

const MAX_LISTED = 10;

/**
 * What has changed between what a plan was made from and what there is now, in words, and what that changes for the
 * plan. Never empty where the fingerprints differ.
 */
export function differencesOf(before: FingerprintBasis, after: FingerprintBasis): string[] {
  const [was, is] = [before.snapshot, after.snapshot];
  const changed = [
    ...wordDifference('the provider', before.provider, after.provider),
    ...wordDifference('the connection', before.connection, after.connection),
    ...wordDifference('what the connection talks to', before.identity, after.identity),
    ...wordDifference('the workflow', before.workflow, after.workflow),
    ...wordDifference('the execution', before.execution, after.execution),
    ...wordDifference('the action', before.action, after.action),
    ...setDifference('the nodes that were asked for', before.nodes, after.nodes),
    ...wordDifference('the state of the execution', was.state, is.state),
    ...wordDifference('the state by its provider', was.providerState, is.providerState),
    ...wordDifference('the end of the execution', endOf(was), endOf(is)),
    ...setDifference('the executions resumed from it', before.resumedAs, after.resumedAs),
    ...nodeDifferences(was.nodes, is.nodes),
    ...edgeDifferences(before, after),
    ...wordDifference('what would be asked of the provider', before.performed, after.performed),
    ...planned('what would start', before.starts, after.starts),
    ...planned('what may run', before.mayRun, after.mayRun),
    ...planned('what is expected to run', before.expected, after.expected),
    ...planned('what had succeeded and may run again', before.rerunsSucceeded, after.rerunsSucceeded),
    ...planned('what keeps its result', before.kept, after.kept),
    ...planned('what is blocked', before.blocked, after.blocked),
  ];
  return changed.length > 0 ? changed : ['it is not the plan that would be made now'];
}

function wordDifference(what: string, one: string, other: string): string[] {
  return one === other ? [] : [`${what} was ${shown(one)} and is ${shown(other)}`];
}

function nodeDifferences(before: readonly NodeSnapshot[], after: readonly NodeSnapshot[]): string[] {
  const earlier = new Map(before.map((node) => [node.id, node]));
  const changed = after.flatMap((node) => {
    const was = earlier.get(node.id);
    return was === undefined ? [] : nodeDifference(was, node);
  });
  return [
    ...setDifference('its nodes', idsOf(before), idsOf(after)),
    ...bounded(changed, 'more things about its nodes have changed'),
  ];
}

function nodeDifference(was: NodeSnapshot, is: NodeSnapshot): string[] {
  const node = was.name === was.id ? `node ${is.id}` : `node ${was.name} (${is.id})`;
  const renamed = was.name === is.name ? [] : [`${node} is called ${is.name} now`];
  if (standingOf(was) === standingOf(is)) return renamed;
  if (was.kind !== is.kind) return [...renamed, `${node} was a ${was.kind} and is a ${is.kind}`];
  if (was.state !== is.state) return [...renamed, `${node} was ${stateOf(was)} and is ${stateOf(is)}`];
  if (was.providerState !== is.providerState) {
    return [...renamed, `${node} was ${shown(was.providerState)} and is ${shown(is.providerState)}`];
  }
  return [...renamed, `${node} is ${stateOf(is)} as before, but ${attemptDifference(was, is)}`];
}

function attemptDifference(was: NodeSnapshot, is: NodeSnapshot): string {
  if (was.attempts.length !== is.attempts.length) {
    return `it has ${is.attempts.length} attempts instead of ${was.attempts.length}`;
  }
  const [one, other] = [was.attempts.at(-1), is.attempts.at(-1)];
  const changed = [
    ...wordDifference('its newest attempt', one?.providerState ?? '', other?.providerState ?? ''),
    ...wordDifference('the start of its newest attempt', one?.startedAt ?? '', other?.startedAt ?? ''),
    ...wordDifference('the end of its newest attempt', one?.endedAt ?? '', other?.endedAt ?? ''),
  ];
  return changed.join(', ');
}

/** A state with the provider's own word for it. */
function stateOf({ state, providerState }: NodeSnapshot): string {
  return providerState === '' || providerState.toLowerCase() === state ? state : `${state} (${providerState})`;
}

function edgeDifferences({ snapshot: { edges: before } }: FingerprintBasis, after: FingerprintBasis): string[] {
  const { edges } = after.snapshot;
  if (before === undefined && edges === undefined) return [];
  if (before === undefined) return ['its edges are shown now, and were not'];
  if (edges === undefined) return ['its edges were shown, and are not any more'];
  const asText = ({ from, to }: { from: string; to: string }): string => `${from} → ${to}`;
  return setDifference('its edges', before.map(asText), edges.map(asText));
}

function planned(what: string, before: readonly PlannedNode[], after: readonly PlannedNode[]): string[] {
  return setDifference(what, idsOf(before), idsOf(after));
}

function setDifference(what: string, before: readonly string[], after: readonly string[]): string[] {
  const [earlier, later] = [new Set(before), new Set(after)];
  const added = [...later].filter((one) => !earlier.has(one));
  const gone = [...earlier].filter((one) => !later.has(one));
  return [
    ...(added.length === 0 ? [] : [`${what}: ${bounded(added, 'more').join(', ')} came`]),
    ...(gone.length === 0 ? [] : [`${what}: ${bounded(gone, 'more').join(', ')} went`]),
  ];
}

function bounded(all: readonly string[], more: string): string[] {
  return all.length <= MAX_LISTED ? [...all] : [...all.slice(0, MAX_LISTED), `${all.length - MAX_LISTED} ${more}`];
}

function idsOf(nodes: readonly { readonly id: string }[]): string[] {
  return nodes.map(({ id }) => id);
}

function shown(value: string): string {
  return value === '' ? '(none)' : value;
}
