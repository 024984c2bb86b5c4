#!/usr/bin/env node
import { Argument, Command, CommanderError, Option } from 'commander';
import { ResumeError } from '../errors.js';
import { LedgerError } from '../ledger/ledger-error.js';
import type { EmulateFlags } from './emulate-command.js';
import { EXIT, exitCodeOf, UsageError } from './exit-codes.js';
import { collect, config, json, ledgerFolder, milliseconds, notBlank } from './flags.js';
import { RefusedError } from './refused-error.js';
import { registerLedgerCommands } from './register-ledger-commands.js';
import type { ResumeFlags } from './resume-command.js';

/** The command line. Each command is loaded when it is used. */
function program(done: (exitCode: number) => void): Command {
  const root = new Command('resumable')
    .description('Resume failed or paused workflows on any cloud, at most once.')
    .exitOverride()
    .showHelpAfterError();

  root
    .command('resume')
    .description('resume one execution')
    .addArgument(new Argument('<connection>', 'its name in the configuration'))
    .addArgument(new Argument('<workflow>', 'OBS graph name, Glue workflow name, AOM workflow id'))
    .addArgument(new Argument('<execution>', 'OBS execution name, Glue run id, AOM execution id'))
    .addOption(
      new Option('--action <action>', 'what to do')
        .choices(['resume', 'restart', 'skip', 'continue'])
        .default('resume'),
    )
    .addOption(new Option('--node <id>', 'a node to act on; may be given several times').argParser(collect))
    .addOption(
      new Option('--timeout-ms <ms>', 'bounds the call up to its answer (default: 30000)').argParser(milliseconds),
    )
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
    .addOption(json())
    .addOption(config())
    .addHelpText('after', '\nExit codes: 0 accepted, 1 refused with no effect, 2 wrong usage, 3 effect unknown.')
    .action(async (connection: string, workflow: string, execution: string, flags: ResumeFlags) => {
      const { resumeCommand } = await import('./resume-command.js');
      done(await resumeCommand(connection, workflow, execution, flags));
    });

  registerLedgerCommands(root, done);

  root
    .command('connections')
    .description('list the configured connections and what each can do')
    .addOption(json())
    .addOption(config())
    .action(async (flags: { json?: boolean; config?: string }) => {
      const { connectionsCommand } = await import('./connections-command.js');
      done(await connectionsCommand(flags));
    });

  root
    .command('emulate')
    .description('play the services on this machine until Ctrl-C; prints one JSON line for each')
    .addOption(new Option('--port <provider=port>', 'fix a port; may be given several times').argParser(collect))
    .addOption(new Option('--access-key <id>', 'the access key that the emulators know'))
    .addOption(new Option('--secret-key <secret>', 'its secret'))
    .addOption(new Option('--security-token <token>', 'its token, for temporary credentials'))
    .addOption(new Option('--project-id <id>', 'the project that the emulators know'))
    .addOption(new Option('--clock <time>', 'freeze the clock, such as 2020-08-27T12:38:10Z'))
    .action(async (flags: EmulateFlags) => {
      const { emulateCommand } = await import('./emulate-command.js');
      done(await emulateCommand(flags));
    });

  root
    .command('demo')
    .description('resume a failed workflow on each emulator and show what happened')
    .addOption(json())
    .action(async (flags: { json?: boolean }) => {
      const { demoCommand } = await import('./demo-command.js');
      done(await demoCommand(flags));
    });

  return root;
}

async function main(): Promise<void> {
  try {
    await program((exitCode) => {
      process.exitCode = exitCode;
    }).parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOfFailure(error);
  }
}

function exitCodeOfFailure(error: unknown): number {
  // Commander has told the reader already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  // Nothing was sent: a resume tells of a ledger that fails in its verdict.
  if (error instanceof RefusedError || error instanceof LedgerError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.refused;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return ResumeError.isInstance(error) ? exitCodeOf(error.effect) : EXIT.unknown;
}

// Whoever read the output may be gone (`| head`), or the disk full: the exit code is the verdict and must survive that.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Node's own code for a stray error is 1, which says here that nothing was resumed.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(EXIT.unknown));
});
await main();
// What others left open (a credential_process, a probe of the machine's metadata) must not hold back the exit code.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit();
