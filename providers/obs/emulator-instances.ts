import { createHash } from 'node:crypto';

/** A step of a graph, in the order in which it runs. */
export interface ObsStep {
  readonly name: string;
  /** @default 'OPERATION' */
  readonly type?: string | undefined;
}

/** What becomes of an instance when it runs on. */
export interface ObsRun {
  /** The step that fails; left out where all succeed. */
  readonly failsAt?: string | undefined;
  /** How long each step takes, in virtual milliseconds. @default 1000 */
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
  /** What each restore leads to, first come first served; after the last one everything succeeds. */
  readonly runs?: readonly ObsRun[] | undefined;
}

/** One workflow instance: a line of steps that the virtual clock moves along. */
export class ObsInstance {
  readonly workflow: string;
  readonly execution: string;
  readonly urn: string;
  readonly startedAtMs: number;
  readonly #steps: readonly ObsStep[];
  readonly #runs: ObsRun[];
  #run: { readonly script: ObsRun; readonly sinceMs: number; readonly from: number } | undefined;
  #state: string;
  #position: number;
  #restoredAtMs: number | undefined;

  constructor(definition: ObsInstanceDefinition, region: string, projectId: string, nowMs: number) {
    this.workflow = definition.workflow;
    this.execution = definition.execution;
    this.urn = `urn:fgs:${region}:${projectId}:execution:${definition.workflow}:${definition.execution}:domain`;
    this.startedAtMs = nowMs;
    this.#steps = definition.steps;
    this.#runs = [...(definition.runs ?? [])];
    this.#state = definition.state ?? 'FAILED';
    const position = definition.steps.findIndex(({ name }) => name === definition.standsAt);
    this.#position = position < 0 ? definition.steps.length - 1 : position;
    if (this.#state === 'RUNNING') this.#run = this.#runFrom(0, nowMs);
  }

  /** When it was restored last, in epoch milliseconds. */
  get restoredAtMs(): number | undefined {
    return this.#restoredAtMs;
  }

  stateAt(nowMs: number): string {
    this.#advance(nowMs);
    return this.#state;
  }

  /** Carries on at the step where it stands. */
  restore(nowMs: number): void {
    this.#run = this.#runFrom(this.#position, nowMs);
    this.#state = 'RUNNING';
    this.#restoredAtMs = nowMs;
  }

  /** The `state_map` of the documents. */
  stepsAt(nowMs: number, failedWord: string): Record<string, { state_name: string; status: string; type: string }> {
    this.#advance(nowMs);
    return Object.fromEntries(
      this.#steps.map(({ name, type = 'OPERATION' }, index) => {
        return [name, { state_name: name, status: this.#stepStatus(index, failedWord), type }];
      }),
    );
  }

  #runFrom(from: number, sinceMs: number) {
    return { script: this.#runs.shift() ?? {}, sinceMs, from };
  }

  #stepStatus(index: number, failedWord: string): string {
    if (this.#state === 'SUCCESS' || index < this.#position) return 'SUCCESS';
    if (index > this.#position) return 'NOTRUNNING';
    return this.#state === 'RUNNING' ? 'RUNNING' : failedWord;
  }

  #advance(nowMs: number): void {
    if (this.#run === undefined) return;
    const { script, sinceMs, from } = this.#run;
    const { failsAt, stepMs = 1_000 } = script;
    const fails = this.#steps.findIndex(({ name }) => name === failsAt);
    const last = fails < 0 ? this.#steps.length - 1 : fails;
    const done = from + Math.floor((nowMs - sinceMs) / stepMs);
    this.#position = Math.min(done, last);
    if (done <= last) return;
    this.#state = fails < 0 ? 'SUCCESS' : 'FAILED';
    this.#run = undefined;
  }
}

/** A name in the form of the documents' one example: 56 lowercase hexadecimal characters. */
export function executionNameOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 56);
}
