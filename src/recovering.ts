import type { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import type { Acceptance, WorkflowDriver } from './driver.js';
import type { FlightLife } from './flight-life.js';
import type { Intent } from './ledger/ledger.js';
import { LostAnswer } from './lost-answer.js';
import { GivenUp } from './sending.js';
import type { Receipt } from './types.js';

/** The call whose request was given up. */
export interface GivenUpCall {
  readonly driver: WorkflowDriver<never>;
  readonly options: CallOptions;
  readonly call: CallRecord;
  readonly life: FlightLife;
}

/** That it was resumed after all, and how that is known. */
export interface Recovered {
  readonly acceptance: Acceptance;
  readonly confirmedBy: Receipt['confirmedBy'];
}

/**
 * Looks for what became of a request whose answer was lost, and sends it once more where that is asked for and nothing
 * speaks for the first one.
 *
 * @param thrown - what the first one was given up with.
 * @throws what it was given up with where that is certain, otherwise {@link GivenUp} with what was seen.
 */
export async function recover(
  { driver, options, call, life }: GivenUpCall,
  intent: Intent,
  thrown: unknown,
  sendAgain: () => Promise<Acceptance>,
): Promise<Recovered> {
  if (!(thrown instanceof GivenUp) || thrown.failure.details.effect === 'none') throw thrown;
  // Whatever is said of a second request, the first one may have been carried out.
  const first = thrown.failure;
  const { readBack, readBackMs, onUnknown } = options;
  for (let again = onUnknown === 'send-again'; ; again = false) {
    call.inDoubt = true;
    if (readBack === 'off' || driver.doFindResumed === undefined) throw new GivenUp(first);
    const found = await new LostAnswer(driver, intent, first).lookFor(readBackMs, call, life.whole);
    if (found.acceptance !== undefined) return { acceptance: found.acceptance, confirmedBy: 'read-back' };
    if (!again || !found.maySendAgain || life.reason !== undefined) throw new GivenUp(found.failure);
    life.sendAgain();
    try {
      return { acceptance: await sendAgain(), confirmedBy: 'answer' };
    } catch (thrownAgain) {
      if (!(thrownAgain instanceof GivenUp)) throw thrownAgain;
    }
  }
}
