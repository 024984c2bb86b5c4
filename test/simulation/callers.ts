import type { Outcome, ResumableWorkflow } from '../../src/types.js';
import { candidatesFor } from './candidates.js';
import { Chance } from './chance.js';
import type { TrackedCall } from './history.js';
import { reasonOf } from './history.js';
import { MODEL } from './model.js';
import type { PlannedCall } from './plan.js';
import { STREAM } from './plan.js';
import type { KillOrder, SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** Beyond the time that was asked for, in milliseconds. */
const TOLERANCE_MS = 50;
/** How many calls may follow from one. */
export const MAX_DEPTH = 2;
const ABORTED = new Error('the caller lost interest');

interface Place {
  readonly process: SimulatedProcess;
  readonly workflow: ResumableWorkflow;
}

/** The orchestration code of the schedule: makes the calls, and goes on from what it is told. */
export class Callers {
  readonly #world: World;
  readonly #seed: number;
  readonly #places = new Map<number, Place>();

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#seed = seed;
  }

  open(place: number, killOrder?: KillOrder): void {
    this.#places.set(place, this.#world.startProcess(place, killOrder));
  }

  processAt(place: number): SimulatedProcess | undefined {
    return this.#places.get(place)?.process;
  }

  plan(call: PlannedCall): void {
    this.#world.clock.after(call.atMs, () => this.#make(call));
  }

  close(place: number): void {
    const opened = this.#places.get(place);
    if (opened === undefined || !opened.process.isAwake) return;
    this.#cutShort(opened.process);
    opened.workflow.close().catch((thrown: unknown) => this.#world.history.note('threw', `close(): ${String(thrown)}`));
  }

  /** Somebody may take it for dead, and have another process make the same calls. */
  suspend(place: number, forMs: number): void {
    const { planner, history } = this.#world;
    const process = this.processAt(place);
    if (process === undefined || !process.isAwake) return;
    process.suspend(forMs);
    const chance = new Chance(this.#seed, STREAM.followUp + 8);
    for (const call of history.calls) {
      const { planned, endedAtMs } = call;
      if (call.process !== process || endedAtMs !== undefined || !chance.happens(MODEL.takenForDead)) continue;
      const other = place === 0 ? 1 : 0;
      if (this.processAt(other)?.isAwake !== true) this.open(other);
      const kind = chance.happens(0.7) ? 'attempt' : 'reconcile';
      this.plan({ ...planner.again(planned, kind, Math.round(forMs * chance.next())), place: other });
    }
  }

  /** What was under way is gone; the restarted process tries most of it once more. */
  onKill(killed: SimulatedProcess, place: number): void {
    const { clock, planner, history } = this.#world;
    const chance = new Chance(this.#seed, STREAM.followUp);
    const pending = history.calls.filter(({ process, endedAtMs }) => process === killed && endedAtMs === undefined);
    this.#cutShort(killed);
    const { least, most } = MODEL.processesRestartAfterMs;
    clock.after(chance.acrossMagnitudes(least, most), () => {
      this.open(place);
      for (const { planned } of pending) {
        const kind = chance.oneOf({ attempt: 0.7, reconcile: 0.15 }, 'nothing');
        if (kind !== 'nothing' && planned.depth < MAX_DEPTH) {
          this.plan(planner.again(planned, kind, chance.acrossMagnitudes(1, 1_000)));
        }
      }
    });
  }

  #make(planned: PlannedCall): void {
    const { history, clock } = this.#world;
    const opened = this.#places.get(planned.place);
    if (opened === undefined || !opened.process.isAlive) return;
    const { process, workflow } = opened;
    if (!process.isAwake) {
      process.after(0, () => this.#make(planned));
      return;
    }
    const controller = planned.abortAfterMs === undefined ? undefined : new AbortController();
    const call: TrackedCall = {
      planned,
      process,
      startedAtMs: clock.nowMs,
      sleptMs: process.sleptMs,
      abortedAtMs: undefined,
      endedAtMs: undefined,
      outcome: undefined,
      cutShort: false,
    };
    history.calls.push(call);
    history.tell?.(`${process.name} call ${planned.id}: ${JSON.stringify(planned)}`);
    this.#promise(workflow, planned, controller?.signal).then(
      (outcome) => this.#onOutcome(call, outcome),
      (thrown: unknown) => {
        call.endedAtMs = clock.nowMs;
        history.note('threw', `call ${planned.id}: ${String(thrown)}`);
      },
    );
    if (controller === undefined) return;
    process.after(planned.abortAfterMs ?? 0, () => {
      if (call.endedAtMs !== undefined) return;
      call.abortedAtMs = clock.nowMs;
      controller.abort(ABORTED);
    });
  }

  async #promise(
    workflow: ResumableWorkflow,
    planned: PlannedCall,
    signal: AbortSignal | undefined,
  ): Promise<Outcome | undefined> {
    const { kind, request, timeoutMs, readBackMs, readBack, onUnknown, idempotencyKey } = planned;
    if (kind === 'attempt') {
      const reason = reasonOf(planned);
      const options = { timeoutMs, readBackMs, readBack, onUnknown, idempotencyKey, reason, signal };
      return await workflow.attempt(request, options);
    }
    try {
      const { workflow: name, execution } = request;
      return await workflow.reconcile({ workflow: name, execution }, { readBackMs, signal });
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code === 'NOT_FOUND') return undefined;
      throw thrown;
    }
  }

  #onOutcome(call: TrackedCall, outcome: Outcome | undefined): void {
    const { clock, history } = this.#world;
    call.endedAtMs = clock.nowMs;
    call.outcome = outcome;
    history.tell?.(`${call.process.name} call ${call.planned.id} is told: ${wordsOf(outcome)}`);
    this.#checkTime(call, clock.nowMs);
    if (outcome?.status === 'accepted') {
      for (const tracked of candidatesFor(history, call)) tracked.toldAtMs ??= clock.nowMs;
    }
    this.#followUp(call, outcome);
  }

  #checkTime({ planned, process, startedAtMs, sleptMs, abortedAtMs }: TrackedCall, nowMs: number): void {
    const { id, kind, timeoutMs, readBack, readBackMs, onUnknown } = planned;
    if (process.sleptMs !== sleptMs) return;
    const { history } = this.#world;
    if (abortedAtMs !== undefined && nowMs > abortedAtMs + TOLERANCE_MS) {
      history.note('settled too late', `call ${id}: ${nowMs - abortedAtMs} ms after its abort`);
    }
    if (kind === 'reconcile') return;
    const once = timeoutMs + (readBack === 'on' ? readBackMs : 0);
    const limitMs = readBack === 'on' && onUnknown === 'send-again' ? 2 * once : once;
    if (nowMs - startedAtMs > limitMs + TOLERANCE_MS) {
      history.note('settled too late', `call ${id}: after ${nowMs - startedAtMs} ms instead of ${limitMs} ms`);
    }
  }

  #followUp({ planned, process }: TrackedCall, outcome: Outcome | undefined): void {
    if (planned.depth >= MAX_DEPTH || outcome === undefined || !process.isAlive) return;
    const chance = new Chance(this.#seed, STREAM.followUp + 16 * planned.id);
    const wish = chance.next();
    const afterMs = chance.acrossMagnitudes(1, 60_000);
    const { planner } = this.#world;
    const asksAgain = { accepted: 0.1, refused: 0.25, unknown: 0.3 }[outcome.status];
    if (wish < asksAgain) this.plan(planner.again(planned, 'attempt', afterMs));
    else if (outcome.status === 'unknown' && wish < asksAgain + 0.1) {
      this.plan(planner.again(planned, 'reconcile', afterMs));
    }
  }

  #cutShort(process: SimulatedProcess): void {
    for (const call of this.#world.history.calls) {
      if (call.process === process && call.endedAtMs === undefined) call.cutShort = true;
    }
  }
}

function wordsOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'there is nothing to reconcile';
  if (outcome.status !== 'accepted') return `${outcome.status}, ${outcome.error.message}`;
  const { execution, confirmedBy, warnings } = outcome.receipt;
  return [`accepted as ${execution} by ${confirmedBy}`, ...warnings].join('; ');
}
