import type { LedgerTrace } from '../diagnostics.js';
import { tracedLedgerStep } from '../diagnostics.js';
import type { Begun, Intent, LedgerRecord, LedgerTarget, ResumeLedger, Settlement } from './ledger.js';

/** A ledger whose steps can be watched on the tracing channel `resumable-workflow:ledger`. */
export class TracedLedger implements ResumeLedger {
  readonly #inner: ResumeLedger;
  readonly #connection: string;

  /** @param connection - the name of the connection that takes the steps. */
  constructor(inner: ResumeLedger, connection: string) {
    this.#inner = inner;
    this.#connection = connection;
  }

  begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    return this.#traced('begin', intent.id, () => this.#inner.begin(intent, owner, nowMs, leaseMs));
  }

  lookup(query: {
    readonly key?: string | undefined;
    readonly target: LedgerTarget;
  }): Promise<LedgerRecord | undefined> {
    return this.#traced('lookup', undefined, () => this.#inner.lookup(query));
  }

  find(id: string): Promise<LedgerRecord | undefined> {
    return this.#traced('find', id, () => this.#inner.find(id));
  }

  claim(id: string, owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#traced('claim', id, () => this.#inner.claim(id, owner, nowMs, leaseMs));
  }

  renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#traced('renew', id, () => this.#inner.renew(id, fence, nowMs, leaseMs));
  }

  release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    return this.#traced('release', id, () => this.#inner.release(id, fence, unknownBecause));
  }

  settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    return this.#traced('settle', id, () => this.#inner.settle(id, fence, settlement));
  }

  list(): AsyncIterable<LedgerRecord> {
    return this.#inner.list();
  }

  #traced<T>(step: LedgerTrace['step'], intent: string | undefined, run: () => Promise<T>): Promise<T> {
    return tracedLedgerStep(() => ({ connection: this.#connection, step, intent }), run);
  }
}
