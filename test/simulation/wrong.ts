import type { WorkflowDriver } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import { MemoryResumeLedger } from '../../src/ledger/memory-ledger.js';

/** Something that is deliberately wrong, to see the checks go red. */
export interface Wrongness {
  readonly ledger?: (() => MemoryResumeLedger) | undefined;
  readonly spoil?: ((driver: WorkflowDriver) => void) | undefined;
}

/** A ledger that knows nothing of what was begun, unless it is asked by its id. */
export const forgetful: Wrongness = {
  ledger: () => {
    const ledger = new MemoryResumeLedger();
    const begin = ledger.begin.bind(ledger);
    ledger.lookup = () => Promise.resolve(undefined);
    ledger.begin = (intent, ...rest) =>
      begin({ ...intent, key: undefined, connection: `${intent.connection} ${intent.id}` }, ...rest);
    return ledger;
  },
};

/** An adapter that promises that nothing happened whenever it has no answer. */
export const hasty: Wrongness = {
  spoil: (driver) => {
    const doResume = driver.doResume.bind(driver);
    driver.doResume = async (...call) => {
      try {
        return await doResume(...call);
      } catch (thrown) {
        if (!(thrown instanceof DriverFailure)) throw thrown;
        throw new DriverFailure(thrown.message, { ...thrown.details, effect: 'none' });
      }
    };
  },
};

/** An adapter that finds everything resumed. */
export const trusting: Wrongness = {
  spoil: (driver) => {
    driver.doFindResumed = async ({ execution }, { nodes }) => {
      return { found: 'resumed', acceptance: { execution, nodes, nodesBasis: 'expected' } };
    };
  },
};
