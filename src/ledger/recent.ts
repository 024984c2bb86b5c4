import type { LedgerRecord } from './ledger.js';

/** A settled record, the text of its target, and its place among all that were settled, counted from 1. */
export interface SettledRecord {
  readonly record: LedgerRecord;
  readonly target: string;
  readonly place: number;
}

/** What a ledger remembers of what was settled without a key. */
export interface SettledWithoutKey {
  add(settled: SettledRecord): void;
  latestOf(target: string): SettledRecord | undefined;
  /** The latest of a target that is equal. */
  equalOf(target: string, fingerprint: string): SettledRecord | undefined;
  /** Keeps the latest of a target from now on, however many others are settled. */
  keepLatestOf(target: string): void;
  /** All that are kept: at least the latest of each target. */
  all(): Iterable<SettledRecord>;
}

/** What was settled of one target. */
interface News {
  latest: SettledRecord;
  /** The latest of each fingerprint, made for the second one: mostly there is one. */
  equals: Map<string, SettledRecord> | undefined;
}

/**
 * What was settled without a key, the newest at least so many: the latest of each fingerprint of each target.
 *
 * Two generations that take turns: whatever is older is dropped at once, because a map slows down where its oldest entry
 * is deleted again and again.
 */
export class Recent implements SettledWithoutKey {
  readonly #size: number;
  #young = new Map<string, News>();
  #old = new Map<string, News>();
  #count = 0;

  /** @param size - how many are kept at least; up to twice as many are. */
  constructor(size: number) {
    this.#size = size;
  }

  add(settled: SettledRecord): void {
    if (this.#count === this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#count = 0;
    }
    this.#count += 1;
    const news = this.#young.get(settled.target);
    if (news === undefined) {
      this.#young.set(settled.target, { latest: settled, equals: undefined });
      return;
    }
    news.equals ??= new Map([[fingerprintOf(news.latest), news.latest]]);
    news.equals.set(fingerprintOf(settled), settled);
    news.latest = settled;
  }

  latestOf(target: string): SettledRecord | undefined {
    return (this.#young.get(target) ?? this.#old.get(target))?.latest;
  }

  equalOf(target: string, fingerprint: string): SettledRecord | undefined {
    return equalIn(this.#young.get(target), fingerprint) ?? equalIn(this.#old.get(target), fingerprint);
  }

  /** It is kept for long enough as it is. */
  keepLatestOf(_target: string): void {}

  *all(): Generator<SettledRecord, void, undefined> {
    for (const generation of [this.#old, this.#young]) {
      for (const { latest, equals } of generation.values()) yield* equals?.values() ?? [latest];
    }
  }
}

function equalIn(news: News | undefined, fingerprint: string): SettledRecord | undefined {
  if (news === undefined) return undefined;
  if (news.equals !== undefined) return news.equals.get(fingerprint);
  return fingerprintOf(news.latest) === fingerprint ? news.latest : undefined;
}

function fingerprintOf({ record }: SettledRecord): string {
  return record.intent.fingerprint;
}
