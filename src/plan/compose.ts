import type { Projection } from '../inspection.js';
import type { PlannedNode, ResumePlan } from '../resume-plan.js';
import type { ExecutionSnapshot } from '../snapshot.js';
import type { Action } from '../types.js';
import { planFingerprintOf } from './fingerprint.js';

/** What was asked for, on which connection. */
export interface Planning<A extends Action> {
  readonly provider: string;
  readonly connection: string;
  readonly identity: string;
  readonly target: {
    readonly workflow: string;
    readonly execution: string;
    readonly action: A;
    readonly nodes: readonly string[];
  };
  /** What stands in the way besides what the provider says. */
  readonly refusals: readonly string[];
}

/** Makes a plan of what a driver projects. Takes time linear in nodes and edges, but for one sort of the ids. */
export function composePlan<A extends Action>(
  { provider, connection, identity, target, refusals }: Planning<A>,
  projection: Projection,
  snapshot: ExecutionSnapshot,
): ResumePlan<A> {
  const named = new Map(snapshot.nodes.map(({ id, name }) => [id, name]));
  const nodesOf = (ids: Iterable<string>): PlannedNode[] =>
    Array.from(ids, (id) => ({ id, name: named.get(id) ?? id }));
  const starts = new Set(projection.starts);
  const mayRun = new Set(projection.mayRun);
  const expected = new Set(projection.expected);
  for (const id of starts) {
    mayRun.add(id);
    expected.add(id);
  }
  const rerunsSucceeded: PlannedNode[] = [];
  const kept: PlannedNode[] = [];
  const blocked: PlannedNode[] = [];
  for (const { id, name, kind, state } of snapshot.nodes) {
    if (kind !== 'task') continue;
    if (state === 'succeeded' && mayRun.has(id)) rerunsSucceeded.push({ id, name });
    if (state !== 'waiting' && !mayRun.has(id)) kept.push({ id, name });
    if (state === 'waiting' && !expected.has(id)) blocked.push({ id, name });
  }
  const basis = {
    provider,
    connection,
    identity,
    ...target,
    performed: projection.performed,
    starts: nodesOf(starts),
    mayRun: nodesOf(mayRun),
    expected: nodesOf(expected),
    rerunsSucceeded,
    kept,
    blocked,
    resumedAs: projection.resumedAs,
    snapshot,
  };
  return {
    version: 1,
    ...basis,
    refusals: [...projection.refusals, ...refusals],
    warnings: projection.warnings,
    fingerprint: planFingerprintOf(basis),
  };
}
