import { Argument } from 'commander';

// What every command that is about an execution is given.

const CONNECTION = 'its name in the configuration';

export const connection = (): Argument => new Argument('<connection>', CONNECTION);
export const workflow = (): Argument =>
  new Argument('<workflow>', 'OBS graph name, Glue workflow name, AOM workflow id');
export const execution = (): Argument =>
  new Argument('<execution>', 'OBS execution name, Glue run id, AOM execution id');

/** The three, where a file can say them instead. */
export const optionalConnection = (): Argument => new Argument('[connection]', `${CONNECTION} (needed without --plan)`);
export const optionalWorkflow = (instead: string): Argument =>
  new Argument('[workflow]', `OBS graph name, Glue workflow name, AOM workflow id (needed without ${instead})`);
export const optionalExecution = (instead: string): Argument =>
  new Argument('[execution]', `OBS execution name, Glue run id, AOM execution id (needed without ${instead})`);
