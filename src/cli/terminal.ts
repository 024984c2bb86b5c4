import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Writes text for people, in colour only on a terminal that wants it. */
export class Terminal {
  readonly #stream: NodeJS.WriteStream;
  readonly #coloured: boolean;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    const { NO_COLOR, FORCE_COLOR } = process.env;
    this.#coloured = (stream.isTTY && (NO_COLOR ?? '') === '') || (FORCE_COLOR ?? '') !== '';
  }

  style(style: Style, text: string): string {
    return this.#coloured ? styleText(style, text) : text;
  }

  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  /** Lines of names and values, the values one below the other. */
  fields(fields: readonly (readonly [string, string])[]): void {
    const width = Math.max(...fields.map(([name]) => name.length));
    for (const [name, value] of fields) this.line(`  ${this.style('dim', name.padEnd(width))}  ${value}`);
  }
}
