import { z } from 'zod';

/** An object whose unknown keys are told with those that are known: a misspelt one would change nothing in silence. */
export function strictObject<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape).join(', ');
  const unknown = z.custom<never>(() => false, `is not known here: remove it or mend its spelling, known are ${known}`);
  return z.object(shape, { error: `must be an object of ${known}` }).catchall(unknown);
}

/** An object whose other keys are let be: what a test puts into an emulator it often spreads from what it resumes. */
export function openObject<S extends z.ZodRawShape>(shape: S) {
  return z.looseObject(shape, { error: `must be an object of ${Object.keys(shape).join(', ')}` });
}

export const flag = () => z.boolean('must be true or false');

export const listOf = <T extends z.ZodType>(element: T, what: string) => z.array(element, `must be a list of ${what}`);

/** A whole number from `least` on. */
export const count = (least: number) => z.int('must be a whole number').min(least, `must be at least ${least}`);

/** A number from 0 on, `Infinity` too: of virtual milliseconds, for one. */
export const amount = () =>
  z.custom<number>((value) => typeof value === 'number' && value >= 0, 'must be a number from 0');
