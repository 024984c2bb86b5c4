import type { Discovery, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { ObsInstanceState } from './wire.js';

/**
 * Looks at an instance before it is restored: the state that it must have left for a lost answer to be told.
 *
 * Only what documents exclude is refused here, for the service's own answer to it is undocumented: it restores a failed
 * instance and no other, so not one that runs or has succeeded. Any other word is left to the service.
 *
 * @throws {DriverFailure} FAILED_PRECONDITION (no effect) the instance is running, or has succeeded.
 * @see the official Python SDK's page on restoring: if and only if the instance has failed
 */
export function discovered({ action }: Target, { state, restoredAt }: ObsInstanceState): Discovery {
  switch (state) {
    case 'RUNNING':
      throw refusal('the instance is RUNNING, and only a failed one can be restored: wait until it has ended');
    case 'SUCCESS':
      throw refusal(
        'the instance has ended in SUCCESS, and only a failed one can be restored: start a new one instead',
      );
    default:
      return { performed: action, nodes: [], baseline: { state, restoredAt: restoredAt ?? null } };
  }
}

function refusal(why: string): DriverFailure {
  return new DriverFailure(why, { code: 'FAILED_PRECONDITION', effect: 'none' });
}
