import type { Problem } from '../errors.js';
import { invalidArgument } from '../invalid-argument.js';
import { Beginning } from './beginning.js';
import { eachRecord } from './each-record.js';
import type { Begun, Intent, LedgerRecord, LedgerTarget, ResumeLedger, Settlement } from './ledger.js';
import { codeOf, ledgerErrorOf } from './ledger-error.js';
import type { StepHook } from './ledger-folder.js';
import { LedgerFolder, nameOf } from './ledger-folder.js';
import { News } from './news.js';
import { processSpace } from './owner-process.js';
import { RecordFiles } from './record-files.js';
import { Retention } from './retention.js';
import { Slots } from './slots.js';
import { isBegun, keySlot, seen, slotsOf, standingIn, targetSlot } from './standing.js';
import { begunRecord, claimed, released, renewed, settled } from './transitions.js';
import { Turnstile } from './turnstile.js';

/** How a {@link FileResumeLedger} behaves. */
export interface FileLedgerOptions {
  /** How long settled records are kept, with their keys, in milliseconds. @default 30 days */
  readonly keepSettledMs?: number | undefined;
  /**
   * Called after each step that a killed process could leave behind as its last one; what it returns is waited for.
   *
   * @internal for tests
   */
  readonly onStep?: StepHook | undefined;
  /**
   * How long somebody else's half-done begin is left alone, in milliseconds.
   *
   * @internal for tests
   */
  readonly patienceMs?: number | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  'keepSettledMs',
  'onStep',
  'patienceMs',
] satisfies (keyof FileLedgerOptions)[]);

const THIRTY_DAYS_MS = 30 * 86_400_000;
const DEFAULT_PATIENCE_MS = 500;
/** Keeps a thousand calls at once from opening a thousand files. */
const AT_ONCE = 16;

/**
 * A ledger in a folder: for one host and any number of its processes. The folder must lie on a local disk; network file
 * systems are not supported.
 *
 * There are no locks. Every change is one link of a complete file or one rename of a complete folder, so that a process
 * may die between any two steps. A lease whose owner is a process of this host that is gone counts as none.
 *
 * @throws {LedgerError} from every method where the folder cannot be used; the message says what to do.
 * @see docs/decisions/2026-11-21-file-ledger.md
 */
export class FileResumeLedger implements ResumeLedger {
  /** The folder, as an absolute path. */
  readonly folder: string;
  readonly #files: LedgerFolder;
  readonly #records: RecordFiles;
  readonly #slots: Slots;
  readonly #news: News;
  readonly #retention: Retention;
  readonly #turnstile = new Turnstile(AT_ONCE);
  readonly #patienceMs: number;

  /**
   * @param folder - is made where it is missing.
   * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
   */
  constructor(folder: string, options: FileLedgerOptions = {}) {
    const problems = problemsOf(folder, options);
    if (problems.length > 0) throw invalidArgument('new FileResumeLedger()', problems);
    const { keepSettledMs = THIRTY_DAYS_MS, onStep, patienceMs = DEFAULT_PATIENCE_MS } = options;
    this.#files = new LedgerFolder(folder, onStep);
    this.folder = this.#files.path;
    this.#records = new RecordFiles(this.#files);
    this.#slots = new Slots(this.#files);
    this.#news = new News(this.#files, this.#records);
    this.#retention = new Retention(this.#files, this.#records, this.#slots, this.#news, keepSettledMs);
    this.#patienceMs = patienceMs;
  }

  begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    return this.#run(async () => {
      await this.#files.prepare();
      // Keeping house must not keep anybody from beginning; what is wrong with the folder shows below.
      await this.#retention.sweep(nowMs).catch(() => undefined);
      await this.#retention.mark(nameOf(intent.id), nowMs);
      const files = {
        folder: this.#files,
        records: this.#records,
        slots: this.#slots,
        news: this.#news,
        patienceMs: this.#patienceMs,
      };
      return await new Beginning(files, begunRecord(intent, owner, nowMs, leaseMs)).run();
    });
  }

  lookup({ key, target }: { key?: string | undefined; target: LedgerTarget }): Promise<LedgerRecord | undefined> {
    return this.#run(async () => {
      const known = key === undefined ? undefined : await this.#begunIn(keySlot(this.#files, key));
      if (known !== undefined) return known;
      const latest = await this.#begunIn(targetSlot(this.#files, target));
      return latest?.settlement === undefined ? latest : undefined;
    });
  }

  find(id: string): Promise<LedgerRecord | undefined> {
    return this.#run(async () => {
      const state = await this.#records.read(nameOf(id));
      return isBegun(state) ? seen(state) : undefined;
    });
  }

  claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#run(() => this.#change(id, (record) => claimed(record, owner, nowMs, leaseMs)));
  }

  renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#run(async () => {
      return (await this.#change(id, (record) => renewed(record, fence, nowMs, leaseMs))) !== undefined;
    });
  }

  release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    return this.#run(async () => {
      return (await this.#change(id, (record) => released(record, fence, unknownBecause))) !== undefined;
    });
  }

  settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    return this.#run(async () => {
      return (await this.#change(id, (record) => settled(record, fence, settlement))) !== undefined;
    });
  }

  /** @throws {LedgerError} at its end, where there are records that cannot be read: all others were listed. */
  async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
    try {
      yield* eachRecord(this.#files, this.#records, (slot) => this.#begunIn(slot));
    } catch (thrown) {
      throw ledgerErrorOf(this.folder, thrown);
    }
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#turnstile.pass(work);
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') this.#files.forgetPrepared();
      throw ledgerErrorOf(this.folder, thrown);
    }
  }

  async #begunIn(slot: string): Promise<LedgerRecord | undefined> {
    const standing = await standingIn(slot, this.#slots, this.#records, { free: false });
    return standing === undefined || standing.isProposal ? undefined : standing.record;
  }

  /** Makes a step from the newest state; where somebody was faster, from theirs. */
  async #change(
    id: string,
    step: (record: LedgerRecord) => LedgerRecord | undefined,
  ): Promise<LedgerRecord | undefined> {
    const name = nameOf(id);
    for (;;) {
      const state = await this.#records.read(name);
      if (!isBegun(state)) return undefined;
      const record = step(seen(state));
      if (record === undefined) return undefined;
      const { proposal, proposedAs, version } = state;
      const changed = { proposal, proposedAs, record, space: processSpace() };
      const { target } = slotsOf(this.#files, record.intent);
      if (record.settlement !== undefined) await this.#news.note(target, name);
      if (!(await this.#records.append(name, version + 1, changed))) continue;
      if (record.settlement !== undefined) await this.#slots.free(target, { name, proposal });
      return record;
    }
  }
}

/** By hand: whoever needs a ledger alone must not load a library of schemas. */
function problemsOf(folder: unknown, options: FileLedgerOptions): Problem[] {
  const durations = { keepSettledMs: options.keepSettledMs, patienceMs: options.patienceMs };
  return [
    // An empty name would be the working directory: another ledger from wherever it is run.
    ...(typeof folder !== 'string' || folder.trim() === '' || folder.includes('\0')
      ? [{ field: 'folder', message: 'must name a folder' }]
      : []),
    ...Object.entries(durations)
      .filter(([, value]) => value !== undefined && !(value >= 0))
      .map(([field]) => ({ field, message: 'must be a number from 0' })),
    ...Object.keys(options)
      .filter((key) => !OPTIONS.has(key))
      .map((field) => ({ field, message: 'is not known here; remove it or mend its spelling' })),
  ];
}
