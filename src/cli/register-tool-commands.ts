import type { Command } from 'commander';
import { Option } from 'commander';
import type { EmulateFlags } from './emulate-command.js';
import { collect, config, json } from './flags.js';

/** `resumable connections`, `emulate` and `demo`. Each is loaded when it is used. */
export function registerToolCommands(root: Command, done: (exitCode: number) => void): void {
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
    .description('see, plan, resume and follow a failed workflow on each emulator')
    .addOption(json('print one line of JSON for each step'))
    .action(async (flags: { json?: boolean }) => {
      const { demoCommand } = await import('./demo-command.js');
      done(await demoCommand(flags));
    });
}
