import { boundedProblems, planAndSnapshot } from '../plan/plan-shape.js';
import { checked, invalidArgument } from '../schema.js';
import type { Subject } from './picture.js';

let schemas: ReturnType<typeof planAndSnapshot> | undefined;

/**
 * What is handed in to be drawn, perhaps read back from a file: a plan or a snapshot. What else it holds is let be.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with what is wrong with it.
 */
export function soundSubject(subject: unknown): Subject {
  schemas ??= planAndSnapshot('drawn');
  const isPlan = typeof subject === 'object' && subject !== null && 'snapshot' in subject;
  const { data, problems } = isPlan ? checked(schemas.plan, subject) : checked(schemas.snapshot, subject);
  if (data === undefined) throw invalidArgument('what is to be drawn, a snapshot or a plan', boundedProblems(problems));
  return subject as Subject;
}
