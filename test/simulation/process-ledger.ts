import type { Begun, Intent, LedgerRecord, ResumeLedger, Settlement } from '../../src/ledger/ledger.js';
import type { Boundary } from './boundaries.js';
import type { Chance } from './chance.js';
import type { VirtualClock } from './clock.js';
import type { Climate } from './model.js';
import { MODEL } from './model.js';
import type { SimulatedProcess } from './simulated-process.js';
import { never } from './simulated-process.js';
import type { LedgerWitness } from './witness.js';

/** The moments around a write at which its process can be killed. */
interface Around {
  readonly before?: Boundary;
  readonly after?: Boundary;
}

const BEGIN: Around = { before: 'begin: before the write', after: 'begin: written, not answered' };
const SETTLE: Around = { before: 'settle: before the write', after: 'settle: written, not answered' };
const RELEASE: Around = { before: 'release: before the write', after: 'release: written, not answered' };
const CLAIM: Around = { before: 'claim: before the write', after: 'claim: written, not answered' };

/**
 * A shared ledger as one process sees it: operations take time, fail before or after they have written, and are under
 * way when their process dies. What they do to the ledger is atomic all the same.
 */
export class ProcessLedger implements ResumeLedger {
  readonly #inner: ResumeLedger;
  readonly #process: SimulatedProcess;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #rates: Climate['ledger'];
  readonly #witness: LedgerWitness;

  constructor(
    inner: ResumeLedger,
    process: SimulatedProcess,
    parts: { clock: VirtualClock; chance: Chance; rates: Climate['ledger']; witness: LedgerWitness },
  ) {
    this.#inner = inner;
    this.#process = process;
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#rates = parts.rates;
    this.#witness = parts.witness;
  }

  async begin(intent: Intent, _owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
    const begun = await this.#operate(BEGIN, async () => {
      const result = await this.#inner.begin(intent, this.#process.name, nowMs, leaseMs);
      if (result.status === 'owned') this.#witness.begun(this.#process, result.record);
      return result;
    });
    if (begun.status === 'owned') this.#witness.heardOfBegin(this.#process, intent.id);
    return begun;
  }

  lookup(query: Parameters<ResumeLedger['lookup']>[0]): Promise<LedgerRecord | undefined> {
    return this.#operate({ before: 'lookup: before it' }, () => {
      this.#witness.lookedUp(this.#process, query);
      return this.#inner.lookup(query);
    });
  }

  async find(id: string): Promise<LedgerRecord | undefined> {
    try {
      return await this.#operate({}, () => this.#inner.find(id));
    } catch (thrown) {
      this.#witness.couldNotSettle(this.#process, id);
      throw thrown;
    }
  }

  claim(id: string, _owner: string, nowMs: number, leaseMs: number): Promise<LedgerRecord | undefined> {
    return this.#operate(CLAIM, async () => {
      const claimed = await this.#inner.claim(id, this.#process.name, nowMs, leaseMs);
      if (claimed !== undefined) this.#witness.claimed(claimed, nowMs);
      return claimed;
    });
  }

  renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#operate({}, () => this.#inner.renew(id, fence, nowMs, leaseMs));
  }

  async release(id: string, fence: number, unknownBecause: string): Promise<boolean> {
    try {
      return await this.#operate(RELEASE, async () => {
        const released = await this.#inner.release(id, fence, unknownBecause);
        if (released) this.#witness.obeyed(id, fence);
        return released;
      });
    } finally {
      this.#witness.closed(this.#process, id);
    }
  }

  async settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
    try {
      return await this.#operate(SETTLE, async () => {
        const settled = await this.#inner.settle(id, fence, settlement);
        if (settled) {
          this.#witness.obeyed(id, fence);
          this.#witness.settled(id, settlement);
        }
        return settled;
      });
    } catch (thrown) {
      this.#witness.couldNotSettle(this.#process, id);
      throw thrown;
    } finally {
      this.#witness.closed(this.#process, id);
    }
  }

  list(): AsyncIterable<LedgerRecord> {
    return this.#inner.list();
  }

  async #operate<T>({ before, after }: Around, act: () => Promise<T>): Promise<T> {
    if (before !== undefined && this.#process.reached(before)) return await never();
    const trouble = this.#chance.oneOf(this.#rates, 'none');
    const { least, most } = MODEL.ledgerMs;
    if (trouble === 'none' && this.#chance.happens(MODEL.ledgerAtOnce)) {
      const result = await act();
      return after !== undefined && this.#process.reached(after) ? await never() : result;
    }
    const takesMs =
      trouble === 'slow'
        ? this.#chance.acrossMagnitudes(MODEL.slowLedgerMs.least, MODEL.slowLedgerMs.most)
        : this.#chance.between(least, most);
    const writesAfterMs = Math.round(takesMs * this.#chance.next());
    const diesBefore = this.#chance.happens(0.5);
    return await new Promise<T>((resolve, reject) => {
      this.#clock.after(writesAfterMs, () => {
        // Died while it was on its way: it may have been handed to the disk already, or not.
        if (!this.#process.isAlive && diesBefore) return;
        if (trouble === 'failsBefore') {
          this.#process.after(takesMs - writesAfterMs, () => reject(new Error('no space left on device')));
          return;
        }
        void act().then((result) => {
          this.#process.after(takesMs - writesAfterMs, () => {
            if (after !== undefined && this.#process.reached(after)) return;
            if (trouble === 'failsAfter') reject(new Error('no space left on device'));
            else resolve(result);
          });
        });
      });
    });
  }
}
