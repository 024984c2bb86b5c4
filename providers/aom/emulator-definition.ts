/** A node of an emulated execution. */
export interface AomNodeDefinition {
  readonly id: string;
  /** @default the id */
  readonly name?: string | undefined;
  /** Its state: any word. Left out, it has not run yet. */
  readonly status?: string | undefined;
  /** A pause node stops the execution until it is continued. @default 'task' */
  readonly kind?: 'task' | 'pause' | undefined;
  /** How long a run takes, in virtual milliseconds. @default 1000 */
  readonly durationMs?: number | undefined;
  /** How many of its next runs fail. @default 0 */
  readonly failures?: number | undefined;
  /**
   * The words that its next runs end in, first come first served, then success. A failure or a pause stops the
   * execution there, any other word does not.
   *
   * @default `failures` times "fail"
   */
  readonly outcomes?: readonly string[] | undefined;
  /** What a run that fails says, in its output's `fail`. */
  readonly error?: string | undefined;
  /** A run that fails is shown as a success with a `fail` in its output, and the execution goes on. @default false */
  readonly ignoresErrors?: boolean | undefined;
}

/** An execution to emulate. */
export interface AomExecutionDefinition {
  readonly workflow: string;
  readonly execution: string;
  /** Its state: any word. @default what its nodes say */
  readonly status?: string | undefined;
  readonly nodes: readonly AomNodeDefinition[];
  /** How long it has stood there, in virtual milliseconds. @default 0 */
  readonly stoodForMs?: number | undefined;
}

/** A node as it stands. */
export interface AomNodeState {
  readonly id: string;
  /** Undefined while it has not run. */
  readonly status: string | undefined;
  /** How often an operation or the flow has set it going. */
  readonly runs: number;
}

/** An execution as it stands. */
export interface AomExecutionState {
  readonly workflow: string;
  readonly execution: string;
  readonly status: string;
  readonly nodes: readonly AomNodeState[];
}

/** One run of a node, as `execution_result_list` shows it. Times in epoch milliseconds. */
export interface AomRun {
  readonly node: string;
  readonly status: string;
  readonly beginMs: number;
  readonly endMs: number | undefined;
  /** What failed inside it. */
  readonly error: string | undefined;
}

export const DEFAULT_DURATION_MS = 1_000;

export function isFailedWord(status = ''): boolean {
  return ['fail', 'failed', 'error', 'timeout'].includes(status.toLowerCase());
}

export function isPausedWord(status = ''): boolean {
  return ['pausing', 'paused', 'pause', 'suspended'].includes(status.toLowerCase());
}
