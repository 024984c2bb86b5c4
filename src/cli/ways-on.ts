import { wordsLine } from './command-line.js';
import type { Terminal } from './terminal.js';

/**
 * What can be done about an intent whose effect is unknown, as commands to paste.
 *
 * @param folder - the ledger's, where it was named.
 */
export function showWaysOn(terminal: Terminal, id: string, folder: string | undefined): void {
  const ledger = folder === undefined ? [] : ['--ledger', folder];
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
  terminal.line(`  Look what became of it:     ${wordsLine(['resumable', 'ledger', 'reconcile', id, ...ledger])}`);
  terminal.line(`  Decide, if it happened:     ${settle('happened')}`);
  terminal.line(`  Decide, if it did not:      ${settle('did-not-happen')}`);
}
