import type { LedgerRecord, ResumeLedger, Settlement } from '../../src/ledger/ledger.js';
import type { VirtualClock } from './clock.js';
import type { History } from './history.js';
import { callNumberOf } from './history.js';
import type { SimulatedProcess } from './simulated-process.js';

/** Writes down what really happens to the ledger. */
export class LedgerWitness {
  readonly #history: History;
  readonly #clock: VirtualClock;

  constructor(history: History, clock: VirtualClock) {
    this.#history = history;
    this.#clock = clock;
  }

  lookedUp(process: SimulatedProcess, { key, target }: Parameters<ResumeLedger['lookup']>[0]): void {
    this.#history.lookups.push({ process, key, execution: target.execution, atMs: this.#clock.nowMs });
  }

  begun(process: SimulatedProcess, { intent, fence, lease }: LedgerRecord): void {
    const number = callNumberOf(intent);
    this.#history.tell?.(`${process.name} ledger: intent ${intent.id} of ${intent.reason} begun`);
    this.#history.intents.set(intent.id, {
      intent,
      process,
      founder: this.#history.calls.find(({ planned }) => planned.id === number),
      begunAtMs: this.#clock.nowMs,
      createdAtMs: intent.createdAtMs - process.runtime.nowMs() + this.#clock.nowMs,
      lookedAtMs: this.#history.lookOf(process, intent.target.execution) ?? this.#clock.nowMs,
      sent: [],
      settlement: undefined,
      settledAtMs: undefined,
      closedAtMs: undefined,
      couldNotSettle: false,
      claimed: false,
      fence,
      leasedUntilMs: lease?.expiresAtMs ?? 0,
      toldAtMs: undefined,
      lookingSinceMs: undefined,
      identifiedAtMs: undefined,
    });
  }

  /** From here on its process sends for it. */
  heardOfBegin(process: SimulatedProcess, id: string): void {
    const tracked = this.#history.intents.get(id);
    if (tracked !== undefined) this.#history.workOn(process, tracked);
  }

  claimed({ intent: { id }, fence, lease }: LedgerRecord, nowMs: number): void {
    const tracked = this.#history.intents.get(id);
    if (tracked === undefined) return;
    if (nowMs < tracked.leasedUntilMs) this.#history.note('the ledger gave a good lease away', `on intent ${id}`);
    tracked.claimed = true;
    tracked.fence = fence;
    tracked.leasedUntilMs = lease?.expiresAtMs ?? 0;
    this.#history.tell?.(`ledger: intent ${id} taken over`);
  }

  /** A release or a settlement that the ledger has carried out. */
  obeyed(id: string, fence: number): void {
    const tracked = this.#history.intents.get(id);
    if (tracked === undefined) return;
    if (fence < tracked.fence) this.#history.note('the ledger obeyed an old owner', `on intent ${id}`);
    tracked.leasedUntilMs = 0;
  }

  settled(id: string, settlement: Settlement): void {
    const tracked = this.#history.intents.get(id);
    if (tracked === undefined) return;
    tracked.settlement = settlement;
    tracked.settledAtMs = this.#clock.nowMs;
    this.#history.tell?.(`ledger: intent ${id} settled as ${settlement.verdict.status}`);
  }

  couldNotSettle(process: SimulatedProcess, id: string): void {
    const tracked = this.#history.intents.get(id);
    if (tracked?.process === process) tracked.couldNotSettle = true;
  }

  closed(process: SimulatedProcess, id: string): void {
    const tracked = this.#history.intents.get(id);
    if (tracked?.process !== process) return;
    tracked.closedAtMs ??= this.#clock.nowMs;
    this.#history.tell?.(`${process.name} ledger: done with intent ${id}`);
  }
}
