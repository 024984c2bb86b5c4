import type { Progress } from '../progress.js';
import { shorten } from '../render/plain-text.js';
import { STATE_STYLES } from '../render/state-style.js';
import type { ProgressView } from './progress-lines.js';
import { LineView } from './progress-lines.js';
import { doneText, namesOf, runningIn } from './progress-words.js';
import type { Terminal } from './terminal.js';

const TICK_MS = 1_000;

/** Nodes that have ended, one below the other, and below them one line that is drawn again and again. */
export class LiveView extends LineView implements ProgressView {
  readonly #ticking: NodeJS.Timeout;
  #last: Extract<Progress, { kind: 'snapshot' }> | undefined;
  #isDrawn = false;

  constructor(terminal: Terminal, elapsedMs: () => number) {
    super(terminal, elapsedMs);
    this.#ticking = setInterval(() => this.#draw(), TICK_MS);
  }

  override end(): void {
    clearInterval(this.#ticking);
    this.#clear();
  }

  protected override isNews({ node }: Extract<Progress, { kind: 'node' }>): boolean {
    // The line below says what runs.
    return node.state !== 'running' && node.state !== 'waiting';
  }

  protected override snapshot(progress: Extract<Progress, { kind: 'snapshot' }>): void {
    this.#last = progress;
    this.tellUntold();
    this.#draw();
  }

  protected override say(line: string): void {
    this.#clear();
    super.say(line);
    this.#draw();
  }

  #draw(): void {
    const columns = this.terminal.columns - 1;
    const line = `${this.elapsed.padStart(11)}  ${this.#standing()}`;
    this.terminal.redraw(this.terminal.style('cyan', shorten(line, columns)));
    this.#isDrawn = true;
  }

  #standing(): string {
    if (this.#last === undefined) return '… reading';
    const { snapshot, counts } = this.#last;
    const { glyph, word } = STATE_STYLES[snapshot.state];
    const how = snapshot.state === 'running' ? glyph : `${glyph} ${word},`;
    const running = runningIn(snapshot);
    // The names come last: what does not fit is cut off.
    const now = running.length === 0 ? '' : ` · ${running.length} running: ${namesOf(running)}`;
    return `${how} ${doneText(counts)}${now}`;
  }

  #clear(): void {
    if (this.#isDrawn) this.terminal.redraw('');
    this.#isDrawn = false;
  }
}
