import type { Problem } from './errors.js';
import { ResumeError } from './errors.js';

/** The error that refuses an input, with all that is wrong with it. */
export function invalidArgument(
  what: string,
  problems: readonly Problem[],
  where: { provider?: string; connection?: string } = {},
): ResumeError {
  const list = problems.map(({ field, message }) => (field === '' ? message : `${field} ${message}`)).join('; ');
  const prefix = where.connection === undefined ? '' : `${where.connection}: `;
  return new ResumeError(`${prefix}${what}: ${list}. Nothing was sent.`, {
    code: 'INVALID_ARGUMENT',
    effect: 'none',
    problems,
    ...where,
  });
}
