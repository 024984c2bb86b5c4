import type { Begun, Intent, LedgerRecord, LedgerTarget, ResumeLedger, Settlement } from './ledger.js';
import { begunRecord, claimed, released, renewed, settled } from './transitions.js';

/** What a {@link MemoryResumeLedger} keeps. */
export interface MemoryLedgerOptions {
  /** How many settled records with a key are kept, the newest ones. @default 10000 */
  readonly keepSettled?: number | undefined;
}

/**
 * A ledger that lives and dies with its process: the default of every connection.
 *
 * Every step takes constant time. Settled records without a key are forgotten at once, those with a key when there are
 * too many newer ones; unsettled ones never.
 */
export class MemoryResumeLedger implements ResumeLedger {
  readonly #records = new Map<string, LedgerRecord>();
  readonly #idOfKey = new Map<string, string>();
  /** Unsettled ones only. */
  readonly #idOfTarget = new Map<string, string>();
  /** Ids in the order of settlement: a ring, because a map slows down where its oldest entry is dropped again and again. */
  readonly #settled: string[] = [];
  readonly #keepSettled: number;
  #oldest = 0;

  constructor({ keepSettled = 10_000 }: MemoryLedgerOptions = {}) {
    if (!(keepSettled >= 0)) throw new RangeError('keepSettled must be a number from 0');
    this.#keepSettled = Math.floor(keepSettled);
  }

  async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    const target = targetOf(intent);
    const found = this.#known(intent.key, target);
    if (found !== undefined) return { status: found.settlement === undefined ? 'pending' : 'settled', record: found };
    if (this.#records.has(intent.id)) throw new Error(`the intent ${intent.id} was begun before: an id is used once`);
    const record = begunRecord(intent, owner, nowMs, leaseMs);
    this.#records.set(intent.id, record);
    this.#idOfTarget.set(target, intent.id);
    if (intent.key !== undefined) this.#idOfKey.set(intent.key, intent.id);
    return { status: 'owned', record };
  }

  async lookup({ key, target }: { key?: string | undefined; target: LedgerTarget }): Promise<LedgerRecord | undefined> {
    return this.#known(key, textOf(target.connection, target));
  }

  async find(id: string): Promise<LedgerRecord | undefined> {
    return this.#records.get(id);
  }

  async claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#change(id, (record) => claimed(record, owner, nowMs, leaseMs));
  }

  async renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#change(id, (record) => renewed(record, fence, nowMs, leaseMs)) !== undefined;
  }

  async release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    return this.#change(id, (record) => released(record, fence, unknownBecause)) !== undefined;
  }

  async settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    const record = this.#change(id, (unsettled) => settled(unsettled, fence, settlement));
    if (record === undefined) return false;
    this.#idOfTarget.delete(targetOf(record.intent));
    if (record.intent.key === undefined) this.#records.delete(id);
    else this.#keep(id);
    return true;
  }

  async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
    for (const id of [...this.#idOfTarget.values(), ...this.#settled]) {
      const record = this.#records.get(id);
      if (record !== undefined) yield record;
    }
  }

  #known(key: string | undefined, target: string): LedgerRecord | undefined {
    const id = (key === undefined ? undefined : this.#idOfKey.get(key)) ?? this.#idOfTarget.get(target);
    return id === undefined ? undefined : this.#records.get(id);
  }

  #change(id: string, step: (record: LedgerRecord) => LedgerRecord | undefined): LedgerRecord | undefined {
    const record = this.#records.get(id);
    const next = record === undefined ? undefined : step(record);
    if (next !== undefined) this.#records.set(id, next);
    return next;
  }

  #keep(id: string): void {
    if (this.#settled.length < this.#keepSettled) {
      this.#settled.push(id);
      return;
    }
    const dropped = this.#keepSettled === 0 ? id : this.#settled[this.#oldest];
    if (this.#keepSettled > 0) {
      this.#settled[this.#oldest] = id;
      this.#oldest = (this.#oldest + 1) % this.#keepSettled;
    }
    const key = dropped === undefined ? undefined : this.#records.get(dropped)?.intent.key;
    if (key !== undefined) this.#idOfKey.delete(key);
    if (dropped !== undefined) this.#records.delete(dropped);
  }
}

function targetOf({ connection, target }: Intent): string {
  return textOf(connection, target);
}

/** The lengths keep the parts apart; cheaper than JSON. */
function textOf(connection: string, { workflow, execution }: { workflow: string; execution: string }): string {
  return `${connection.length}:${workflow.length}:${connection}${workflow}${execution}`;
}
