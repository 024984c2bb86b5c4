import { z } from 'zod';
import type { Problem } from '../errors.js';
import { ResumeError } from '../errors.js';
import type { ResumePlan } from '../resume-plan.js';
import { checked, invalidArgument, oneOf, text } from '../schema.js';
import type { ResumeRequest } from '../types.js';
import { ACTIONS, EXECUTION_STATES } from '../vocabulary.js';
import { planFingerprintOf } from './fingerprint.js';

const MAX_PROBLEMS = 20;

let schema: z.ZodType<ResumePlan> | undefined;

/** Made at the first plan: whoever resumes without one does not pay for it. */
function planSchema(): z.ZodType<ResumePlan> {
  if (schema !== undefined) return schema;
  const word = z.string({ error: 'must be a string' });
  const time = word.optional();
  const state = oneOf(EXECUTION_STATES);
  const nodeState = oneOf([...EXECUTION_STATES, 'waiting', 'skipped']);
  const object = { error: 'must be an object' };
  const listOf = <T extends z.ZodType>(element: T) => z.array(element, 'must be a list');
  const attempt = z.strictObject(
    { state: nodeState, providerState: word, startedAt: time, endedAt: time, error: time },
    object,
  );
  const node = z.strictObject(
    {
      id: text(),
      name: word,
      kind: oneOf(['task', 'gate']),
      providerType: word.optional(),
      state: nodeState,
      providerState: word,
      attempts: listOf(attempt),
      carriedOver: z.boolean('must be true or false'),
    },
    object,
  );
  const snapshot = z.strictObject(
    {
      provider: text(),
      connection: text(),
      workflow: text(),
      execution: text(),
      state,
      providerState: word,
      startedAt: time,
      endedAt: time,
      error: time,
      nodes: listOf(node),
      edges: listOf(z.strictObject({ from: text(), to: text() }, object)).optional(),
      previousExecution: word.optional(),
      readAt: text(),
    },
    object,
  );
  const nodes = listOf(z.strictObject({ id: text(), name: word }, object));
  schema = z.strictObject(
    {
      version: z.literal(1, 'must be 1: plans of another version cannot be read, make a new one'),
      provider: text(),
      connection: text(),
      identity: word,
      workflow: text(),
      execution: text(),
      action: oneOf(ACTIONS),
      nodes: listOf(text()),
      performed: oneOf(ACTIONS),
      starts: nodes,
      mayRun: nodes,
      expected: nodes,
      rerunsSucceeded: nodes,
      kept: nodes,
      blocked: nodes,
      resumedAs: listOf(text()),
      refusals: listOf(word),
      warnings: listOf(word),
      fingerprint: text(),
      snapshot,
    },
    { error: 'must be a plan' },
  );
  return schema;
}

/** Whether a request is a plan, or means to be one. */
export function isPlan(request: unknown): boolean {
  return typeof request === 'object' && request !== null && 'fingerprint' in request;
}

/** What a plan asks for. */
export function requestOf({ workflow, execution, action, nodes }: ResumePlan): ResumeRequest {
  return { workflow, execution, action, nodes };
}

/**
 * A plan that can be applied, as far as it says itself.
 *
 * @throws {ResumeError} as {@link parsePlan}; FAILED_PRECONDITION (no effect) it says why it would be refused.
 */
export function applicablePlan(
  input: unknown,
  { provider, name: connection }: { readonly provider: string; readonly name: string },
): ResumePlan {
  const plan = parsePlan(input, { provider, connection });
  if (plan.refusals.length === 0) return plan;
  const why = `the plan says that it would be refused: ${plan.refusals.join('; ')}`;
  throw new ResumeError(`${connection}: ${why}. Nothing was sent.`, {
    code: 'FAILED_PRECONDITION',
    effect: 'none',
    provider,
    connection,
  });
}

/**
 * Checks a plan that was handed in, perhaps after it was written to a file and back. What it was made from and what it
 * says would happen is held to its fingerprint; that tells of mistakes, not of somebody who makes a new fingerprint.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) it is no plan, is another connection's, or was changed after it was
 * made.
 */
function parsePlan(input: unknown, where: { provider: string; connection: string }): ResumePlan {
  const { data: plan, problems } = checked(planSchema(), input);
  if (plan === undefined) throw invalidArgument('the plan', boundedProblems(problems), where);
  const wrong = [
    ...(plan.provider === where.provider ? [] : [{ field: 'provider', message: `must be ${where.provider}` }]),
    ...(plan.connection === where.connection ? [] : [{ field: 'connection', message: `must be ${where.connection}` }]),
    ...(plan.fingerprint === planFingerprintOf(plan)
      ? []
      : [{ field: 'fingerprint', message: 'does not fit the plan, which was changed: make a new one' }]),
  ];
  if (wrong.length > 0) throw invalidArgument('the plan', wrong, where);
  return plan;
}

/** A plan of another format may be wrong in each of ten thousand nodes. */
function boundedProblems(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  const more = { field: '', message: `${problems.length - MAX_PROBLEMS} more problems` };
  return [...problems.slice(0, MAX_PROBLEMS), more];
}
