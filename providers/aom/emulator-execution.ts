/** A node of an emulated execution. */
export interface AomNodeDefinition {
  readonly id: string;
  /** Its state: any word. Left out, it has not run yet. */
  readonly status?: string | undefined;
  /** A pause node stops the execution until it is continued. @default 'task' */
  readonly kind?: 'task' | 'pause' | undefined;
  /** How long a run takes, in virtual milliseconds. @default 1000 */
  readonly durationMs?: number | undefined;
  /** How many of its next runs fail. @default 0 */
  readonly failures?: number | undefined;
}

/** An execution to emulate. */
export interface AomExecutionDefinition {
  readonly workflow: string;
  readonly execution: string;
  /** Its state: any word. @default what its nodes say */
  readonly status?: string | undefined;
  readonly nodes: readonly AomNodeDefinition[];
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

/** One run of a node, as `execution_result_list` shows it. */
export interface AomRun {
  readonly node: string;
  status: string;
  readonly beginMs: number;
  endMs: number | undefined;
}

interface Node {
  readonly id: string;
  readonly kind: 'task' | 'pause';
  readonly durationMs: number;
  failures: number;
  runs: number;
}

const DEFAULT_DURATION_MS = 1_000;

/**
 * One execution: its nodes run in order in virtual time, a failed node or a pause node stops it.
 *
 * Only "success" is a documented word for a node. "fail", "running", "pausing" and "skipped" are borrowed from the words
 * for tasks and executions; that every run stays in the list is undocumented too.
 */
export class AomEmulatedExecution {
  readonly workflow: string;
  readonly id: string;
  readonly startedAtMs: number;
  readonly #nodes: readonly Node[];
  readonly #runs: AomRun[] = [];
  #status: string;

  constructor({ workflow, execution, status, nodes }: AomExecutionDefinition, nowMs: number) {
    this.workflow = workflow;
    this.id = execution;
    this.startedAtMs = nowMs;
    this.#nodes = nodes.map(({ id, kind = 'task', durationMs = DEFAULT_DURATION_MS, failures = 0 }) => {
      return { id, kind, durationMs, failures, runs: 0 };
    });
    for (const { id, status: state } of nodes) {
      if (state !== undefined) this.#runs.push({ node: id, status: state, beginMs: nowMs, endMs: nowMs });
    }
    this.#status = status ?? this.#statusOfNodes();
  }

  runsAt(nowMs: number): readonly AomRun[] {
    this.#settle(nowMs);
    return this.#runs;
  }

  stateAt(nowMs: number): AomExecutionState {
    this.#settle(nowMs);
    const nodes = this.#nodes.map(({ id, runs }) => ({ id, status: this.#latest(id)?.status, runs }));
    return { workflow: this.workflow, execution: this.id, status: this.#status, nodes };
  }

  /** Runs the first node that has not run yet, as a fresh execution does. */
  begin(nowMs: number): void {
    this.#status = 'running';
    this.#goOn(nowMs);
  }

  has(nodeId: string): boolean {
    return this.#nodes.some(({ id }) => id === nodeId);
  }

  /** Whether an operation fits the node's state. */
  takes(action: string, nodeId: string, nowMs: number): boolean {
    this.#settle(nowMs);
    const status = this.#latest(nodeId)?.status;
    return action === 'continue' ? isPaused(status) : isFailed(status);
  }

  /** Does an operation: restart runs the node again, skip and continue go on behind it. */
  operate(action: string, nodeId: string, nowMs: number): void {
    this.#settle(nowMs);
    const node = this.#nodes.find(({ id }) => id === nodeId);
    if (node === undefined) return;
    this.#status = 'running';
    if (action === 'restart') {
      this.#run(node, nowMs);
      return;
    }
    this.#end(nodeId, action === 'skip' ? 'skipped' : 'success', nowMs);
    this.#goOn(nowMs);
  }

  /** @returns whether there was something to stop. */
  terminate(nowMs: number): boolean {
    this.#settle(nowMs);
    if (this.#status === 'success' || this.#status === 'cancel') return false;
    for (const run of this.#runs) {
      if (run.endMs === undefined) this.#end(run.node, 'cancel', nowMs);
    }
    this.#status = 'cancel';
    return true;
  }

  #settle(nowMs: number): void {
    for (;;) {
      const open = this.#runs.find(({ endMs }) => endMs === undefined);
      const node = this.#nodes.find(({ id }) => id === open?.node);
      if (open === undefined || node === undefined || open.beginMs + node.durationMs > nowMs) return;
      const endMs = open.beginMs + node.durationMs;
      if (node.failures > 0) {
        node.failures -= 1;
        this.#end(node.id, 'fail', endMs);
        this.#status = 'fail';
      } else {
        this.#end(node.id, 'success', endMs);
        this.#goOn(endMs);
      }
    }
  }

  #goOn(nowMs: number): void {
    const next = this.#nodes.find(({ id }) => this.#latest(id) === undefined);
    if (next?.kind === 'pause') {
      next.runs += 1;
      this.#runs.push({ node: next.id, status: 'pausing', beginMs: nowMs, endMs: nowMs });
      this.#status = 'pausing';
    } else if (next !== undefined) {
      this.#run(next, nowMs);
    } else if (this.#runs.every(({ endMs }) => endMs !== undefined)) {
      this.#status = this.#statusOfNodes();
    }
  }

  #run(node: Node, nowMs: number): void {
    node.runs += 1;
    this.#runs.push({ node: node.id, status: 'running', beginMs: nowMs, endMs: undefined });
  }

  #end(nodeId: string, status: string, nowMs: number): void {
    const run = this.#latest(nodeId);
    if (run === undefined) return;
    run.status = status;
    run.endMs = nowMs;
  }

  #latest(nodeId: string): AomRun | undefined {
    return this.#runs.findLast(({ node }) => node === nodeId);
  }

  #statusOfNodes(): string {
    const words = this.#nodes.map(({ id }) => this.#latest(id)?.status);
    if (words.some(isFailed)) return 'fail';
    if (words.some(isPaused)) return 'pausing';
    return words.includes(undefined) ? 'running' : 'success';
  }
}

function isFailed(status = ''): boolean {
  return ['fail', 'failed', 'error', 'timeout'].includes(status.toLowerCase());
}

function isPaused(status = ''): boolean {
  return ['pausing', 'paused', 'pause', 'suspended'].includes(status.toLowerCase());
}
