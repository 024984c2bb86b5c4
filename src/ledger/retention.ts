import { opendir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { makeMarkIn, removeIfEmpty } from './ledger-folder.js';
import type { News } from './news.js';
import type { RecordFiles, StoredRecord } from './record-files.js';
import type { Slots } from './slots.js';
import { isBegun, slotsOf } from './standing.js';

const DAY_MS = 86_400_000;
const MIN_SPAN_MS = 1_000;
const LOOK_AGAIN_MS = 60_000;
/** More than one begin adds, so that what is due goes down. */
const LOOKED_AT_A_TIME = 8;

/**
 * Forgets settled records when their time has come, a few at each begin, without ever looking at the others.
 *
 * Every record has a mark in a folder named by the end of the span in which it was made. When a folder's time has come,
 * what it names is settled for long enough and removed, or is marked anew.
 */
export class Retention {
  readonly #folder: LedgerFolder;
  readonly #records: RecordFiles;
  readonly #slots: Slots;
  readonly #news: News;
  readonly #keepMs: number;
  readonly #spanMs: number;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(folder: LedgerFolder, records: RecordFiles, slots: Slots, news: News, keepMs: number) {
    this.#folder = folder;
    this.#records = records;
    this.#slots = slots;
    this.#news = news;
    this.#keepMs = keepMs;
    this.#spanMs = Math.min(DAY_MS, Math.max(MIN_SPAN_MS, Math.ceil(keepMs / 30)));
  }

  /** Has a record looked at when it may be old enough. */
  async mark(name: string, nowMs: number): Promise<void> {
    const span = join(this.#folder.due, String((Math.floor(nowMs / this.#spanMs) + 1) * this.#spanMs));
    await makeMarkIn(span, name);
  }

  /** Looks at a few of those whose time has come. */
  async sweep(nowMs: number): Promise<void> {
    if (nowMs < this.#notBeforeMs) return;
    const ends = (await readdir(this.#folder.due)).map(Number).filter((end) => end + this.#keepMs <= nowMs);
    let left = LOOKED_AT_A_TIME;
    for (const end of ends) {
      const span = join(this.#folder.due, String(end));
      const marks = await unless(['ENOENT'], opendir(span));
      if (marks === undefined) continue;
      for await (const { name } of marks) {
        if (left === 0) return;
        left -= 1;
        await this.#lookAt(name, nowMs);
        await rm(join(span, name), { force: true });
      }
      await removeIfEmpty(span);
    }
    this.#notBeforeMs = nowMs + Math.min(LOOK_AGAIN_MS, this.#spanMs);
  }

  async #lookAt(name: string, nowMs: number): Promise<void> {
    const state = await this.#records.read(name);
    if (state === undefined) return;
    if (!isBegun(state)) await this.#forget(name, state);
    else if (state.record.settlement === undefined) await this.mark(name, nowMs);
    else if (state.record.settlement.settledAtMs + this.#keepMs > nowMs) {
      await this.mark(name, state.record.settlement.settledAtMs);
    } else await this.#forget(name, state);
  }

  async #forget(name: string, state: StoredRecord): Promise<void> {
    const { proposal, record } = state;
    if (!isBegun(state)) {
      // Whoever proposed it may still be about to begin it.
      await this.#records.withdraw(name, state);
      if (isBegun(await this.#records.read(name))) return;
    }
    if (record !== undefined) {
      const { target, key } = slotsOf(this.#folder, record.intent);
      await this.#slots.free(target, { name, proposal });
      if (key !== undefined) await this.#slots.free(key, { name, proposal });
      await this.#news.forget(target, name);
    }
    await this.#folder.step('record forgotten');
    await this.#records.remove(name);
  }
}
