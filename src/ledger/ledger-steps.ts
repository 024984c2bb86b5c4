import { ledgerStepsAreWatched } from '../diagnostics.js';
import type { Target } from '../driver.js';
import type { ResumePlan } from '../resume-plan.js';
import { fingerprintOf, identityTextOf } from './fingerprint.js';
import { LatestFew } from './latest-few.js';
import type { Begun, Intent, LedgerRecord, ResumeLedger, Settlement } from './ledger.js';
import { ledgerOver } from './memory-ledger.js';
import { MemoryRecords } from './memory-records.js';
import { targetTextOf } from './target-text.js';
import { TracedLedger } from './traced-ledger.js';

const KEEP_KEYED = 10_000;
/**
 * Hardly anybody asks a connection's own ledger for what was settled without a key, and who does says so before. Measured:
 * a thousand of those outlive two rounds of the collector of young objects, which moves each of them twice, and that
 * costs a call a twelfth of what undici takes for its request.
 */
const KEEP_UNKEYED = 128;

/**
 * A connection's ledger, and the steps that every call takes of it: answered at once where it is the connection's own, in
 * memory.
 *
 * Measured: three promises that nothing needs to wait for cost a call as much as its signature.
 */
export class LedgerSteps {
  /** The whole ledger. */
  readonly ledger: ResumeLedger;
  /** Of the connection's own ledger: nobody else can have replaced a step of it. */
  readonly #own: MemoryRecords | undefined;
  readonly #connection: string;

  /**
   * @param given - the ledger that the connection was given, if it was.
   * @param connection - its name, for diagnostics.
   */
  constructor(given: ResumeLedger | undefined, connection: string) {
    this.#connection = connection;
    if (given !== undefined) {
      this.ledger = new TracedLedger(given, connection);
      return;
    }
    this.#own = new MemoryRecords(KEEP_KEYED, new LatestFew(KEEP_UNKEYED));
    this.ledger = new TracedLedger(ledgerOver(this.#own), connection);
  }

  /** Somebody will ask what was settled of this execution: a plan of it, or whoever waits for another call's verdict. */
  keepNewsOf({ workflow, execution }: Pick<Target, 'workflow' | 'execution'>): void {
    this.#own?.keepLatestOf(targetTextOf({ connection: this.#connection, workflow, execution }));
  }

  /** Whether they are answered at once, as long as no turn passes. */
  get areAtOnce(): boolean {
    return this.#atOnce !== undefined;
  }

  /**
   * Since when a call must be told what was settled of its target, in epoch milliseconds.
   *
   * Not at all where the ledger is the connection's own: what a connection has under way of one target is one flight, so
   * that nothing of it is settled between a look and a begin. A plan was looked at before.
   *
   * @param lookedUpAtMs - when it looked.
   */
  newsSince(lookedUpAtMs: number, plan: ResumePlan | undefined): number | undefined {
    return this.#own !== undefined && plan === undefined ? undefined : lookedUpAtMs;
  }

  /**
   * What makes two calls of the connection the same call.
   *
   * @param text - the text of the target's execution.
   */
  fingerprintOf(target: Target, text: string): string {
    if (this.#own !== undefined) return identityTextOf(text, target);
    return fingerprintOf({ connection: this.#connection, target });
  }

  /** @param text - the text of the intent's target. */
  begin(intent: Intent, owner: string, nowMs: number, leaseMs: number, text: string): Begun | Promise<Begun> {
    const own = this.#atOnce;
    if (own !== undefined) return own.begin(intent, owner, nowMs, leaseMs, text);
    return Promise.resolve(this.ledger.begin(intent, owner, nowMs, leaseMs));
  }

  /** @param text - the text of the target. */
  lookup(
    key: string | undefined,
    { workflow, execution }: Target,
    text: string,
  ): LedgerRecord | undefined | Promise<LedgerRecord | undefined> {
    const own = this.#atOnce;
    if (own !== undefined) return own.lookup(key, text);
    const target = { connection: this.#connection, workflow, execution };
    return Promise.resolve(this.ledger.lookup({ key, target }));
  }

  /** @param text - the text of the intent's target, where it is there already. */
  settle(id: string, fence: number, settlement: Settlement, text?: string): boolean | Promise<boolean> {
    const own = this.#atOnce;
    if (own !== undefined) return own.settle(id, fence, settlement, text);
    return Promise.resolve(this.ledger.settle(id, fence, settlement));
  }

  /** @param text - the text of the intent's target, where it is there already. */
  release(id: string, fence: number, unknownBecause: string, text?: string): boolean | Promise<boolean> {
    const own = this.#atOnce;
    if (own !== undefined) return own.release(id, fence, unknownBecause, text);
    return Promise.resolve(this.ledger.release(id, fence, unknownBecause));
  }

  /** Whoever watches the steps sees promises; what others answer with, in JavaScript, need not be one. */
  get #atOnce(): MemoryRecords | undefined {
    return ledgerStepsAreWatched() ? undefined : this.#own;
  }
}
