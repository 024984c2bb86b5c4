import { createHash } from 'node:crypto';

/** A step of a graph, in the order in which it runs. */
export interface ObsStep {
  readonly name: string;
  /** @default 'OPERATION' */
  readonly type?: string | undefined;
  /** How long it takes, in virtual milliseconds. @default 1000 */
  readonly durationMs?: number | undefined;
}

/** What becomes of an instance when it runs on. */
export interface ObsRun {
  /** The step that fails; left out where all succeed. */
  readonly failsAt?: string | undefined;
  /** What went wrong there; shown where the knob `showsErrors` says so. */
  readonly error?: string | undefined;
  /** The instance's word after it: a pause or a timeout is another one. @default 'FAILED' */
  readonly endsAs?: string | undefined;
  /** How long each step takes, in virtual milliseconds. @default what the step says */
  readonly stepMs?: number | undefined;
}

/** A workflow instance to put into the emulator. */
export interface ObsInstanceDefinition {
  readonly workflow: string;
  readonly execution: string;
  readonly steps: readonly ObsStep[];
  /** Its state now. @default 'FAILED' */
  readonly state?: string | undefined;
  /** The step at which it stands, for a failed instance. @default the last one */
  readonly standsAt?: string | undefined;
  /** What went wrong there; shown where the knob `showsErrors` says so. */
  readonly error?: string | undefined;
  /** How long it has stood there, in virtual milliseconds. @default 0 */
  readonly stoodForMs?: number | undefined;
  /** What each restore leads to, first come first served; after the last one everything succeeds. */
  readonly runs?: readonly ObsRun[] | undefined;
}

/** A step as it stands. */
export interface ObsStepView {
  readonly name: string;
  readonly type: string;
  readonly stands: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Of its newest run, and of the first one. Epoch milliseconds. */
  readonly startedAtMs: number | undefined;
  readonly firstStartedAtMs: number | undefined;
  readonly error: string | undefined;
}

/** An instance as it stands. */
export interface ObsView {
  readonly state: string;
  readonly steps: readonly ObsStepView[];
  /** Epoch milliseconds; undefined while it runs. */
  readonly stoppedAtMs: number | undefined;
  /** When it was restored last, in epoch milliseconds. */
  readonly restoredAtMs: number | undefined;
}

interface Run {
  readonly script: ObsRun;
  /** When its next step is due to end, in epoch milliseconds. */
  dueMs: number;
}

const DEFAULT_STEP_MS = 1_000;

/** One workflow instance: a line of steps that the virtual clock moves along. */
export class EmulatedInstance {
  readonly workflow: string;
  readonly execution: string;
  readonly urn: string;
  readonly startedAtMs: number;
  readonly steps: readonly ObsStep[];
  readonly #started: { firstMs: number; newestMs: number }[] = [];
  readonly #scripts: ObsRun[];
  #run: Run | undefined;
  #state: string;
  #error: string | undefined;
  #position: number;
  #stoppedAtMs: number | undefined;
  #restoredAtMs: number | undefined;
  #beforeRestore: ObsView | undefined;

  constructor(definition: ObsInstanceDefinition, region: string, projectId: string, nowMs: number) {
    const { workflow, execution, steps, state = 'FAILED', standsAt, stoodForMs = 0, runs = [], error } = definition;
    this.workflow = workflow;
    this.execution = execution;
    this.urn = `urn:fgs:${region}:${projectId}:execution:${workflow}:${execution}:domain`;
    this.steps = steps;
    this.#scripts = [...runs];
    this.#state = state;
    this.#error = error;
    const position = steps.findIndex(({ name }) => name === standsAt);
    this.#position = position < 0 ? steps.length - 1 : position;
    if (state === 'RUNNING') {
      this.startedAtMs = nowMs;
      this.#goOn(0, nowMs);
      return;
    }
    const done = steps.slice(0, this.#position + 1).map(({ durationMs = DEFAULT_STEP_MS }) => durationMs);
    this.startedAtMs = nowMs - stoodForMs - done.reduce((one, other) => one + other, 0);
    this.#stoppedAtMs = nowMs - stoodForMs;
    let beganMs = this.startedAtMs;
    for (const [index, durationMs] of done.entries()) {
      this.#begin(index, beganMs);
      beganMs += durationMs;
    }
  }

  stateAt(nowMs: number): string {
    this.#advance(nowMs);
    return this.#state;
  }

  /** Carries on at the step where it stands. */
  restore(nowMs: number): void {
    this.#beforeRestore = this.viewAt(nowMs);
    this.#state = 'RUNNING';
    this.#stoppedAtMs = undefined;
    this.#error = undefined;
    this.#restoredAtMs = nowMs;
    this.#goOn(this.#position, nowMs);
  }

  /** @param staleMs - for how long after a restore it is seen as it was before. */
  viewAt(nowMs: number, staleMs = 0): ObsView {
    this.#advance(nowMs);
    const isStale = this.#restoredAtMs !== undefined && nowMs < this.#restoredAtMs + staleMs;
    if (isStale && this.#beforeRestore !== undefined) return this.#beforeRestore;
    return {
      state: this.#state,
      steps: this.steps.map(({ name, type = 'OPERATION' }, index) => {
        const stands = this.#standingOf(index);
        const { firstMs, newestMs } = this.#started[index] ?? {};
        const error = stands === 'failed' ? this.#error : undefined;
        return { name, type, stands, startedAtMs: newestMs, firstStartedAtMs: firstMs, error };
      }),
      stoppedAtMs: this.#stoppedAtMs,
      restoredAtMs: this.#restoredAtMs,
    };
  }

  #standingOf(index: number): ObsStepView['stands'] {
    if (this.#state === 'SUCCESS' || index < this.#position) return 'succeeded';
    if (index > this.#position) return 'waiting';
    return this.#state === 'RUNNING' ? 'running' : 'failed';
  }

  #goOn(position: number, nowMs: number): void {
    const script = this.#scripts.shift() ?? {};
    this.#position = position;
    this.#begin(position, nowMs);
    this.#run = { script, dueMs: nowMs + this.#durationOf(position, script) };
  }

  #begin(index: number, nowMs: number): void {
    this.#started[index] = { firstMs: this.#started[index]?.firstMs ?? nowMs, newestMs: nowMs };
  }

  #durationOf(index: number, { stepMs }: ObsRun): number {
    return stepMs ?? this.steps[index]?.durationMs ?? DEFAULT_STEP_MS;
  }

  #advance(nowMs: number): void {
    while (this.#run !== undefined && this.#run.dueMs <= nowMs) {
      const { script, dueMs } = this.#run;
      const fails = this.steps[this.#position]?.name === script.failsAt;
      if (fails || this.#position >= this.steps.length - 1) {
        this.#state = fails ? (script.endsAs ?? 'FAILED') : 'SUCCESS';
        this.#error = fails ? script.error : undefined;
        this.#stoppedAtMs = dueMs;
        this.#run = undefined;
        return;
      }
      this.#position += 1;
      this.#begin(this.#position, dueMs);
      this.#run.dueMs = dueMs + this.#durationOf(this.#position, script);
    }
  }
}

/** A name in the form of the documents' one example: 56 lowercase hexadecimal characters. */
export function executionNameOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 56);
}
