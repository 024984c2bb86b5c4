import type { Argument, Command, Option, OptionValues } from 'commander';
import { InvalidArgumentError } from 'commander';

// Commander stops at the first thing that is wrong with a command. Here it is told all that is.

/** A value that could not be read, in the option's place until all of them are told. */
class Unreadable {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** What a command cannot do without. */
interface Needs {
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
}

/** Says that arguments, optional as they are, are needed where an option is not given. */
export function neededWithout(option: Option, ...optional: readonly Argument[]): void {
  for (const argument of optional) INSTEAD.set(argument, option);
}

const INSTEAD = new WeakMap<Argument, Option>();

/** Has every command of a program tell all that is wrong with it at once: call it when all of them are registered. */
export function tellAllAtOnce(program: Command): void {
  const needsOf = new Map<Command, Needs>();
  for (const command of withAllBelow(program)) {
    for (const option of command.options) makeReadable(option);
    // Not before it is used, for the help of those above it shows what is needed.
    command.hook('preSubcommand', (_above, used) => {
      needsOf.set(used, takeNeeds(used));
    });
  }
  program.hook('preAction', (_program, command) => {
    const { arguments: needed, options } = needsOf.get(command) ?? { arguments: [], options: [] };
    const flags = command.opts();
    const problems = [
      ...missingIn(command, needed, flags),
      ...options
        .filter((option) => flags[option.attributeName()] === undefined)
        .map(({ flags: form }) => `required option '${form}' not specified`),
      ...command.options.flatMap((option) => unreadableIn(option, flags)),
    ];
    if (problems.length > 0) command.error(problems.map((problem) => `error: ${problem}`).join('\n'));
  });
}

/** Keeps Commander from refusing what is missing, and shows it as needed all the same. */
function takeNeeds(command: Command): Needs {
  command.usage(command.usage());
  const needed = command.registeredArguments.filter((argument) => argument.required || INSTEAD.has(argument));
  for (const argument of needed) argument.required = false;
  const options = command.options.filter(({ mandatory }) => mandatory);
  for (const option of options) option.makeOptionMandatory(false);
  return { arguments: needed, options };
}

function makeReadable(option: Option): void {
  const read = option.parseArg;
  if (read === undefined) return;
  option.argParser<unknown>((value, previous) => {
    if (previous instanceof Unreadable) return previous;
    try {
      return read(value, previous);
    } catch (thrown) {
      if (!(thrown instanceof InvalidArgumentError)) throw thrown;
      return new Unreadable(`option '${option.flags}' argument '${value}' is invalid. ${thrown.message}`);
    }
  });
}

function unreadableIn(option: Option, flags: OptionValues): string[] {
  const value: unknown = flags[option.attributeName()];
  return value instanceof Unreadable ? [value.why] : [];
}

function missingIn(command: Command, needed: readonly Argument[], flags: OptionValues): string[] {
  const namesBy = new Map<Option | undefined, string[]>();
  for (const argument of needed) {
    const instead = INSTEAD.get(argument);
    const given: unknown = command.processedArgs[command.registeredArguments.indexOf(argument)];
    if (given !== undefined || (instead !== undefined && flags[instead.attributeName()] !== undefined)) continue;
    namesBy.set(instead, [...(namesBy.get(instead) ?? []), `'${argument.name()}'`]);
  }
  return [...namesBy].map(([instead, names]) => {
    const or = instead === undefined ? '' : ` (or option '${instead.flags}')`;
    return `missing required argument${names.length === 1 ? '' : 's'} ${names.join(', ')}${or}`;
  });
}

function* withAllBelow(command: Command): Generator<Command, void, undefined> {
  yield command;
  for (const below of command.commands) yield* withAllBelow(below);
}
