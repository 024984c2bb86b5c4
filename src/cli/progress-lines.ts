import type { Progress } from '../progress.js';
import { oneLine } from '../render/plain-text.js';
import { duration } from '../render/wording.js';
import { stateMark } from './execution-line.js';
import { countsText, namesOf, nodeDetails, runningIn } from './progress-words.js';
import type { Terminal } from './terminal.js';

/** Shows what `follow` tells, one by one. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

type NodeProgress = Extract<Progress, { kind: 'node' }>;
type SnapshotProgress = Extract<Progress, { kind: 'snapshot' }>;

const QUIET_MS = 30_000;
/** Of one reading: a large run changes by the hundred. */
const MAX_LINES = 20;
const TROUBLE: ReadonlySet<string> = new Set(['failed', 'paused', 'stopped', 'unknown']);

/** One line for each node that changes its state, and for how it stands where nothing has been said for a while. */
export class LineView implements ProgressView {
  protected readonly terminal: Terminal;
  readonly #elapsedMs: () => number;
  #saidAtMs: number | undefined;
  #told = 0;
  #untold = 0;
  #isBroken = false;

  /** @param elapsedMs - since what is followed began. */
  constructor(terminal: Terminal, elapsedMs: () => number) {
    this.terminal = terminal;
    this.#elapsedMs = elapsedMs;
  }

  show(progress: Progress): void {
    switch (progress.kind) {
      case 'node':
        if (this.isNews(progress)) this.#tell(progress);
        break;
      case 'snapshot':
        this.snapshot(progress);
        break;
      case 'read-failed':
        this.#broken(progress);
        break;
    }
  }

  end(): void {}

  /** Whether a change of a node deserves a line. */
  protected isNews(_progress: NodeProgress): boolean {
    return true;
  }

  protected snapshot({ snapshot, counts, settled }: SnapshotProgress): void {
    this.tellUntold();
    if (!settled && this.#saidAtMs !== undefined && this.#elapsedMs() - this.#saidAtMs < QUIET_MS) return;
    const running = runningIn(snapshot);
    const now = running.length === 0 ? '' : `; now ${namesOf(running)}`;
    this.say(`${stateMark(this.terminal, snapshot.state, 9)}  ${countsText(counts)}${now}`);
  }

  /** Ends what belongs to one reading. */
  protected tellUntold(): void {
    if (this.#untold > 0) this.say(this.terminal.style('dim', `… ${this.#untold} more nodes have changed`));
    [this.#told, this.#untold, this.#isBroken] = [0, 0, false];
  }

  /** Writes a line behind the time that has passed. */
  protected say(line: string): void {
    this.#saidAtMs = this.#elapsedMs();
    this.terminal.line(`${this.terminal.style('dim', this.elapsed.padStart(11))}  ${line}`);
  }

  protected get elapsed(): string {
    const ms = this.#elapsedMs();
    return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : duration(ms);
  }

  #tell({ node }: NodeProgress): void {
    this.#told += 1;
    if (this.#told > MAX_LINES && !TROUBLE.has(node.state)) {
      this.#untold += 1;
      return;
    }
    this.say(`${stateMark(this.terminal, node.state, 9)}  ${oneLine(node.name)}${nodeDetails(node)}`);
  }

  /** A service that is not to be read for a while is told of once. */
  #broken({ error }: Extract<Progress, { kind: 'read-failed' }>): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const said = `! reading failed, and is tried again (${error.code}): ${oneLine(error.message)}`;
    this.say(this.terminal.style('yellow', said));
  }
}
