import type { Command } from 'commander';
import { Option } from 'commander';
import { config, json, ledgerFolder, milliseconds, notBlank } from './flags.js';
import type { LedgerFlags } from './ledger-command.js';
import type { ReconcileFlags } from './reconcile-command.js';
import type { SettleFlags } from './settle-command.js';

/** `resumable ledger …`. Each command is loaded when it is used. */
export function registerLedgerCommands(root: Command, done: (exitCode: number) => void): void {
  const ledger = root.command('ledger').description('see what was tried, and settle what is unknown');

  ledger
    .command('list')
    .description('list what was tried, what is not settled first; --json prints one line for each')
    .addOption(ledgerFolder())
    .addOption(json())
    .action(async (flags: LedgerFlags) => {
      const { listCommand } = await import('./ledger-command.js');
      done(await listCommand(flags));
    });

  ledger
    .command('show')
    .description('show one intent')
    .argument('<id>', 'the intent’s id')
    .addOption(ledgerFolder())
    .addOption(json())
    .action(async (id: string, flags: LedgerFlags) => {
      const { showCommand } = await import('./ledger-command.js');
      done(await showCommand(id, flags));
    });

  ledger
    .command('reconcile')
    .description('read back what became of an intent; resumes nothing')
    .argument('<id>', 'the intent’s id')
    .addOption(new Option('--read-back-ms <ms>', 'how long to look (default: 90000)').argParser(milliseconds))
    .addOption(ledgerFolder())
    .addOption(json())
    .addOption(config())
    .addHelpText('after', '\nExit codes: 0 it happened, 1 nothing to reconcile, 2 wrong usage, 3 still unknown.')
    .action(async (id: string, flags: ReconcileFlags) => {
      const { reconcileCommand } = await import('./reconcile-command.js');
      done(await reconcileCommand(id, flags));
    });

  ledger
    .command('settle')
    .description('decide what became of an intent that nobody works on; sends nothing')
    .argument('<id>', 'the intent’s id')
    .addOption(
      new Option('--as <verdict>', 'what is true (needed)')
        .choices(['happened', 'did-not-happen'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--actor <name>', 'who decides (needed)').argParser(notBlank).makeOptionMandatory())
    .addOption(new Option('--reason <text>', 'how you know it (needed)').argParser(notBlank).makeOptionMandatory())
    .addOption(
      new Option('--execution <id>', 'the new execution, where the service made one (with --as happened)').argParser(
        notBlank,
      ),
    )
    .addOption(ledgerFolder())
    .addOption(json())
    .addHelpText('after', '\nExit codes: 0 settled, 1 refused: settled already, worked on, or no such intent.')
    .action(async (id: string, flags: SettleFlags) => {
      const { settleCommand } = await import('./settle-command.js');
      done(await settleCommand(id, flags));
    });
}
