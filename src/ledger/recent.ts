import type { LedgerRecord } from './ledger.js';

/** What was settled of one target. */
interface News {
  latest: LedgerRecord;
  /** When the latest was settled, counted. */
  place: number;
  /** The latest of each fingerprint, made for the second one: mostly there is one. */
  equals: Map<string, LedgerRecord> | undefined;
}

/** The latest settled record of a target, and its place among all that were settled. */
export type Latest = Pick<News, 'latest' | 'place'>;

/**
 * What was settled without a key, the newest at least so many.
 *
 * Two generations that take turns: whatever is older is dropped at once, because a map slows down where its oldest entry
 * is deleted again and again.
 */
export class Recent {
  readonly #size: number;
  #young = new Map<string, News>();
  #old = new Map<string, News>();
  #count = 0;

  /** @param size - how many are kept at least; up to twice as many are. */
  constructor(size: number) {
    this.#size = size;
  }

  add(target: string, record: LedgerRecord, place: number): void {
    if (this.#count === this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#count = 0;
    }
    this.#count += 1;
    const news = this.#young.get(target);
    if (news === undefined) {
      this.#young.set(target, { latest: record, place, equals: undefined });
      return;
    }
    news.equals ??= new Map([[news.latest.intent.fingerprint, news.latest]]);
    news.equals.set(record.intent.fingerprint, record);
    news.latest = record;
    news.place = place;
  }

  latestOf(target: string): Latest | undefined {
    return this.#young.get(target) ?? this.#old.get(target);
  }

  /** The latest of a target that is equal. */
  equalOf(target: string, fingerprint: string): LedgerRecord | undefined {
    return equalIn(this.#young.get(target), fingerprint) ?? equalIn(this.#old.get(target), fingerprint);
  }

  /** All that are kept: the latest of each fingerprint of each target. */
  *records(): Generator<LedgerRecord, void, undefined> {
    for (const generation of [this.#old, this.#young]) {
      for (const { latest, equals } of generation.values()) yield* equals?.values() ?? [latest];
    }
  }
}

function equalIn(news: News | undefined, fingerprint: string): LedgerRecord | undefined {
  if (news === undefined) return undefined;
  if (news.equals !== undefined) return news.equals.get(fingerprint);
  return news.latest.intent.fingerprint === fingerprint ? news.latest : undefined;
}
