import type { Attempt } from '../driver.js';
import { DriverFailure } from '../driver-failure.js';

/** Credentials that may carry the moment they run out: a `Date`, epoch milliseconds or an ISO 8601 string. */
export interface Expiring {
  readonly expiresAt?: Date | number | string | undefined;
}

/** A credential, or what supplies and rotates it. */
export type CredentialSource<C> = C | (() => C | Promise<C>);

/** How {@link CachedCredentials} keeps what it was given. */
export interface CachingRules {
  /** Whether a credential without `expiresAt` is kept until the provider refuses it. Otherwise it is asked for each time. */
  readonly keepWithoutExpiry: boolean;
}

/** Renewed this long before it runs out, so that a request under way does not carry a dead one. */
const RENEW_BEFORE_MS = 60_000;
/** A source that has not answered for this long is asked again by the next call. */
const ABANDON_AFTER_MS = 30_000;

/** Asks a credential source once at a time, keeps what it gave until shortly before it runs out, and forgets it on request. */
export class CachedCredentials<C extends object & Expiring> {
  readonly #supply: () => Promise<C>;
  readonly #rules: CachingRules;
  #kept: C | undefined;
  #asking: { readonly answer: Promise<C>; readonly sinceMs: number } | undefined;

  /** @param supply - must check what it returns; whatever it throws is reported as UNAUTHENTICATED. */
  constructor(supply: () => Promise<C>, rules: CachingRules) {
    this.#supply = supply;
    this.#rules = rules;
  }

  /** What is kept and still good; undefined where the source must be asked. */
  get kept(): C | undefined {
    const kept = this.#kept;
    if (kept?.expiresAt === undefined) return kept;
    return new Date(kept.expiresAt).getTime() - RENEW_BEFORE_MS > Date.now() ? kept : undefined;
  }

  /**
   * The credential for one attempt. The attempt may end while it waits; the source's later answer is then kept, not sent.
   *
   * @throws {DriverFailure} UNAUTHENTICATED (no effect) the source failed.
   */
  async get(attempt: Attempt): Promise<C> {
    const { kept } = this;
    if (kept !== undefined) return kept;
    if (this.#asking === undefined || Date.now() - this.#asking.sinceMs > ABANDON_AFTER_MS) this.#ask();
    return await attempt.race(this.#asking?.answer ?? Promise.reject(new Error('unreachable')));
  }

  /** Forgets a credential that was refused, unless it has been replaced already. */
  drop(refused: object): void {
    if (this.#kept === refused) this.#kept = undefined;
  }

  #ask(): void {
    const asking = { answer: this.#supplied(), sinceMs: Date.now() };
    this.#asking = asking;
    const forget = (): void => {
      if (this.#asking === asking) this.#asking = undefined;
    };
    asking.answer.then(forget, forget);
  }

  async #supplied(): Promise<C> {
    try {
      const credential = await this.#supply();
      const keep = credential.expiresAt !== undefined || this.#rules.keepWithoutExpiry;
      this.#kept = keep ? credential : undefined;
      return credential;
    } catch (cause) {
      if (cause instanceof DriverFailure) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DriverFailure(`no credentials: ${why}`, { code: 'UNAUTHENTICATED', effect: 'none', cause });
    }
  }
}
