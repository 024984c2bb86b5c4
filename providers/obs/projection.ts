import type { Projection } from '../../src/inspection.js';
import { baselineOf, refusalsOf } from './discovery.js';
import { inspectionOf } from './inspection.js';
import { instanceStateOf } from './states.js';
import type { ObsInstance } from './wire.js';

/**
 * What a restore would do.
 *
 * The upper bound is every state that has not succeeded: the instance carries on at the state that failed, and what has
 * succeeded is not run again.
 *
 * @see the official Python SDK's page on restoring
 */
export function projectionOf(instance: ObsInstance): Projection {
  const inspection = inspectionOf(instance);
  const refusals = refusalsOf(instance);
  const isRefused = refusals.length > 0;
  const idsWhere = (matches: (state: string) => boolean): string[] =>
    isRefused ? [] : inspection.nodes.filter(({ state }) => matches(state)).map(({ id }) => id);
  const mayRun = idsWhere((state) => state !== 'succeeded');
  const starts = idsWhere((state) => state === 'failed');
  return {
    inspection,
    performed: 'resume',
    nodes: [],
    starts,
    mayRun,
    expected: mayRun,
    resumedAs: [],
    refusals,
    warnings: isRefused ? [] : warningsOf(instance, starts),
    ...(isRefused ? {} : { baseline: baselineOf(instance) }),
  };
}

function warningsOf({ word, nodes }: ObsInstance, starts: readonly string[]): string[] {
  const isKnown = instanceStateOf(word) !== 'unknown';
  const unseen =
    nodes.length === 0
      ? ['the service shows no states of this instance: what would run is not known']
      : ['the service names no state as failed: which one it would carry on at is not known'];
  return [
    ...(isKnown
      ? []
      : [
          `the instance is ${JSON.stringify(word)}, a word that is not documented: whether it can be restored is not known`,
        ]),
    ...(starts.length === 0 ? unseen : []),
  ];
}
