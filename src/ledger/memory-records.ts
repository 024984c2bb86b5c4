import { ChurningMap } from './churning-map.js';
import type { Begun, Intent, LedgerRecord, Settlement } from './ledger.js';
import type { Latest } from './recent.js';
import { Recent } from './recent.js';
import { Ring } from './ring.js';
import { targetTextOf } from './target-text.js';
import { begunRecord, claimed, released, renewed, settled } from './transitions.js';

/** How many settled records are kept, the newest ones. */
export interface MemoryRetention {
  /** Of those with a key. */
  readonly keyed: number;
  /** Of those without one: at least so many, for whoever looked before they were settled to learn of them. */
  readonly unkeyed: number;
}

/** A record as it stands, and the text that it is found by: made once, for it is hashed when it is looked up. */
interface Kept {
  record: LedgerRecord;
  readonly target: string;
}

/**
 * The records of a ledger in memory: the steps of a `ResumeLedger`, answered at once.
 *
 * What a call takes of it takes constant time. Settled records are forgotten when there are too many newer ones,
 * unsettled ones never.
 */
export class MemoryRecords {
  /** All but the settled ones without a key. */
  readonly #byId = new ChurningMap<Kept>();
  readonly #byKey = new Map<string, Kept>();
  /** Unsettled ones only. */
  readonly #byTarget = new ChurningMap<Kept>();
  /** The latest settled one of a target that has a key, for as long as it is kept. */
  readonly #keyedOf = new Map<string, Latest>();
  readonly #keyed: Ring;
  readonly #unkeyed: Recent;
  #settlements = 0;
  /** Epoch milliseconds: nothing was settled later. */
  #lastSettledMs = Number.NEGATIVE_INFINITY;

  constructor({ keyed, unkeyed }: MemoryRetention) {
    this.#keyed = new Ring(keyed);
    this.#unkeyed = new Recent(unkeyed);
  }

  /** @param target - the text of the intent's target, where it is there already: it is looked up by its hash. */
  begin(
    intent: Intent,
    owner: string,
    nowMs: number,
    leaseMs: number,
    target: string = targetTextOf({ ...intent.target, connection: intent.connection }),
  ): Begun {
    const found = this.lookup(intent.key, target);
    if (found !== undefined) return { status: found.settlement === undefined ? 'pending' : 'settled', record: found };
    const news = this.#newsFor(intent, target);
    if (news !== undefined) return { status: 'settled', record: news };
    const record = begunRecord(intent, owner, nowMs, leaseMs);
    const kept = { record, target };
    if (!this.#byId.add(intent.id, kept))
      throw new Error(`the intent ${intent.id} was begun before: an id is used once`);
    this.#byTarget.add(target, kept);
    if (intent.key !== undefined) this.#byKey.set(intent.key, kept);
    return { status: 'owned', record };
  }

  /** @param target - the text of a target. */
  lookup(key: string | undefined, target: string): LedgerRecord | undefined {
    const ofKey = key === undefined ? undefined : this.#byKey.get(key);
    return (ofKey ?? this.#byTarget.get(target))?.record;
  }

  find(id: string): LedgerRecord | undefined {
    const kept = this.#byId.get(id);
    return kept === undefined ? this.#findUnkeyed(id) : kept.record;
  }

  claim(id: string, owner: string, nowMs: number, leaseMs: number): LedgerRecord | undefined {
    return this.#change(id, (record) => claimed(record, owner, nowMs, leaseMs))?.record;
  }

  renew(id: string, fence: number, nowMs: number, leaseMs: number): boolean {
    return this.#change(id, (record) => renewed(record, fence, nowMs, leaseMs)) !== undefined;
  }

  release(id: string, fence: number, unknownBecause: string): boolean {
    return this.#change(id, (record) => released(record, fence, unknownBecause)) !== undefined;
  }

  settle(id: string, fence: number, settlement: Settlement): boolean {
    const kept = this.#change(id, (unsettled) => settled(unsettled, fence, settlement));
    if (kept === undefined) return false;
    const { record, target } = kept;
    this.#byTarget.take(target);
    this.#settlements += 1;
    this.#lastSettledMs = Math.max(this.#lastSettledMs, settlement.settledAtMs);
    if (record.intent.key === undefined) {
      this.#byId.take(id);
      this.#unkeyed.add(target, record, this.#settlements);
    } else {
      this.#keyedOf.set(target, { latest: record, place: this.#settlements });
      this.#forget(this.#keyed.push(id));
    }
    return true;
  }

  *list(): Generator<LedgerRecord, void, undefined> {
    const unkeyed = [...this.#unkeyed.records()];
    const keyed = this.#keyed.ids.flatMap((id) => this.#byId.get(id) ?? []);
    for (const kept of [...this.#byTarget.values(), ...keyed]) {
      const { id, key } = kept.record.intent;
      if (key === undefined || this.#byId.has(id)) yield kept.record;
    }
    yield* unkeyed;
  }

  /** One by one: no call asks for these. */
  #findUnkeyed(id: string): LedgerRecord | undefined {
    for (const record of this.#unkeyed.records()) if (record.intent.id === id) return record;
    return undefined;
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
    if (lookedUpAtMs === undefined || lookedUpAtMs >= this.#lastSettledMs) return undefined;
    const [keyed, unkeyed] = [this.#keyedOf.get(target), this.#unkeyed.latestOf(target)];
    const equal = key === undefined && unkeyed !== undefined ? this.#unkeyed.equalOf(target, fingerprint) : undefined;
    if (isSettledAfter(equal, lookedUpAtMs)) return equal;
    const latest = (keyed?.place ?? 0) > (unkeyed?.place ?? 0) ? keyed?.latest : unkeyed?.latest;
    return isSettledAfter(latest, lookedUpAtMs) ? latest : undefined;
  }

  #forget(id: string | undefined): void {
    const kept = id === undefined ? undefined : this.#byId.get(id);
    if (kept === undefined) return;
    const { record, target } = kept;
    this.#byId.take(record.intent.id);
    if (record.intent.key !== undefined) this.#byKey.delete(record.intent.key);
    if (this.#keyedOf.get(target)?.latest === record) this.#keyedOf.delete(target);
  }
}

function isSettledAfter(record: LedgerRecord | undefined, lookedUpAtMs: number): record is LedgerRecord {
  return (record?.settlement?.settledAtMs ?? Number.NEGATIVE_INFINITY) > lookedUpAtMs;
}
