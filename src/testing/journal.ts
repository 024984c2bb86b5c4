import type { IncomingHttpHeaders } from 'node:http';

/** One request that an emulator received. */
export interface JournalEntry {
  /** The provider's operation, or `unauthenticated` or `unknown`. */
  readonly operation: string;
  /** Whether the operation can change something. */
  readonly mutating: boolean;
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The emulator's virtual time, epoch milliseconds. */
  readonly receivedAtMs: number;
  /** Whether it changed something. */
  committed: boolean;
  /** The status that was answered; absent where a fault left no answer. */
  status?: number;
  /** The fault that struck, such as `reset after commit`. */
  fault?: string;
}

/** Everything that an emulator received, in order. */
export class Journal {
  readonly #entries: JournalEntry[] = [];

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** The requests that could change something, whether they did or not. */
  get mutating(): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.mutating);
  }

  /** The requests that changed something. */
  get committed(): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.committed);
  }

  add(entry: JournalEntry): JournalEntry {
    this.#entries.push(entry);
    return entry;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
