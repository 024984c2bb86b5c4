import { z } from 'zod';
import type { Problem } from './errors.js';
import { ResumeError } from './errors.js';
import type { Action, Capabilities, IdRule, NodeRange, ResumeOptions, Target } from './types.js';

const ACTIONS = ['resume', 'restart', 'skip', 'continue'] as const satisfies readonly Action[];
/** The longest delay that a timer takes, about 24.8 days. */
const MAX_TIMER_MS = 2_147_483_647;

/** A string of one line or more, with messages that say what to do. */
export function text(): z.ZodString {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a string') })
    .min(1, { error: 'must not be empty', abort: true });
}

/** A duration in milliseconds. */
function milliseconds(): z.ZodNumber {
  return z
    .int({ error: 'must be a whole number of milliseconds' })
    .min(1, 'must be at least 1 ms')
    .max(MAX_TIMER_MS, `must be at most ${MAX_TIMER_MS} ms`);
}

/** One of some words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W): z.ZodEnum<{ [K in W[number]]: K }> {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

const optionsSchema = z.strictObject(
  {
    timeoutMs: milliseconds().optional(),
    signal: z.custom<AbortSignal>(isAbortSignal, 'must be an AbortSignal').optional(),
    readBack: z.literal('off', { error: "must be 'off'" }).optional(),
  },
  { error: 'must be an object' },
);

/** Checks a call's options. */
export function parseOptions(options: unknown, connection: string): ResumeOptions {
  return parse(optionsSchema, options ?? {}, 'the options of the call', { connection });
}

/** Builds, once per connection, what checks its requests: ids by the provider's rules, actions by its capabilities. */
export function requestParser(provider: string, connection: string, capabilities: Capabilities) {
  const { ids } = capabilities;
  const offered = capabilities.actions;
  const schema = z.strictObject(
    {
      workflow: id(ids.workflow),
      execution: id(ids.execution),
      action: oneOf(ACTIONS).default('resume'),
      nodes: z.array(id(ids.node), { error: 'must be a list of node ids' }).default([]),
    },
    { error: 'must be an object with workflow and execution' },
  );

  return (request: unknown): Target => {
    const where = { provider, connection };
    const result = schema.safeParse(request);
    const problems = [
      ...(result.success ? [] : problemsOf(result.error.issues)),
      ...nodeCountProblems(request, offered),
    ];
    if (!result.success || problems.length > 0) throw invalidArgument('the request', problems, where);
    const { workflow, execution, action, nodes } = result.data;
    if (offered[action] === undefined) {
      const actions = Object.keys(offered).join(', ');
      throw new ResumeError(`${connection}: ${provider} cannot ${action}; it takes ${actions}. Nothing was sent.`, {
        code: 'UNIMPLEMENTED',
        effect: 'none',
        ...where,
      });
    }
    return { workflow, execution, action, nodes: [...new Set(nodes)] };
  };
}

/**
 * Parses what a caller passed in and reports every problem at once.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with one problem per field.
 */
export function parse<T>(
  schema: z.ZodType<T>,
  input: unknown,
  what: string,
  where: { provider?: string; connection?: string } = {},
): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidArgument(what, problemsOf(result.error.issues), where);
}

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

/** Zod's issues as fields and what to do about each. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => {
    const field = fieldOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: field === '' ? key : `${field}.${key}`,
        message: 'is not known here; remove it or mend its spelling',
      }));
    }
    return [{ field, message: issue.message }];
  });
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`;
    return field === '' ? String(part) : `${field}.${String(part)}`;
  }, '');
}

function id(rule: IdRule): z.ZodType<string> {
  return text()
    .refine((value) => value.length <= rule.maxLength, {
      error: `must have at most ${rule.maxLength} characters`,
      abort: true,
    })
    .refine((value) => value.isWellFormed() && rule.pattern.test(value), `must ${rule.rule}`);
}

/** Read off the raw request, so that a wrong count shows beside whatever else is wrong. */
function nodeCountProblems(request: unknown, offered: Capabilities['actions']): Problem[] {
  const { action = 'resume', nodes = [] } = (request ?? {}) as { action?: unknown; nodes?: unknown };
  const range = Object.hasOwn(offered, String(action)) ? offered[action as Action] : undefined;
  if (range === undefined || !Array.isArray(nodes)) return [];
  const count = new Set(nodes).size;
  if (count >= range.min && count <= range.max) return [];
  return [{ field: 'nodes', message: `${nodeCountRule(String(action), range)}, got ${count}` }];
}

function nodeCountRule(action: string, { min, max }: NodeRange): string {
  if (max === 0) return `must be left out: ${action} takes no nodes here`;
  if (min === max) return `must name exactly ${min} for ${action}`;
  if (min > 0) return `must name at least ${min} for ${action}`;
  return `must name at most ${max} for ${action}`;
}

function isAbortSignal(value: unknown): boolean {
  const signal = value as Partial<AbortSignal> | null;
  return (
    typeof signal === 'object' &&
    signal !== null &&
    typeof signal.aborted === 'boolean' &&
    typeof signal.addEventListener === 'function'
  );
}
