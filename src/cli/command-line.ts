import { visible } from '../render/plain-text.js';

/** An execution, and where it is. */
export interface Place {
  readonly connection: string;
  readonly workflow: string;
  readonly execution: string;
  /** The configuration that it is in, where one was named. */
  readonly config?: string | undefined;
}

/** A command about an execution, as it can be pasted into a shell. */
export function commandLine(command: string, { connection, workflow, execution, config }: Place): string {
  return wordsLine(['resumable', command, connection, workflow, execution, ...named('config', config)]);
}

/** An option as words of a command, where it was given. */
export function named(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${option}`, value];
}

/** Words as one command that can be pasted into a shell. */
export function wordsLine(words: readonly string[]): string {
  return visible(words.map(quoted).join(' '));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
