import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Begun, Intent, LedgerRecord } from './ledger.js';
import { LedgerError, unless } from './ledger-error.js';
import type { LedgerFolder } from './ledger-folder.js';
import { nameOf } from './ledger-folder.js';
import type { News } from './news.js';
import { processSpace } from './owner-process.js';
import type { RecordFiles, StoredRecord } from './record-files.js';
import type { Slots } from './slots.js';
import type { SlotPaths, Standing } from './standing.js';
import { slotsOf, standingIn } from './standing.js';

/** What a beginning works on. */
export interface LedgerFiles {
  readonly folder: LedgerFolder;
  readonly records: RecordFiles;
  readonly slots: Slots;
  readonly news: News;
  /** How long somebody else's proposal is left alone before it is withdrawn, in milliseconds. */
  readonly patienceMs: number;
}

const MAX_PATIENCE_MS = 30_000;

/**
 * Writes one intent down: proposes it, takes its target's slot and its key's, and only then begins it, by one link.
 *
 * Until that link it counts for nobody, and anybody may withdraw it: a process that died half-way blocks nobody, and one
 * that was only slow proposes again. Nothing is begun without both slots, because a slot can be freed only once its
 * proposal has been withdrawn, which then cannot be begun.
 */
export class Beginning {
  readonly #files: LedgerFiles;
  readonly #record: LedgerRecord;
  readonly #name: string;
  readonly #paths: SlotPaths;
  #proposed: StoredRecord | undefined;
  /** Whose proposal is waited for, and since when. */
  #waiting: { readonly proposal: string; readonly sinceMs: number } | undefined;
  #patienceMs: number;

  constructor(files: LedgerFiles, record: LedgerRecord) {
    this.#files = files;
    this.#record = record;
    this.#name = nameOf(record.intent.id);
    this.#paths = slotsOf(files.folder, record.intent);
    this.#patienceMs = files.patienceMs;
  }

  get intent(): Intent {
    return this.#record.intent;
  }

  async run(): Promise<Begun> {
    try {
      for (;;) {
        const found = await this.#found();
        if (found !== undefined) return await this.#giveWayTo(found);
        const begun = await this.#begin();
        if (begun !== undefined) return begun;
      }
    } catch (thrown) {
      // As good as it goes on a disk that fails: what stays is half done, and anybody withdraws it.
      await this.#withdraw().catch(() => undefined);
      throw thrown;
    }
  }

  /** What stands in the way, once it is certain. */
  async #found(): Promise<LedgerRecord | undefined> {
    const { key, target } = this.#paths;
    for (;;) {
      const known = key === undefined ? undefined : await this.#standing(key);
      if (known !== undefined && !known.isProposal) return known.record;
      const busy = known ?? (await this.#standing(target));
      if (busy === undefined) return undefined;
      if (busy.isProposal) await this.#waitFor(busy);
      else if (busy.record.settlement === undefined) return busy.record;
      else await this.#files.slots.free(target, busy.entry);
    }
  }

  /** Who has a slot, other than this proposal. */
  async #standing(slot: string): Promise<Standing | undefined> {
    const { slots, records } = this.#files;
    const standing = await standingIn(slot, slots, records, { free: true });
    return standing?.entry.proposal === this.#proposed?.proposal ? undefined : standing;
  }

  /** Undefined where somebody else was faster. */
  async #begin(): Promise<Begun | undefined> {
    const { folder, records, slots, news } = this.#files;
    const { proposal, proposedAs } = await this.#propose();
    const entry = { name: this.#name, proposal };
    const { target, key } = this.#paths;
    for (const slot of [target, key]) {
      if (slot === undefined) continue;
      const holder = await slots.holder(slot);
      if (holder?.proposal !== proposal && !(await slots.take(slot, entry))) return undefined;
    }
    // Nobody else can settle anything of this target from here on.
    const told = await news.for(this.intent, target);
    if (told !== undefined) return await this.#giveWayTo(told);
    const taken = key === undefined ? [target, folder.targets] : [target, folder.targets, key, folder.keys];
    // A slot is gone where the proposal was withdrawn meanwhile, which the link below finds out.
    await unless(['ENOENT'], folder.sync(records.pathOf(this.#name), folder.records, ...taken));
    await folder.step('slots synced');
    return (await records.begin(this.#name, proposedAs)) ? { status: 'owned', record: this.#record } : undefined;
  }

  async #giveWayTo(record: LedgerRecord): Promise<Begun> {
    await this.#withdraw();
    return { status: record.settlement === undefined ? 'pending' : 'settled', record };
  }

  /** The proposal that stands, or a new one. */
  async #propose(): Promise<StoredRecord> {
    const { records } = this.#files;
    const latest = await records.read(this.#name);
    if (latest?.record !== undefined && latest.proposal === this.#proposed?.proposal) return latest;
    if (latest?.record !== undefined) throw this.#error('is known already: an id is used once');
    if (latest === undefined && this.#proposed !== undefined) throw this.#error('was removed while it was written');
    // Somebody lost patience: do not be as slow again.
    if (this.#proposed !== undefined) this.#patienceMs = Math.min(Math.max(1, this.#patienceMs) * 2, MAX_PATIENCE_MS);
    const proposedAs = (latest?.version ?? 0) + 1;
    const proposal = randomBytes(8).toString('hex');
    const state = { proposal, proposedAs, record: this.#record, space: processSpace() };
    if (!(await records.propose(this.#name, state)))
      throw this.#error('is being begun by somebody else: an id is used once');
    this.#proposed = { ...state, version: proposedAs };
    return this.#proposed;
  }

  /** Takes the proposal back, where there is one. */
  async #withdraw(): Promise<void> {
    if (this.#proposed === undefined) return;
    const { records, slots } = this.#files;
    const { proposal } = this.#proposed;
    await records.withdraw(this.#name, this.#proposed);
    await slots.free(this.#paths.target, { name: this.#name, proposal });
    if (this.#paths.key !== undefined) await slots.free(this.#paths.key, { name: this.#name, proposal });
    await records.remove(this.#name);
  }

  /** Leaves a fresh proposal a while, and withdraws one whose process is gone or slow. */
  async #waitFor({ entry, state, record }: Standing): Promise<void> {
    const { proposal, name } = entry;
    if (this.#waiting?.proposal !== proposal) this.#waiting = { proposal, sinceMs: performance.now() };
    if (
      record.lease === undefined ||
      performance.now() - this.#waiting.sinceMs >= this.#patienceMs * (1 + Math.random())
    ) {
      await this.#files.records.withdraw(name, state);
    } else {
      await sleep(2 + 8 * Math.random());
    }
  }

  #error(why: string): LedgerError {
    return new LedgerError(`The intent ${this.intent.id} ${why}.`);
  }
}
