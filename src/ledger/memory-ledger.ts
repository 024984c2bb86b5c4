import { invalidArgument } from '../invalid-argument.js';
import type { Begun, Intent, LedgerRecord, LedgerTarget, ResumeLedger, Settlement } from './ledger.js';
import { MemoryRecords } from './memory-records.js';
import { Recent } from './recent.js';
import { targetTextOf } from './target-text.js';

/** What a {@link MemoryResumeLedger} keeps. */
export interface MemoryLedgerOptions {
  /** How many settled records with a key are kept, the newest ones. @default 10000 */
  readonly keepSettled?: number | undefined;
}

/** Enough for whoever looked before it was settled to learn of it. */
const KEEP_UNKEYED = 1_000;

/** A ledger over records that their owner also asks directly. */
export let ledgerOver: (records: MemoryRecords) => ResumeLedger;

/**
 * A ledger that lives and dies with its process, for connections to share within it.
 *
 * Settled records are forgotten when there are too many newer ones, those without a key after a thousand at the earliest;
 * unsettled ones never.
 */
export class MemoryResumeLedger implements ResumeLedger {
  static {
    ledgerOver = (records) => {
      const ledger = new MemoryResumeLedger();
      ledger.#records = records;
      return ledger;
    };
  }

  #records: MemoryRecords;

  constructor({ keepSettled = 10_000 }: MemoryLedgerOptions = {}) {
    if (!(keepSettled >= 0)) {
      const problems = [{ field: 'keepSettled', message: 'must be a number from 0' }];
      throw invalidArgument('new MemoryResumeLedger()', problems);
    }
    this.#records = new MemoryRecords(Math.floor(keepSettled), new Recent(KEEP_UNKEYED));
  }

  async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    return this.#records.begin(intent, owner, nowMs, leaseMs);
  }

  async lookup({ key, target }: { key?: string | undefined; target: LedgerTarget }): Promise<LedgerRecord | undefined> {
    return this.#records.lookup(key, targetTextOf(target));
  }

  async find(id: string): Promise<LedgerRecord | undefined> {
    return this.#records.find(id);
  }

  async claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#records.claim(id, owner, nowMs, leaseMs);
  }

  async renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#records.renew(id, fence, nowMs, leaseMs);
  }

  async release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    return this.#records.release(id, fence, unknownBecause);
  }

  async settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    return this.#records.settle(id, fence, settlement);
  }

  async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
    yield* this.#records.list();
  }
}
