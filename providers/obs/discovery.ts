import type { Baseline, Discovery, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { ObsInstance } from './wire.js';

/**
 * Looks at an instance before it is restored: the state that it must have left for a lost answer to be told.
 *
 * @throws {DriverFailure} FAILED_PRECONDITION (no effect) the instance is running, or has succeeded.
 */
export function discovered({ action }: Target, instance: ObsInstance): Discovery {
  const [refusal] = refusalsOf(instance);
  if (refusal !== undefined) throw new DriverFailure(refusal, { code: 'FAILED_PRECONDITION', effect: 'none' });
  return { performed: action, nodes: [], baseline: baselineOf(instance) };
}

/**
 * Why an instance cannot be restored.
 *
 * Only what documents exclude is refused here, for the service's own answer to it is undocumented: it restores a failed
 * instance and no other, so not one that runs or has succeeded. Any other word is left to the service.
 *
 * @see the official Python SDK's page on restoring: if and only if the instance has failed
 */
export function refusalsOf({ state }: Pick<ObsInstance, 'state'>): string[] {
  switch (state) {
    case 'RUNNING':
      return ['the instance is RUNNING, and only a failed one can be restored: wait until it has ended'];
    case 'SUCCESS':
      return ['the instance has ended in SUCCESS, and only a failed one can be restored: start a new one instead'];
    default:
      return [];
  }
}

/** What a lost answer is told by. */
export function baselineOf({ state, restoredAt }: Pick<ObsInstance, 'state' | 'restoredAt'>): Baseline {
  return { state, restoredAt: restoredAt ?? null };
}
