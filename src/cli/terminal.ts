import { styleText } from 'node:util';
import { visible } from '../render/plain-text.js';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan' | 'magenta';

const ERASE_LINE = '\r\u{1b}[K';
const DEFAULT_COLUMNS = 80;

/** Writes text for people, in colour only on a terminal that wants it. */
export class Terminal {
  readonly #stream: NodeJS.WriteStream;
  /** Whether colours are wanted. */
  readonly coloured: boolean;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    const { NO_COLOR, FORCE_COLOR } = process.env;
    const isForced = !['', '0', 'false'].includes(FORCE_COLOR ?? '');
    const isForbidden = (NO_COLOR ?? '') !== '' || FORCE_COLOR === '0' || FORCE_COLOR === 'false';
    this.coloured = (stream.isTTY || isForced) && !isForbidden;
  }

  get isTTY(): boolean {
    return this.#stream.isTTY;
  }

  /** Whether a line can be written over. */
  get isLive(): boolean {
    return this.#stream.isTTY && process.env['TERM'] !== 'dumb';
  }

  get columns(): number {
    return this.#stream.isTTY && this.#stream.columns > 0 ? this.#stream.columns : DEFAULT_COLUMNS;
  }

  /** The text without anything that a terminal would obey, in a style. */
  style(style: Style, text: string): string {
    const plain = visible(text);
    return this.coloured ? styleText(style, plain, { validateStream: false }) : plain;
  }

  /** A line as it is: what comes from outside must have gone through {@link Terminal.style} or `visible`. */
  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  /** Puts a text in the place of the current line, without ending it. */
  redraw(text: string): void {
    this.#stream.write(`${ERASE_LINE}${text}`);
  }

  /** Lines of names and values, the values one below the other; nothing in them is obeyed. */
  fields(fields: readonly (readonly [string, string])[]): void {
    const width = Math.max(...fields.map(([name]) => name.length));
    for (const [name, value] of fields) this.line(`  ${this.style('dim', name.padEnd(width))}  ${visible(value)}`);
  }
}
