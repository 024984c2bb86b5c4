import { ChurningMap } from './churning-map.js';
import type { Begun, Intent, LedgerRecord, Settlement } from './ledger.js';
import type { SettledRecord, SettledWithoutKey } from './recent.js';
import { Ring } from './ring.js';
import { targetTextOf } from './target-text.js';
import { begunRecord, claimed, released, renewed, settled } from './transitions.js';

/** A record as it stands, and the text that it is found by: made once, for it is hashed when it is looked up. */
interface Kept extends SettledRecord {
  record: LedgerRecord;
  /** 0 until it is settled. */
  place: number;
  /** Whether it is found by its id. */
  indexed: boolean;
}

/**
 * The records of a ledger in memory: the steps of a `ResumeLedger`, answered at once.
 *
 * What a call takes of it takes constant time. Settled records are forgotten when there are too many newer ones,
 * unsettled ones never.
 */
export class MemoryRecords {
  /** All but the settled ones without a key, and those that are found by the text of their target only. */
  readonly #byId = new ChurningMap<Kept>();
  readonly #byKey = new Map<string, Kept>();
  /** Unsettled ones only. */
  readonly #byTarget = new ChurningMap<Kept>();
  /** The latest settled one of a target that has a key, for as long as it is kept. */
  readonly #keyedOf = new Map<string, SettledRecord>();
  readonly #keyed: Ring;
  readonly #unkeyed: SettledWithoutKey;
  /** How many are found by the text of their target only. */
  #unindexed = 0;
  #settlements = 0;
  /** Epoch milliseconds: nothing was settled later. */
  #lastSettledMs = Number.NEGATIVE_INFINITY;

  /**
   * @param keyed - how many settled records with a key are kept, the newest ones.
   * @param unkeyed - what is kept of those without one, for whoever looked before they were settled to learn of them.
   */
  constructor(keyed: number, unkeyed: SettledWithoutKey) {
    this.#keyed = new Ring(keyed);
    this.#unkeyed = unkeyed;
  }

  /**
   * @param handedIn - the text of the intent's target, by who settles it by that text as well. An intent without a key is
   * then not found by its id before somebody asks: measured, an index that hardly anybody asks costs a call a thirtieth of
   * what undici takes for its request.
   */
  begin(intent: Intent, owner: string, nowMs: number, leaseMs: number, handedIn?: string): Begun {
    const target = handedIn ?? targetTextOf({ ...intent.target, connection: intent.connection });
    const found = this.lookup(intent.key, target);
    if (found !== undefined) return { status: found.settlement === undefined ? 'pending' : 'settled', record: found };
    const news = this.#newsFor(intent, target);
    if (news !== undefined) return { status: 'settled', record: news };
    const isIndexed = handedIn === undefined || intent.key !== undefined;
    if (isIndexed && this.#byId.has(intent.id)) {
      throw new Error(`the intent ${intent.id} was begun before: an id is used once`);
    }
    const record = begunRecord(intent, owner, nowMs, leaseMs);
    const kept = { record, target, place: 0, indexed: isIndexed };
    if (isIndexed) this.#byId.put(intent.id, kept);
    else this.#unindexed += 1;
    this.#byTarget.put(target, kept);
    if (intent.key !== undefined) this.#byKey.set(intent.key, kept);
    return { status: 'owned', record };
  }

  /** @param target - the text of a target. */
  lookup(key: string | undefined, target: string): LedgerRecord | undefined {
    const ofKey = key === undefined ? undefined : this.#byKey.get(key);
    return (ofKey ?? this.#byTarget.get(target))?.record;
  }

  /** @param target - the text of a target. */
  keepLatestOf(target: string): void {
    this.#unkeyed.keepLatestOf(target);
  }

  find(id: string): LedgerRecord | undefined {
    const kept = this.#keptOf(id);
    return kept === undefined ? this.#findUnkeyed(id) : kept.record;
  }

  claim(id: string, owner: string, nowMs: number, leaseMs: number): LedgerRecord | undefined {
    return this.#change(this.#keptOf(id), (record) => claimed(record, owner, nowMs, leaseMs))?.record;
  }

  renew(id: string, fence: number, nowMs: number, leaseMs: number): boolean {
    return this.#change(this.#keptOf(id), (record) => renewed(record, fence, nowMs, leaseMs)) !== undefined;
  }

  /** @param text - the text of the intent's target, where it is there already. */
  release(id: string, fence: number, unknownBecause: string, text?: string): boolean {
    const kept = this.#change(this.#keptOf(id, text), (record) => released(record, fence, unknownBecause));
    if (kept === undefined) return false;
    // Whoever reconciles it asks by its id.
    this.#index(kept);
    return true;
  }

  /** @param text - the text of the intent's target, where it is there already. */
  settle(id: string, fence: number, settlement: Settlement, text?: string): boolean {
    const kept = this.#change(this.#keptOf(id, text), (unsettled) => settled(unsettled, fence, settlement));
    if (kept === undefined) return false;
    const { record, target } = kept;
    this.#byTarget.drop(target);
    this.#settlements += 1;
    kept.place = this.#settlements;
    this.#lastSettledMs = Math.max(this.#lastSettledMs, settlement.settledAtMs);
    if (record.intent.key === undefined) {
      if (kept.indexed) this.#byId.drop(id);
      else this.#unindexed -= 1;
      this.#unkeyed.add(kept);
    } else {
      this.#keyedOf.set(target, kept);
      this.#forget(this.#keyed.push(id));
    }
    return true;
  }

  *list(): Generator<LedgerRecord, void, undefined> {
    const unkeyed = [...this.#unkeyed.all()];
    const keyed = this.#keyed.ids.flatMap((id) => this.#byId.get(id) ?? []);
    for (const kept of [...this.#byTarget.values(), ...keyed]) {
      const { id, key } = kept.record.intent;
      if (key === undefined || this.#byId.has(id)) yield kept.record;
    }
    for (const { record } of unkeyed) yield record;
  }

  /** One by one: no call asks for these. */
  #findUnkeyed(id: string): LedgerRecord | undefined {
    for (const { record } of this.#unkeyed.all()) if (record.intent.id === id) return record;
    return undefined;
  }

  /** By its text where that is handed in, otherwise by its id. */
  #keptOf(id: string, text?: string): Kept | undefined {
    const standing = text === undefined ? undefined : this.#byTarget.get(text);
    if (standing?.record.intent.id === id) return standing;
    const kept = this.#byId.get(id);
    if (kept !== undefined || this.#unindexed === 0) return kept;
    for (const one of this.#byTarget.values()) this.#index(one);
    return this.#byId.get(id);
  }

  #index(kept: Kept): void {
    if (kept.indexed) return;
    this.#byId.put(kept.record.intent.id, kept);
    kept.indexed = true;
    this.#unindexed -= 1;
  }

  #change(kept: Kept | undefined, step: (record: LedgerRecord) => LedgerRecord | undefined): Kept | undefined {
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
    if (isSettledAfter(equal, lookedUpAtMs)) return equal.record;
    const latest = (keyed?.place ?? 0) > (unkeyed?.place ?? 0) ? keyed : unkeyed;
    return isSettledAfter(latest, lookedUpAtMs) ? latest.record : undefined;
  }

  #forget(id: string | undefined): void {
    const kept = id === undefined ? undefined : this.#byId.get(id);
    if (kept === undefined) return;
    const { record, target } = kept;
    this.#byId.drop(record.intent.id);
    if (record.intent.key !== undefined) this.#byKey.delete(record.intent.key);
    if (this.#keyedOf.get(target) === kept) this.#keyedOf.delete(target);
  }
}

function isSettledAfter(settled: SettledRecord | undefined, lookedUpAtMs: number): settled is SettledRecord {
  return (settled?.record.settlement?.settledAtMs ?? Number.NEGATIVE_INFINITY) > lookedUpAtMs;
}
