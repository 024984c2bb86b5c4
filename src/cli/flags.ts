import { InvalidArgumentError, Option } from 'commander';

// The options that several commands share, and how values are read.

export const config = (): Option =>
  new Option('--config <file>', 'configuration (default: resumable.config.json or .yaml here)');
export const json = (): Option => new Option('--json', 'print the result as JSON');
export const ledgerFolder = (): Option =>
  new Option('--ledger <folder>', 'where it is remembered what was tried (default: the state folder of this platform)');

export const collect = (value: string, previous: string[] = []): string[] => [...previous, value];

export function milliseconds(value: string): number {
  const ms = Number(value);
  if (!Number.isInteger(ms) || ms < 1) throw new InvalidArgumentError('It must be a whole number of milliseconds.');
  return ms;
}

export function notBlank(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be blank.');
  return value;
}
