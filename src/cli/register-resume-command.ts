import type { Command } from 'commander';
import { Option } from 'commander';
import { optionalConnection, optionalExecution, optionalWorkflow } from './arguments.js';
import { action, config, json, ledgerFolder, milliseconds, node, notBlank, poll, timeout } from './flags.js';
import type { ResumeFlags } from './resume-command.js';
import { neededWithout } from './usage.js';

const HELP = `
On a terminal it looks first what the resume would do, says so, and asks where nodes that succeeded would run again;
exactly what was shown is applied. Where its input or its messages are piped it asks nothing and looks at nothing.

Exit codes: 0 accepted (with --follow: and the run succeeded), 1 refused with no effect, 2 wrong usage, 3 effect
unknown, 4 resumed, but not seen to succeed: the run failed, was stopped, is paused or unknown at its end, or following
it ended before.`;

/** `resumable resume`. It is loaded when it is used. */
export function registerResumeCommand(root: Command, done: (exitCode: number) => void): void {
  const plan = new Option(
    '--plan <file>',
    'apply what "resumable plan --out" wrote, if nothing has changed since',
  ).argParser(notBlank);
  const named = [optionalConnection(), optionalWorkflow('--plan'), optionalExecution('--plan')] as const;
  neededWithout(plan, ...named);
  root
    .command('resume')
    .description('resume one execution')
    .addArgument(named[0])
    .addArgument(named[1])
    .addArgument(named[2])
    .addOption(action())
    .addOption(node())
    .addOption(plan)
    .addOption(new Option('--follow', 'follow the run to its end'))
    .addOption(poll())
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addOption(new Option('--blind', 'neither look first what it would do, nor ask'))
    .addOption(timeout('bounds the call up to its answer'))
    .addOption(
      new Option('--idempotency-key <key>', 'names this resume: again with the same key tells its verdict').argParser(
        notBlank,
      ),
    )
    .addOption(new Option('--reason <text>', 'why, for the ledger').argParser(notBlank))
    .addOption(new Option('--actor <name>', 'who, for the ledger').argParser(notBlank))
    .addOption(new Option('--no-read-back', 'do not look for the effect where the answer is lost'))
    .addOption(
      new Option('--read-back-ms <ms>', 'how long to look for it, after the timeout (default: 90000)').argParser(
        milliseconds,
      ),
    )
    .addOption(ledgerFolder())
    .addOption(json('print the result as JSON; with --follow also one line for each thing that happens'))
    .addOption(config())
    .addHelpText('after', HELP)
    .action(async (connection: string | undefined, workflow, execution, flags: ResumeFlags) => {
      const { resumeCommand } = await import('./resume-command.js');
      done(await resumeCommand({ connection, workflow, execution }, flags));
    });
}
