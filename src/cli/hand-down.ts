import type { Command } from 'commander';

/** Has an option of the program itself, given before the command, count as the command's own. */
export function handDown(program: Command, name: string): void {
  program.hook('preAction', (_program, command) => {
    const given: unknown = program.opts()[name];
    if (given === undefined) return;
    const flag = `--${name}`;
    const takes = command.options.some((option) => option.attributeName() === name);
    if (!takes) command.error(`error: ${command.name()} takes no option '${flag}'`);
    if (command.opts()[name] !== undefined)
      command.error(`error: option '${flag}' is given before the command and after it`);
    command.setOptionValue(name, given);
  });
}
