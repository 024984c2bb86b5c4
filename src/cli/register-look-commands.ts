import type { Command } from 'commander';
import { Option } from 'commander';
import { connection, execution, optionalExecution, optionalWorkflow, workflow } from './arguments.js';
import {
  action,
  config,
  html,
  json,
  ledgerFolder,
  mermaid,
  node,
  notBlank,
  poll,
  since,
  states,
  timeout,
} from './flags.js';
import type { FollowFlags } from './follow-command.js';
import type { InspectFlags } from './inspect-command.js';
import type { LineageFlags } from './lineage-command.js';
import type { ListFlags } from './list-command.js';
import type { PlanFlags } from './plan-command.js';
import { neededWithout } from './usage.js';

const LOOKED = '\nExit codes: 0 told, 1 could not be read, 2 wrong usage.';

const FOLLOWED = `
Without a receipt an execution is taken as it is shown, which may be as it was before a resume of a moment ago.

Exit codes: 0 the run succeeded, 1 could not be read, 2 wrong usage, 4 not seen to succeed: the run failed, was
stopped, is paused or unknown at its end, or Ctrl-C or a closed pipe ended it.`;

type Done = (exitCode: number) => void;

/** The commands that resume nothing: `inspect`, `list`, `plan`, `follow` and `lineage`. Each is loaded when it is used. */
export function registerLookCommands(root: Command, done: Done): void {
  registerInspect(root, done);
  registerList(root, done);
  registerPlan(root, done);
  registerFollow(root, done);
  registerLineage(root, done);
}

function registerInspect(root: Command, done: Done): void {
  root
    .command('inspect')
    .description('show how an execution stands, node by node')
    .addArgument(connection())
    .addArgument(workflow())
    .addArgument(execution())
    .addOption(json())
    .addOption(mermaid())
    .addOption(html())
    .addOption(timeout('bounds the reading'))
    .addOption(config())
    .addHelpText('after', LOOKED)
    .action(async (name: string, workflow: string, execution: string, flags: InspectFlags) => {
      const { inspectCommand } = await import('./inspect-command.js');
      done(await inspectCommand(name, workflow, execution, flags));
    });
}

function registerList(root: Command, done: Done): void {
  root
    .command('list')
    .description('list the executions of a workflow that could be resumed')
    .addArgument(connection())
    .addArgument(workflow())
    .addOption(
      new Option(
        '--state <state>',
        'only those that are running, failed, paused, succeeded, stopped or unknown, or all; may be given several times (default: failed and paused)',
      ).argParser(states),
    )
    .addOption(new Option('--since <time>', 'only those that began since: 90m, 24h, 7d or a time').argParser(since))
    .addOption(json('print one line of JSON for each'))
    .addOption(config())
    .addHelpText('after', LOOKED)
    .action(async (name: string, workflow: string, flags: ListFlags) => {
      const { listCommand } = await import('./list-command.js');
      done(await listCommand(name, workflow, flags));
    });
}

function registerPlan(root: Command, done: Done): void {
  root
    .command('plan')
    .description('show what a resume would do, and why it would be refused; resumes nothing')
    .addArgument(connection())
    .addArgument(workflow())
    .addArgument(execution())
    .addOption(action())
    .addOption(node())
    .addOption(new Option('--out <file>', 'write the plan down, for "resumable resume --plan"').argParser(notBlank))
    .addOption(json())
    .addOption(mermaid())
    .addOption(html())
    .addOption(timeout('bounds the reading'))
    .addOption(ledgerFolder())
    .addOption(config())
    .addHelpText(
      'after',
      '\nExit codes: 0 it could be applied, 1 it would be refused or could not be read, 2 wrong usage.',
    )
    .action(async (name: string, workflow: string, execution: string, flags: PlanFlags) => {
      const { planCommand } = await import('./plan-command.js');
      done(await planCommand(name, workflow, execution, flags));
    });
}

function registerFollow(root: Command, done: Done): void {
  const receipt = new Option(
    '--receipt <file>',
    'what "resumable resume --json" printed: follows that very resume',
  ).argParser(notBlank);
  const named = [optionalWorkflow('--receipt'), optionalExecution('--receipt')] as const;
  neededWithout(receipt, ...named);
  root
    .command('follow')
    .description('follow a resume, or an execution as it stands, to its end')
    .addArgument(connection())
    .addArgument(named[0])
    .addArgument(named[1])
    .addOption(receipt)
    .addOption(poll())
    .addOption(json('print one line of JSON for each thing that happens'))
    .addOption(config())
    .addHelpText('after', FOLLOWED)
    .action(async (name: string, workflow: string | undefined, execution: string | undefined, flags, command) => {
      if ((flags as FollowFlags).receipt !== undefined && workflow !== undefined) {
        (command as Command).error("error: argument 'workflow' cannot be used with option '--receipt <file>'");
      }
      const { followCommand } = await import('./follow-command.js');
      done(await followCommand(name, workflow, execution, flags as FollowFlags));
    });
}

function registerLineage(root: Command, done: Done): void {
  root
    .command('lineage')
    .description('show what an execution was resumed from, and what was resumed from it')
    .addArgument(connection())
    .addArgument(workflow())
    .addArgument(execution())
    .addOption(timeout('bounds each reading'))
    .addOption(json())
    .addOption(config())
    .addHelpText('after', LOOKED)
    .action(async (name: string, workflow: string, execution: string, flags: LineageFlags) => {
      const { lineageCommand } = await import('./lineage-command.js');
      done(await lineageCommand(name, workflow, execution, flags));
    });
}
