import type { AomExecutionDefinition, AomExecutionState, AomNodeDefinition, AomRun } from './emulator-definition.js';
import { DEFAULT_DURATION_MS, isFailedWord, isPausedWord } from './emulator-definition.js';

interface Node {
  readonly definition: AomNodeDefinition;
  readonly durationMs: number;
  readonly outcomes: string[];
  runs: number;
}

type MutableRun = { -readonly [Key in keyof AomRun]: AomRun[Key] };

/** An execution with its runs as it is shown. */
export interface AomView {
  readonly status: string;
  readonly runs: readonly AomRun[];
}

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
  readonly definitions: readonly AomNodeDefinition[];
  readonly #ignored: () => string;
  readonly #nodes: readonly Node[];
  readonly #runs: MutableRun[] = [];
  #status: string;
  #operated: { readonly atMs: number; readonly before: AomView } | undefined;

  /** @param ignored - the word for an execution in which failures were ignored. */
  constructor(definition: AomExecutionDefinition, nowMs: number, ignored: () => string = () => 'fail') {
    const { workflow, execution, status, nodes, stoodForMs = 0 } = definition;
    this.workflow = workflow;
    this.id = execution;
    this.definitions = nodes;
    this.#ignored = ignored;
    this.#nodes = nodes.map((node) => {
      const { durationMs = DEFAULT_DURATION_MS, failures = 0, outcomes } = node;
      return { definition: node, durationMs, outcomes: [...(outcomes ?? Array(failures).fill('fail'))], runs: 0 };
    });
    const spentMs = this.#nodes.reduce((sum, node) => sum + spentOn(node), 0);
    this.startedAtMs = nowMs - stoodForMs - spentMs;
    let beginMs = this.startedAtMs;
    for (const node of this.#nodes) {
      const { id, status: word, error } = node.definition;
      if (word === undefined) continue;
      const endMs = beginMs + spentOn(node);
      this.#runs.push({ node: id, status: word, beginMs, endMs, error: isFailedWord(word) ? error : undefined });
      beginMs = endMs;
    }
    this.#status = status ?? this.#statusOfNodes();
  }

  /** @param staleMs - for how long after an operation it is seen as it was before. */
  viewAt(nowMs: number, staleMs = 0): AomView {
    this.#settle(nowMs);
    if (this.#operated !== undefined && nowMs < this.#operated.atMs + staleMs) return this.#operated.before;
    return { status: this.#status, runs: this.#runs.map((run) => ({ ...run })) };
  }

  stateAt(nowMs: number): AomExecutionState {
    this.#settle(nowMs);
    const nodes = this.#nodes.map(({ definition: { id }, runs }) => {
      return { id, status: this.#latest(id)?.status, runs };
    });
    return { workflow: this.workflow, execution: this.id, status: this.#status, nodes };
  }

  /** Runs the first node that has not run yet, as a fresh execution does. */
  begin(nowMs: number): void {
    this.#status = 'running';
    this.#goOn(nowMs);
  }

  has(nodeId: string): boolean {
    return this.#nodes.some(({ definition: { id } }) => id === nodeId);
  }

  /** Whether an operation fits the node's state. */
  takes(action: string, nodeId: string, nowMs: number): boolean {
    this.#settle(nowMs);
    const status = this.#latest(nodeId)?.status;
    return action === 'continue' ? isPausedWord(status) : isFailedWord(status);
  }

  /** Does an operation: restart runs the node again, skip and continue go on behind it. */
  operate(action: string, nodeId: string, nowMs: number): void {
    this.#operated = { atMs: nowMs, before: this.viewAt(nowMs) };
    const node = this.#nodes.find(({ definition: { id } }) => id === nodeId);
    if (node === undefined) return;
    this.#status = 'running';
    if (action === 'restart') {
      this.#run(node, nowMs);
      return;
    }
    end(this.#latest(nodeId), action === 'skip' ? 'skipped' : 'success', nowMs);
    this.#goOn(nowMs);
  }

  /** @returns whether there was something to stop. */
  terminate(nowMs: number): boolean {
    this.#settle(nowMs);
    if (this.#status === 'success' || this.#status === 'cancel') return false;
    for (const run of this.#runs) if (run.endMs === undefined) end(run, 'cancel', nowMs);
    this.#status = 'cancel';
    return true;
  }

  #settle(nowMs: number): void {
    for (;;) {
      const due = this.#runs
        .filter(({ endMs }) => endMs === undefined)
        .map((run) => ({ run, node: this.#nodeOf(run), endMs: run.beginMs + this.#nodeOf(run).durationMs }))
        .filter(({ endMs }) => endMs <= nowMs)
        .reduce<Due | undefined>(
          (one, other) => (one === undefined || other.endMs < one.endMs ? other : one),
          undefined,
        );
      if (due === undefined) return;
      this.#finish(due);
    }
  }

  #finish({ run, node, endMs }: Due): void {
    const { error, ignoresErrors = false } = node.definition;
    const word = node.outcomes.shift() ?? 'success';
    const failed = isFailedWord(word);
    if (failed) run.error = error;
    end(run, failed && ignoresErrors ? 'success' : word, endMs);
    if (failed && !ignoresErrors) this.#status = 'fail';
    else if (isPausedWord(word)) this.#status = 'pausing';
    else this.#goOn(endMs);
  }

  #goOn(nowMs: number): void {
    const next = this.#nodes.find(({ definition: { id } }) => this.#latest(id) === undefined);
    if (next?.definition.kind === 'pause') {
      next.runs += 1;
      this.#runs.push({ node: next.definition.id, status: 'pausing', beginMs: nowMs, endMs: nowMs, error: undefined });
      this.#status = 'pausing';
    } else if (next !== undefined) {
      this.#run(next, nowMs);
    } else if (this.#runs.every(({ endMs }) => endMs !== undefined)) {
      this.#status = this.#statusOfNodes();
    }
  }

  #run(node: Node, nowMs: number): void {
    node.runs += 1;
    this.#runs.push({
      node: node.definition.id,
      status: 'running',
      beginMs: nowMs,
      endMs: undefined,
      error: undefined,
    });
  }

  #nodeOf({ node }: AomRun): Node {
    const found = this.#nodes.find(({ definition: { id } }) => id === node);
    if (found === undefined) throw new Error(`there is no node ${node}`);
    return found;
  }

  #latest(nodeId: string): MutableRun | undefined {
    return this.#runs.findLast(({ node }) => node === nodeId);
  }

  #statusOfNodes(): string {
    const newest = this.#nodes.map(({ definition: { id } }) => this.#latest(id));
    if (newest.some((run) => isFailedWord(run?.status))) return 'fail';
    if (newest.some((run) => isPausedWord(run?.status))) return 'pausing';
    if (newest.includes(undefined)) return 'running';
    return newest.some((run) => run?.error !== undefined) ? this.#ignored() : 'success';
  }
}

interface Due {
  readonly run: MutableRun;
  readonly node: Node;
  readonly endMs: number;
}

/** What a node has taken before the definition; a pause takes none. */
function spentOn({ definition: { status }, durationMs }: Node): number {
  return status === undefined || isPausedWord(status) ? 0 : durationMs;
}

function end(run: MutableRun | undefined, status: string, nowMs: number): void {
  if (run === undefined) return;
  run.status = status;
  run.endMs = nowMs;
}
