import type { FailureDetails } from './driver.js';

/** At most this many tries of one request, the first included; a renewed credential is not counted. */
const MAX_TRIES = 3;
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 20_000;
const INITIAL_TOKENS = 10;
/** What an ordinary call adds to the budget: retries stay at a tenth of the traffic. */
const TOKENS_PER_CALL = 0.1;

/** What to do after a failed attempt. */
export type RetryDecision =
  | { readonly kind: 'give-up' }
  | { readonly kind: 'renew-credential'; readonly stale: object }
  | { readonly kind: 'try-again'; readonly afterMs: number };

const GIVE_UP: RetryDecision = { kind: 'give-up' };

/** How far a request has come. */
export interface Tries {
  /** How often it was tried, 1 after the first failure. */
  readonly tried: number;
  readonly renewed: boolean;
  /** How long the call may still last, in milliseconds. */
  readonly remainingMs: number;
}

/**
 * The one layer that decides whether one more request may leave: one for each connection, because its budget is.
 *
 * A resume is not idempotent, so after an unknown effect the answer is always no.
 */
export class RetryGate {
  readonly #random: () => number;
  #tokens = INITIAL_TOKENS;

  /** @param random - from 0 up to, not including, 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Notes an ordinary call. Retries beyond the first ten stay at 10 % of these, so that an outage is not amplified. */
  noteCall(): void {
    this.#tokens = Math.min(INITIAL_TOKENS, this.#tokens + TOKENS_PER_CALL);
  }

  /** After a failed request that could have resumed something. */
  afterMutation(failure: FailureDetails, tries: Tries): RetryDecision {
    if (failure.effect !== 'none' || failure.final === true) return GIVE_UP;
    return this.#decide(failure, tries);
  }

  /** After a failed read, which has no effect whatever its driver says. */
  afterRead(failure: FailureDetails, tries: Tries): RetryDecision {
    return this.#decide(failure, tries);
  }

  #decide({ code, staleCredential, retryAfterMs = 0 }: FailureDetails, tries: Tries): RetryDecision {
    if (staleCredential !== undefined) {
      return tries.renewed ? GIVE_UP : { kind: 'renew-credential', stale: staleCredential };
    }
    if (code !== 'UNAVAILABLE' && code !== 'RESOURCE_EXHAUSTED') return GIVE_UP;
    if (tries.tried >= MAX_TRIES) return GIVE_UP;
    // Never earlier than asked; where that lies past the deadline, waiting for it is of no use.
    const afterMs = Math.max(retryAfterMs, backOffMs(tries.tried, this.#random()));
    if (afterMs >= tries.remainingMs || this.#tokens < 1) return GIVE_UP;
    this.#tokens -= 1;
    return { kind: 'try-again', afterMs };
  }
}

/**
 * Full jitter: anything up to an exponentially growing bound, in milliseconds.
 *
 * @param tried - how often it was tried, from 1.
 * @param chance - from 0 up to, not including, 1.
 */
function backOffMs(tried: number, chance: number): number {
  return chance * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tried - 1));
}
