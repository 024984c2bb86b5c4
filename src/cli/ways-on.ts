import { named, wordsLine } from './command-line.js';
import type { Terminal } from './terminal.js';

/** What a command was told by flags, and what the commands to paste must be told as well. */
export interface NamedFlags {
  /** The ledger's folder. */
  readonly ledger?: string | undefined;
  readonly config?: string | undefined;
}

/** What can be done about an intent whose effect is unknown, as commands to paste. */
export function showWaysOn(terminal: Terminal, id: string, flags: NamedFlags): void {
  const ledger = named('ledger', flags.ledger);
  const look = ['resumable', 'ledger', 'reconcile', id, ...ledger, ...named('config', flags.config)];
  const settle = (as: string): string =>
    wordsLine([
      'resumable',
      'ledger',
      'settle',
      id,
      '--as',
      as,
      '--actor',
      'you',
      '--reason',
      'how you know',
      ...ledger,
    ]);
  terminal.line(`  Look what became of it:     ${wordsLine(look)}`);
  terminal.line(`  Decide, if it happened:     ${settle('happened')}`);
  terminal.line(`  Decide, if it did not:      ${settle('did-not-happen')}`);
}
