import { z } from 'zod';
import { invalidArgument } from './invalid-argument.js';
import type { FollowOptions } from './progress.js';
import { abortSignal, checked, idOf, milliseconds, ofOptions, oneOf, text } from './schema.js';
import type { ExecutionRef, ListOptions, ReadOptions } from './snapshot.js';
import type { Capabilities, Receipt } from './types.js';
import { ACTIONS, EXECUTION_STATES } from './vocabulary.js';

const strict = { error: 'must be an object' };
/** Of a call that reads once. */
export const readOptions = z.strictObject(
  { timeoutMs: milliseconds().optional(), signal: abortSignal().optional() },
  strict,
);
const listOptions = z.strictObject(
  {
    state: z
      .union(
        [oneOf(EXECUTION_STATES), z.array(oneOf(EXECUTION_STATES))],
        `must be one of ${EXECUTION_STATES.join(', ')}, or a list of them`,
      )
      .optional(),
    since: z.date({ error: 'must be a Date that is one' }).optional(),
    signal: abortSignal().optional(),
  },
  strict,
);
const followOptions = z.strictObject(
  {
    pollMs: milliseconds().optional(),
    maxPollMs: milliseconds().optional(),
    visibilityMs: milliseconds().optional(),
    signal: abortSignal().optional(),
  },
  strict,
);

/** What checks the calls of one connection that only read. */
export interface ReadParser {
  readonly ref: (ref: unknown, options: unknown) => Parsed<ExecutionRef, ReadOptions>;
  readonly list: (workflow: unknown, options: unknown) => Parsed<{ workflow: string }, ListOptions>;
  readonly follow: (receipt: Receipt, options: unknown) => Parsed<Receipt, FollowOptions>;
}

/** What a call is about, and how it behaves. */
interface Parsed<S, O> {
  readonly subject: S;
  readonly options: O;
}

/** Building a schema costs far more than using it: at the first read, one for all connections of a provider. */
const SCHEMAS = new WeakMap<Capabilities['ids'], ReturnType<typeof buildSchemas>>();

function schemasOf(ids: Capabilities['ids']): ReturnType<typeof buildSchemas> {
  let schemas = SCHEMAS.get(ids);
  if (schemas === undefined) {
    schemas = buildSchemas(ids);
    SCHEMAS.set(ids, schemas);
  }
  return schemas;
}

function buildSchemas(ids: Capabilities['ids']) {
  const [workflow, execution] = [idOf(ids.workflow), idOf(ids.execution)];
  return {
    ref: z.strictObject({ workflow, execution }, strict),
    list: z.strictObject({ workflow }),
    /** All that is read of it. The rest is what it is: it may come from a file, and from a later version. */
    receipt: z.looseObject(
      {
        provider: text(),
        connection: text(),
        workflow,
        execution,
        previousExecution: text(),
        sameExecution: z.boolean('must be true or false'),
        action: oneOf(ACTIONS),
        performed: oneOf(ACTIONS),
        nodes: z.array(text(), 'must be a list of node ids'),
        nodesBasis: oneOf(['reported', 'observed', 'expected']),
        confirmedBy: oneOf(['answer', 'read-back', 'ledger']),
        acceptedAt: text().optional(),
      },
      { error: 'must be a receipt' },
    ),
  };
}

/** Makes what checks the calls of one connection that only read. */
export function readParser(provider: string, connection: string, { ids, newExecution }: Capabilities): ReadParser {
  const where = { provider, connection };

  const both = <S, O>(schema: z.ZodType<S>, subject: unknown, optionsSchema: z.ZodType<O>, options: unknown) => {
    const what = checked(schema, subject);
    const how = checked(optionsSchema, options ?? {});
    if (what.data === undefined || how.data === undefined) {
      throw invalidArgument('the call', [...what.problems, ...ofOptions(how.problems)], where);
    }
    return { subject: what.data, options: how.data };
  };

  return {
    ref: (ref, options) => both(schemasOf(ids).ref, ref, readOptions, options),
    list: (workflow, options) => both(schemasOf(ids).list, { workflow }, listOptions, options),
    follow: (receipt, options) => {
      const parsed = both(schemasOf(ids).receipt, receipt, followOptions, options);
      const problems = receiptProblems(parsed.subject, { ...where, newExecution });
      if (problems.length > 0) throw invalidArgument('the receipt', problems, where);
      return { subject: receipt, options: parsed.options };
    },
  };
}

function receiptProblems(
  receipt: Pick<Receipt, 'provider' | 'connection' | 'execution' | 'previousExecution' | 'sameExecution'>,
  { provider, connection, newExecution }: { provider: string; connection: string; newExecution: boolean },
) {
  const isSame = receipt.execution === receipt.previousExecution;
  return [
    ...(receipt.provider === provider ? [] : [{ field: 'provider', message: `must be ${provider}` }]),
    ...(receipt.connection === connection
      ? []
      : [{ field: 'connection', message: `must be ${connection}: follow it on the connection that resumed it` }]),
    ...(receipt.sameExecution === isSame
      ? []
      : [{ field: 'sameExecution', message: `must be ${String(isSame)}, by the executions that are named` }]),
    // The old one has ended long ago: it would be told as what became of the resume.
    ...(newExecution && isSame
      ? [{ field: 'execution', message: `must be the new one: ${provider} goes on in another than was resumed` }]
      : []),
  ];
}
