import { MemoryResumeLedger } from '../../src/ledger/memory-ledger.js';
import type { ResumableWorkflow } from '../../src/types.js';
import { createWorkflow } from '../../src/workflow.js';
import { BOUNDARIES } from './boundaries.js';
import { Callers, MAX_DEPTH } from './callers.js';
import { Chance } from './chance.js';
import { BEGIN_MS, VirtualClock } from './clock.js';
import { Faults } from './faults.js';
import { History } from './history.js';
import { CLIMATES, MODEL } from './model.js';
import { ModelExchange } from './model-exchange.js';
import type { Order } from './plan.js';
import { CallPlanner, climateOf, STREAM } from './plan.js';
import { ProcessLedger } from './process-ledger.js';
import type { ModelService } from './service.js';
import { serviceOf } from './services.js';
import type { KillOrder } from './simulated-process.js';
import { SimulatedProcess } from './simulated-process.js';
import { LedgerWitness } from './witness.js';
import type { Wrongness } from './wrong.js';

/** The schedule whose turn it is: a rejection that nobody handles is told between two turns. */
let playing: World | undefined;

/** Counts rejections that nobody handles as failures of their schedules, for this whole process. */
export function watchUnhandledRejections(): void {
  process.on('unhandledRejection', (reason) => {
    playing?.history.note('unhandled rejection', String(reason));
  });
}

/** More events than any schedule that comes to rest makes. */
const MAX_EVENTS = 200_000;

function nowPlaying(world: World): void {
  playing = world;
}

/** One schedule: a service, a ledger, and the processes that call. */
export class World {
  readonly order: Order;
  readonly history = new History();
  readonly clock = new VirtualClock();
  readonly ledger: MemoryResumeLedger;
  readonly service: ModelService;
  readonly planner: CallPlanner;
  readonly witness: LedgerWitness;
  readonly callers: Callers;
  /** Where processes were killed. */
  readonly kills: string[] = [];
  readonly #faults: Faults;
  readonly #ledgerChance: Chance;
  readonly #climate;
  readonly #aheadMs: number;
  #processes = 0;

  readonly #wrongness: Wrongness;

  /**
   * @param print - is told what happens, line by line.
   * @param wrongness - what is wrong on purpose.
   */
  constructor(order: Order, print?: (line: string) => void, wrongness: Wrongness = {}) {
    this.#wrongness = wrongness;
    this.ledger = wrongness.ledger?.() ?? new MemoryResumeLedger();
    if (print !== undefined) {
      this.history.tell = (what) =>
        print(`${((this.clock.nowMs - BEGIN_MS) / 1_000).toFixed(3).padStart(9)} s  ${what}`);
    }
    const { seed } = order;
    this.order = order;
    this.#climate = CLIMATES[climateOf(seed)];
    this.#faults = new Faults(this.#climate, new Chance(seed, STREAM.network), order.single === 'answer lost');
    this.#ledgerChance = new Chance(seed, STREAM.ledger);
    this.service = serviceOf(order, this.clock);
    this.history.commits.push(...this.service.earlier);
    this.planner = new CallPlanner(seed, this.service.requestFor.bind(this.service));
    this.#aheadMs = this.planner.chance.between(-5_000, 5_000);
    this.witness = new LedgerWitness(this.history, this.clock);
    this.callers = new Callers(this, seed);
  }

  /** The callers' clocks, in epoch milliseconds. */
  get localMs(): number {
    return this.clock.nowMs + this.#aheadMs;
  }

  /** A new process with its own connection over the shared ledger. */
  startProcess(place: number, killOrder?: KillOrder): { process: SimulatedProcess; workflow: ResumableWorkflow } {
    const number = ++this.#processes;
    const process = new SimulatedProcess(`p${place}.${number}`, {
      clock: this.clock,
      chance: new Chance(this.order.seed, STREAM.library + 16 * number),
      aheadMs: this.#aheadMs,
      killOrder,
      onKill: (killed, boundary) => {
        this.kills.push(boundary ?? 'some moment');
        this.history.tell?.(`${killed.name} is killed at ${boundary ?? 'some moment'}`);
        this.callers.onKill(killed, place);
      },
    });
    const { clock, history, service, witness } = this;
    const exchange = new ModelExchange(process, { clock, faults: this.#faults, history, service });
    const ledger = new ProcessLedger(this.ledger, process, {
      clock,
      chance: this.#ledgerChance,
      rates: this.#climate.ledger,
      witness,
    });
    const driver = service.driverFor(process, exchange);
    this.#wrongness.spoil?.(driver);
    return { process, workflow: createWorkflow('c', driver, { ledger, runtime: process.runtime }) };
  }

  /** Plays it until nothing is left to happen. */
  async play(): Promise<void> {
    if (this.order.single !== undefined) {
      this.callers.open(0);
      this.callers.plan({ ...this.planner.plain('x1'), depth: MAX_DEPTH });
    } else this.#prepare();
    await this.rest();
  }

  #prepare(): void {
    const { planner, clock, callers } = this;
    const { chance } = planner;
    const climate = this.#climate;
    const places = chance.happens(MODEL.secondProcess) ? 2 : 1;
    for (let place = 0; place < places; place += 1) callers.open(place, this.#killOrder(place));
    for (const call of planner.initialCalls(places)) callers.plan(call);
    if (chance.happens(climate.stranger)) {
      for (let count = chance.pick([1, 1, 2]); count > 0; count -= 1) {
        clock.after(chance.happens(0.5) ? chance.between(0, 500) : chance.acrossMagnitudes(500, 150_000), () =>
          this.#strangerResumes(),
        );
      }
    }
    if (chance.happens(climate.kill * 0.4)) {
      clock.after(chance.acrossMagnitudes(1, 120_000), () => callers.processAt(0)?.kill());
    }
    if (chance.happens(climate.suspension)) {
      const { least, most } = MODEL.suspensionMs;
      const forMs = chance.acrossMagnitudes(least, most);
      clock.after(chance.acrossMagnitudes(1, 60_000), () => callers.suspend(places - 1, forMs));
    }
    if (chance.happens(climate.close)) clock.after(chance.acrossMagnitudes(1, 60_000), () => callers.close(0));
  }

  /** Lets everything happen that is due; each event in a turn of its own, so that promises settle between them. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      const turn = (): void => {
        nowPlaying(this);
        if (this.clock.made > MAX_EVENTS) {
          this.history.note('never comes to rest', `after ${MAX_EVENTS} events`);
          resolve();
        } else if (this.clock.advance()) setImmediate(turn);
        else resolve();
      };
      setImmediate(turn);
    });
  }

  #killOrder(place: number): KillOrder | undefined {
    const { chance } = this.planner;
    const isPlanned = chance.happens(this.#climate.kill * 0.6);
    const planned = { boundary: chance.pick(BOUNDARIES), occurrence: chance.pick([1, 1, 1, 2, 3]) };
    if (place !== 0) return undefined;
    if (this.order.kill !== undefined) return { boundary: this.order.kill, occurrence: 1 };
    return isPlanned ? planned : undefined;
  }

  #strangerResumes(): void {
    const commit = this.service.resume('x1', this.service.strangerSelection('x1'), 'stranger');
    this.history.tell?.(`a stranger resumes: ${JSON.stringify(commit)}`);
    if ('execution' in commit) this.history.commits.push(commit);
  }
}
