import { z } from 'zod';
import type { Problem } from '../errors.js';
import type { ResumePlan } from '../resume-plan.js';
import { oneOf, text } from '../schema.js';
import type { ExecutionSnapshot } from '../snapshot.js';
import { ACTIONS, EXECUTION_STATES } from '../vocabulary.js';

const MAX_PROBLEMS = 20;

/** What is applied must be exactly a plan. What is only drawn may say more, or leave names empty. */
type Strictness = 'applied' | 'drawn';

/** The schemas of a plan and of a snapshot. Building them costs more than using them: keep what this returns. */
export function planAndSnapshot(strictness: Strictness) {
  const isApplied = strictness === 'applied';
  const object = <S extends z.ZodRawShape>(shape: S, error = 'must be an object') => {
    const made = z.object(shape, { error });
    return isApplied ? made.strict() : made.loose();
  };
  const word = z.string({ error: 'must be a string' });
  const name = isApplied ? text() : word;
  const time = word.optional();
  const nodeState = oneOf([...EXECUTION_STATES, 'waiting', 'skipped']);
  const listOf = <T extends z.ZodType>(element: T) => z.array(element, 'must be a list');
  const attempt = object({ state: nodeState, providerState: word, startedAt: time, endedAt: time, error: time });
  const node = object({
    id: name,
    name: word,
    kind: oneOf(['task', 'gate']),
    providerType: word.optional(),
    state: nodeState,
    providerState: word,
    attempts: listOf(attempt),
    carriedOver: z.boolean('must be true or false'),
  });
  const snapshot = object({
    provider: name,
    connection: name,
    workflow: name,
    execution: name,
    state: oneOf(EXECUTION_STATES),
    providerState: word,
    startedAt: time,
    endedAt: time,
    error: time,
    nodes: listOf(node),
    edges: listOf(object({ from: name, to: name })).optional(),
    previousExecution: word.optional(),
    readAt: name,
  });
  const nodes = listOf(object({ id: name, name: word }));
  const plan = object(
    {
      version: z.literal(1, 'must be 1: plans of another version cannot be read, make a new one'),
      provider: name,
      connection: name,
      identity: word,
      workflow: name,
      execution: name,
      action: oneOf(ACTIONS),
      nodes: listOf(name),
      performed: oneOf(ACTIONS),
      starts: nodes,
      mayRun: nodes,
      expected: nodes,
      rerunsSucceeded: nodes,
      kept: nodes,
      blocked: nodes,
      resumedAs: listOf(name),
      refusals: listOf(word),
      warnings: listOf(word),
      fingerprint: name,
      snapshot,
    },
    'must be a plan',
  );
  return { plan, snapshot } satisfies { plan: z.ZodType<ResumePlan>; snapshot: z.ZodType<ExecutionSnapshot> };
}

/** What of a graph of ten thousand nodes may be wrong in each of them. */
export function boundedProblems(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  const more = { field: '', message: `${problems.length - MAX_PROBLEMS} more problems` };
  return [...problems.slice(0, MAX_PROBLEMS), more];
}
