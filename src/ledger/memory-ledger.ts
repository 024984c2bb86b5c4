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

/** A record as it stands, and the text that it is found by: made once, for it is hashed when it is looked up. */
interface Kept {
  record: LedgerRecord;
  readonly target: string;
}

/**
 * A ledger that lives and dies with its process: the default of every connection.
 *
 * Every step takes constant time. Settled records are forgotten when there are too many newer ones, those without a key
 * after a thousand; unsettled ones never.
 */
export class MemoryResumeLedger implements ResumeLedger {
  readonly #byId = new Map<string, Kept>();
  /** Never of `undefined`: what has no key is not in it. */
  readonly #byKey = new Map<string | undefined, Kept>();
  /** Unsettled ones only. */
  readonly #byTarget = new Map<string, Kept>();
  /** The latest settled one of a target, and the latest of each request without a key, for as long as they are kept. */
  readonly #settledOf = new Map<string, Kept>();
  readonly #equalOf = new Map<string, Kept>();
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
    if (this.#byId.has(intent.id)) throw new Error(`the intent ${intent.id} was begun before: an id is used once`);
    const record = begunRecord(intent, owner, nowMs, leaseMs);
    const kept = { record, target };
    this.#byId.set(intent.id, kept);
    this.#byTarget.set(target, kept);
    if (intent.key !== undefined) this.#byKey.set(intent.key, kept);
    return { status: 'owned', record };
  }

  async lookup({ key, target }: { key?: string | undefined; target: LedgerTarget }): Promise<LedgerRecord | undefined> {
    return this.#known(key, textOf(target.connection, target));
  }

  async find(id: string): Promise<LedgerRecord | undefined> {
    return this.#byId.get(id)?.record;
  }

  async claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#change(id, (record) => claimed(record, owner, nowMs, leaseMs))?.record;
  }

  async renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#change(id, (record) => renewed(record, fence, nowMs, leaseMs)) !== undefined;
  }

  async release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    return this.#change(id, (record) => released(record, fence, unknownBecause)) !== undefined;
  }

  async settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    const kept = this.#change(id, (unsettled) => settled(unsettled, fence, settlement));
    if (kept === undefined) return false;
    const { key } = kept.record.intent;
    this.#byTarget.delete(kept.target);
    this.#settledOf.set(kept.target, kept);
    if (key === undefined) this.#equalOf.set(kept.record.intent.fingerprint, kept);
    this.#forget(key === undefined ? this.#unkeyed.push(id) : this.#keyed.push(id));
    return true;
  }

  async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
    const unsettled = [...this.#byTarget.values()].map(({ record }) => record.intent.id);
    for (const id of [...unsettled, ...this.#keyed.ids, ...this.#unkeyed.ids]) {
      const kept = this.#byId.get(id);
      if (kept !== undefined) yield kept.record;
    }
  }

  #known(key: string | undefined, target: string): LedgerRecord | undefined {
    return (this.#byKey.get(key) ?? this.#byTarget.get(target))?.record;
  }

  #change(id: string, step: (record: LedgerRecord) => LedgerRecord | undefined): Kept | undefined {
    const kept = this.#byId.get(id);
    const next = kept === undefined ? undefined : step(kept.record);
    if (kept === undefined || next === undefined) return undefined;
    kept.record = next;
    return kept;
  }

  /** What was settled since a call looked: an equal one first, for its verdict is the call's own. */
  #newsFor({ key, fingerprint, lookedUpAtMs }: Intent, target: string): LedgerRecord | undefined {
    const equal = key === undefined ? this.#equalOf.get(fingerprint) : undefined;
    // A fingerprint covers the target; this is for whoever makes one that does not.
    if (equal?.target === target && isSettledAfter(equal.record, lookedUpAtMs)) return equal.record;
    const latest = this.#settledOf.get(target)?.record;
    return isSettledAfter(latest, lookedUpAtMs) ? latest : undefined;
  }

  #forget(id: string | undefined): void {
    const kept = id === undefined ? undefined : this.#byId.get(id);
    if (kept === undefined) return;
    const { record, target } = kept;
    this.#byId.delete(record.intent.id);
    this.#byKey.delete(record.intent.key);
    if (this.#settledOf.get(target) === kept) this.#settledOf.delete(target);
    const { fingerprint } = record.intent;
    if (this.#equalOf.get(fingerprint) === kept) this.#equalOf.delete(fingerprint);
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
