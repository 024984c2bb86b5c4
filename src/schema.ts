import { z } from 'zod';
import type { Problem } from './errors.js';
import { ResumeError } from './errors.js';
import { invalidArgument } from './invalid-argument.js';
import type { ParsedCall } from './plain-call.js';
import { isAbortSignal, MAX_KEY_LENGTH, plainCall } from './plain-call.js';
import { MAX_TIMER_MS } from './runtime.js';
import type { Action, Capabilities, IdRule, NodeRange, ResumeOptions } from './types.js';
import { ACTIONS } from './vocabulary.js';

/** A string of one line or more, with messages that say what to do. */
export function text(): z.ZodString {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a string') })
    .min(1, { error: 'must not be empty', abort: true });
}

/** A duration in milliseconds. */
export function milliseconds(): z.ZodNumber {
  return z
    .int({ error: 'must be a whole number of milliseconds' })
    .min(1, 'must be at least 1 ms')
    .max(MAX_TIMER_MS, `must be at most ${MAX_TIMER_MS} ms`);
}

/** One of some words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W): z.ZodEnum<{ [K in W[number]]: K }> {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

const callShape = {
  timeoutMs: milliseconds().optional(),
  signal: abortSignal().optional(),
  reason: text().optional(),
  actor: text().optional(),
  idempotencyKey: text().max(MAX_KEY_LENGTH, `must have at most ${MAX_KEY_LENGTH} characters`).optional(),
  readBack: oneOf(['on', 'off']).optional(),
  readBackMs: milliseconds().optional(),
  onUnknown: oneOf(['report', 'send-again']).optional(),
};
const optionsSchema = z.strictObject(callShape, { error: 'must be an object' });
const { idempotencyKey: _oneResumeOnly, ...batchShape } = callShape;
const batchSchema = z.strictObject(
  {
    ...batchShape,
    idempotencyKey: noKey(),
    concurrency: z.int('must be a whole number').min(1, 'must be at least 1').optional(),
  },
  { error: 'must be an object' },
);
function noKey() {
  return z.undefined('names one resume: leave it out here, and make a call of its own for each key').optional();
}

const batchSource = z.object({
  requests: z.custom(isIterable, 'must be a list of requests, or another iterable or async iterable of them'),
});
const { readBackMs, signal } = callShape;
const reconcileSchema = z.strictObject(
  { workflow: text(), execution: text() },
  { error: 'must be an object with workflow and execution' },
);
const reconcileOptions = z.strictObject({ readBackMs, signal }, { error: 'must be an object' });

/** Checks what many calls are made of, but not yet each; a key that names one resume is not among their options. */
export function parseBatch(requests: unknown, options: unknown, connection: string): z.infer<typeof batchSchema> {
  const what = checked(batchSource, { requests });
  const how = checked(batchSchema, options ?? {});
  const problems = [...what.problems, ...ofOptions(how.problems)];
  if (how.data === undefined || problems.length > 0) throw invalidArgument('the calls', problems, { connection });
  return how.data;
}

/** Checks what is to be reconciled, and how. */
export function parseReconcile(
  asked: unknown,
  options: unknown,
  connection: string,
): z.infer<typeof reconcileSchema> & z.infer<typeof reconcileOptions> {
  const what = checked(reconcileSchema, asked);
  const how = checked(reconcileOptions, options ?? {});
  const problems = [...what.problems, ...ofOptions(how.problems)];
  if (what.data === undefined || how.data === undefined) {
    throw invalidArgument('the reconciliation', problems, { connection });
  }
  return { ...what.data, ...how.data };
}

/** Problems of a call's options, beside those of what it is about. */
export function ofOptions(problems: readonly Problem[]): Problem[] {
  return problems.map(({ field, message }) => ({ field: field === '' ? 'options' : field, message }));
}

/** Building a schema costs far more than using it: one for all connections of a provider. */
const REQUEST_SCHEMAS = new WeakMap<Capabilities['ids'], ReturnType<typeof buildRequestSchema>>();

function requestSchemaOf(ids: Capabilities['ids']): ReturnType<typeof buildRequestSchema> {
  let schema = REQUEST_SCHEMAS.get(ids);
  if (schema === undefined) {
    schema = buildRequestSchema(ids);
    REQUEST_SCHEMAS.set(ids, schema);
  }
  return schema;
}

function buildRequestSchema(ids: Capabilities['ids']) {
  return z.strictObject(
    {
      workflow: idOf(ids.workflow),
      execution: idOf(ids.execution),
      action: oneOf(ACTIONS).default('resume'),
      nodes: z.array(idOf(ids.node), { error: 'must be a list of node ids' }).default([]),
    },
    { error: 'must be an object with workflow and execution' },
  );
}

/** Builds, once per connection, what checks its requests: ids by the provider's rules, actions by its capabilities. */
export function requestParser(provider: string, connection: string, capabilities: Capabilities) {
  const schema = requestSchemaOf(capabilities.ids);
  const offered = capabilities.actions;

  return (request: unknown, options: unknown, howSchema: z.ZodType<ResumeOptions> = optionsSchema): ParsedCall => {
    const plain = howSchema === optionsSchema ? plainCall(request, options, capabilities) : undefined;
    if (plain !== undefined) return plain;
    const where = { provider, connection };
    const asked = checked(schema, request);
    const how = checked(howSchema, options ?? {});
    const problems = [...asked.problems, ...nodeCountProblems(request, offered), ...ofOptions(how.problems)];
    if (asked.data === undefined || how.data === undefined || problems.length > 0) {
      throw invalidArgument('the call', problems, where);
    }
    const { workflow, execution, action, nodes } = asked.data;
    if (offered[action] === undefined) {
      const actions = Object.keys(offered).join(', ');
      throw new ResumeError(`${connection}: ${provider} cannot ${action}; it takes ${actions}. Nothing was sent.`, {
        code: 'UNIMPLEMENTED',
        effect: 'none',
        ...where,
      });
    }
    return { target: { workflow, execution, action, nodes: [...new Set(nodes)] }, options: how.data };
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
  const { data, problems } = checked(schema, input);
  if (data === undefined) throw invalidArgument(what, problems, where);
  return data;
}

/** Checks an input that may be anything, also something that throws when it is looked at. */
export function checked<T>(schema: z.ZodType<T>, input: unknown): { data?: T; problems: Problem[] } {
  try {
    const result = schema.safeParse(input);
    return result.success ? { data: result.data, problems: [] } : { problems: problemsOf(result.error.issues) };
  } catch {
    return { problems: [{ field: '', message: 'cannot be read: one of its properties throws' }] };
  }
}

/** Zod's issues as fields and what to do about each. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => {
    const field = fieldOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(shownKey).map((key) => ({
        field: field === '' ? key : `${field}.${key}`,
        message: 'is not known here; remove it or mend its spelling',
      }));
    }
    return [{ field, message: issue.message }];
  });
}

/** A credential that was passed as a key, by mistake, is not quoted. */
function shownKey(key: string): string {
  return /^[\w$-]{1,32}$/.test(key) ? key : '(an unknown key)';
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`;
    return field === '' ? String(part) : `${field}.${String(part)}`;
  }, '');
}

/** An id by a provider's rule. */
export function idOf(rule: IdRule): z.ZodType<string> {
  return text()
    .refine((value) => value.length <= rule.maxLength, {
      error: `must have at most ${rule.maxLength} characters`,
      abort: true,
    })
    .refine((value) => value.isWellFormed() && rule.pattern.test(value), `must ${rule.rule}`);
}

/** Read off the raw request, so that a wrong count shows beside whatever else is wrong. */
function nodeCountProblems(request: unknown, offered: Capabilities['actions']): Problem[] {
  try {
    const { action = 'resume', nodes = [] } = (request ?? {}) as { action?: unknown; nodes?: unknown };
    if (typeof action !== 'string' || !Object.hasOwn(offered, action) || !Array.isArray(nodes)) return [];
    const range = offered[action as Action];
    const count = new Set(nodes).size;
    if (range === undefined || (count >= range.min && count <= range.max)) return [];
    return [{ field: 'nodes', message: `${nodeCountRule(action, range)}, got ${count}` }];
  } catch {
    // The schema has said so.
    return [];
  }
}

function nodeCountRule(action: string, { min, max }: NodeRange): string {
  if (max === 0) return `must be left out: ${action} takes no nodes here`;
  if (min === max) return `must name exactly ${min} for ${action}`;
  if (min > 0) return `must name at least ${min} for ${action}`;
  return `must name at most ${max} for ${action}`;
}

/** A text is one too, of characters, which is not what anybody means. */
function isIterable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { [Symbol.iterator]: each, [Symbol.asyncIterator]: eachLater } = value as Partial<AsyncIterable<unknown>> &
    Partial<Iterable<unknown>>;
  return typeof each === 'function' || typeof eachLater === 'function';
}

/** What ends a call early. */
export function abortSignal(): z.ZodType<AbortSignal> {
  return z.custom<AbortSignal>(isAbortSignal, 'must be an AbortSignal');
}
