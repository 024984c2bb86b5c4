#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ResumeError } from '../errors.js';
import { LedgerError } from '../ledger/ledger-error.js';
import { EXIT, exitCodeOf, UsageError } from './exit-codes.js';
import { config } from './flags.js';
import { handDown } from './hand-down.js';
import { RefusedError } from './refused-error.js';
import { registerLedgerCommands } from './register-ledger-commands.js';
import { registerLookCommands } from './register-look-commands.js';
import { registerResumeCommand } from './register-resume-command.js';
import { registerToolCommands } from './register-tool-commands.js';
import { tellAllAtOnce } from './usage.js';

/** The commands whose exit code says what became of a resume. */
const WITH_VERDICT: ReadonlySet<string> = new Set(['resume', 'reconcile', 'settle']);

let hasVerdict = false;
/** Why standard output did not take all. */
let unwritten: string | undefined;

/** The command line. Each command is loaded when it is used. */
function program(done: (exitCode: number) => void): Command {
  const root = new Command('resumable')
    .description('Resume failed or paused workflows on any cloud, at most once.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows all flags)')
    // So that what comes after a command is that command's.
    .enablePositionalOptions()
    .addOption(config());

  registerResumeCommand(root, done);
  registerLookCommands(root, done);
  registerLedgerCommands(root, done);
  registerToolCommands(root, done);
  root.hook('preAction', (_root, command) => {
    hasVerdict = WITH_VERDICT.has(command.name());
  });
  handDown(root, 'config');
  tellAllAtOnce(root);
  return root;
}

function version(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function flushed(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((done) => stream.write('', done));
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
process.stderr.on('error', () => {});
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') unwritten = message;
});
// Node's own code for a stray error is 1, which says here that nothing was resumed.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(EXIT.unknown));
});
// The note of a vendor's SDK on coming Node versions is for whoever runs it, not for each command's reader.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
await main();
// What others left open (a credential_process, a probe of the machine's metadata) must not hold back the exit code.
await flushed(process.stdout);
if (unwritten !== undefined) {
  process.stderr.write(`What there was to tell could not be written: ${unwritten}\n`);
  // Another code says more, such as that the run which was followed has failed.
  if (!hasVerdict && process.exitCode === EXIT.accepted) process.exitCode = EXIT.refused;
}
await flushed(process.stderr);
process.exit();
