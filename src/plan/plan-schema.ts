import type { z } from 'zod';
import { ResumeError } from '../errors.js';
import { invalidArgument } from '../invalid-argument.js';
import type { ResumePlan } from '../resume-plan.js';
import { checked } from '../schema.js';
import type { ResumeRequest } from '../types.js';
import { planFingerprintOf } from './fingerprint.js';
import { boundedProblems, planAndSnapshot } from './plan-shape.js';

let schema: z.ZodType<ResumePlan> | undefined;

/** Made at the first plan: whoever resumes without one does not pay for it. */
function planSchema(): z.ZodType<ResumePlan> {
  schema ??= planAndSnapshot('applied').plan;
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
