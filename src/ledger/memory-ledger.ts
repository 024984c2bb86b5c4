import type { Begun, Intent, LedgerRecord, LedgerTarget, ResumeLedger, Settlement } from './ledger.js';
import { Ring } from './ring.js';
import { begunRecord, claimed, released, renewed, settled } from './transitions.js';

/** Enough for whoever looked before it was settled to learn of it. */
const KEEP_UNKEYED = 1_000;

/** What a {@link MemoryResumeLedger} keeps. */
export interface MemoryLedgerOptions {
  /** How many settled records with a key are kept, the newest ones. @default 10000 */
  readonly keepSettled?: number | undefined;
}

/**
 * A ledger that lives and dies with its process: the default of every connection.
 *
 * Every step takes constant time. Settled records are forgotten when there are too many newer ones, those without a key
 * after a thousand; unsettled ones never.
 */
export class MemoryResumeLedger implements ResumeLedger {
  readonly #records = new Map<string, LedgerRecord>();
  /** Never of `undefined`: what has no key is not in it. */
  readonly #idOfKey = new Map<string | undefined, string>();
  /** Unsettled ones only. */
  readonly #idOfTarget = new Map<string, string>();
  /** The latest settled one of a target, and the latest of each request without a key, for as long as they are kept. */
  readonly #idOfSettled = new Map<string, string>();
  readonly #idOfEqual = new Map<string, string>();
  readonly #keyed: Ring;
  readonly #unkeyed = new Ring(KEEP_UNKEYED);

  constructor({ keepSettled = 10_000 }: MemoryLedgerOptions = {}) {
    if (!(keepSettled >= 0)) throw new RangeError('keepSettled must be a number from 0');
    this.#keyed = new Ring(Math.floor(keepSettled));
  }

  async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    const target = targetOf(intent);
    const found = this.#known(intent.key, target);
    if (found !== undefined) return { status: found.settlement === undefined ? 'pending' : 'settled', record: found };
    const news = this.#newsFor(intent, target);
    if (news !== undefined) return { status: 'settled', record: news };
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
    const target = targetOf(record.intent);
    this.#idOfTarget.delete(target);
    this.#idOfSettled.set(target, id);
    if (record.intent.key === undefined) this.#idOfEqual.set(target + record.intent.fingerprint, id);
    this.#forget(record.intent.key === undefined ? this.#unkeyed.push(id) : this.#keyed.push(id));
    return true;
  }

  async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
    for (const id of [...this.#idOfTarget.values(), ...this.#keyed.ids, ...this.#unkeyed.ids]) {
      const record = this.#records.get(id);
      if (record !== undefined) yield record;
    }
  }

  #known(key: string | undefined, target: string): LedgerRecord | undefined {
    return this.#recordOf(this.#idOfKey.get(key) ?? this.#idOfTarget.get(target));
  }

  #recordOf(id: string | undefined): LedgerRecord | undefined {
    return id === undefined ? undefined : this.#records.get(id);
  }

  #change(id: string, step: (record: LedgerRecord) => LedgerRecord | undefined): LedgerRecord | undefined {
    const record = this.#records.get(id);
    const next = record === undefined ? undefined : step(record);
    if (next !== undefined) this.#records.set(id, next);
    return next;
  }

  /** What was settled since a call looked: an equal one first, for its verdict is the call's own. */
  #newsFor({ key, fingerprint, lookedUpAtMs }: Intent, target: string): LedgerRecord | undefined {
    const equal = key === undefined ? this.#recordOf(this.#idOfEqual.get(target + fingerprint)) : undefined;
    if (isSettledAfter(equal, lookedUpAtMs)) return equal;
    const latest = this.#recordOf(this.#idOfSettled.get(target));
    return isSettledAfter(latest, lookedUpAtMs) ? latest : undefined;
  }

  #forget(id: string | undefined): void {
    const record = this.#recordOf(id);
    if (record === undefined) return;
    const { intent } = record;
    this.#records.delete(intent.id);
    this.#idOfKey.delete(intent.key);
    const target = targetOf(intent);
    if (this.#idOfSettled.get(target) === intent.id) this.#idOfSettled.delete(target);
    const request = target + intent.fingerprint;
    if (this.#idOfEqual.get(request) === intent.id) this.#idOfEqual.delete(request);
  }
}

function isSettledAfter(record: LedgerRecord | undefined, lookedUpAtMs: number | undefined): boolean {
  return (record?.settlement?.settledAtMs ?? Number.NEGATIVE_INFINITY) > (lookedUpAtMs ?? Number.POSITIVE_INFINITY);
}

function targetOf({ connection, target }: Intent): string {
  return textOf(connection, target);
}

/** The lengths keep the parts apart; cheaper than JSON. */
function textOf(connection: string, { workflow, execution }: { workflow: string; execution: string }): string {
  return `${connection.length}:${workflow.length}:${connection}${workflow}${execution}`;
}
