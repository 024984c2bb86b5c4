import { z } from 'zod';
import type { ErrorCode } from '../../errors.js';
import { milliseconds, oneOf, parse, text } from '../../schema.js';
import { isLedger } from '../../settings.js';
import { ACTIONS, EXECUTION_STATES } from '../../vocabulary.js';
import { count, flag, listOf, strictObject } from '../strict-object.js';

const ERROR_CODES = Object.keys({
  INVALID_ARGUMENT: true,
  NOT_FOUND: true,
  FAILED_PRECONDITION: true,
  UNAUTHENTICATED: true,
  PERMISSION_DENIED: true,
  RESOURCE_EXHAUSTED: true,
  UNAVAILABLE: true,
  DEADLINE_EXCEEDED: true,
  CANCELLED: true,
  UNIMPLEMENTED: true,
  ABORTED: true,
  INTERNAL: true,
} satisfies Record<ErrorCode, true>) as [ErrorCode, ...ErrorCode[]];

const nodeIds = listOf(text(), 'node ids');

const nodeShape = {
  id: text(),
  name: text().optional(),
  state: oneOf([...EXECUTION_STATES, 'waiting', 'skipped']).optional(),
};
/** A state alone is short for `{ state }`. */
const standing = z.preprocess(
  (value) => (typeof value === 'string' ? { state: value } : value),
  strictObject({
    state: oneOf(EXECUTION_STATES),
    nodes: listOf(strictObject(nodeShape), 'nodes').optional(),
    error: text().optional(),
  }),
);
const timing = {
  afterMs: z.union([z.literal(0), milliseconds()], 'must be a whole number of milliseconds, from 0').optional(),
  times: count(1).optional(),
};

const refShape = { workflow: text(), execution: text() };
const matchShape = {
  workflow: text().optional(),
  execution: text().optional(),
  action: oneOf(ACTIONS).optional(),
};

const range = strictObject({ min: z.number('must be a number'), max: z.custom(isNumber, 'must be a number') });
const idRule = strictObject({
  maxLength: count(1),
  pattern: z.instanceof(RegExp, { error: 'must be a RegExp' }),
  rule: text(),
});
const capabilities = strictObject({
  actions: strictObject(Object.fromEntries(ACTIONS.map((action) => [action, range.optional()]))).optional(),
  newExecution: flag().optional(),
  discoversNodes: flag().optional(),
  ids: strictObject({ workflow: idRule, execution: idRule, node: idRule }).optional(),
  reads: listOf(oneOf(['inspect', 'plan', 'list', 'lineage']), 'reads').optional(),
  notices: listOf(z.string('must be a string'), 'texts').optional(),
});
const anyFunction = z.custom((value) => typeof value === 'function', 'must be a function');

const schemas = {
  fakeWorkflow: strictObject({
    name: text().optional(),
    provider: text().optional(),
    actions: listOf(oneOf(ACTIONS), 'actions').min(1, 'must name at least one').optional(),
    capabilities: capabilities.optional(),
    ledger: z.custom(isLedger, 'must be a ResumeLedger').optional(),
    runtime: strictObject({
      nowMs: anyFunction,
      startTimer: anyFunction,
      random: anyFunction,
      newId: anyFunction,
    }).optional(),
  }),
  on: strictObject(matchShape),
  accept: strictObject({
    ...timing,
    execution: text().optional(),
    nodes: nodeIds.optional(),
    requestId: text().optional(),
    becomes: listOf(standing, 'states').min(1, 'must name at least one state').optional(),
  }),
  refuse: strictObject({
    code: oneOf(ERROR_CODES),
    ...timing,
    message: text().optional(),
    providerCode: text().optional(),
    httpStatus: count(100).max(599, 'must be at most 599').optional(),
  }),
  lose: strictObject({ ...timing, happened: flag().optional() }),
  show: strictObject({ ref: strictObject(refShape), standings: z.array(standing) }),
  expectation: strictObject({
    fake: z.custom(isFake, 'must be a fake, as fakeWorkflow() makes it'),
    expected: strictObject({ ...matchShape, nodes: nodeIds.optional() }),
    options: strictObject({ times: count(0).optional() }),
  }),
};

/**
 * Refuses what a test hands to a fake and the fake does not know: a misspelt key would fit everything, and the test would
 * hold whatever happens.
 *
 * @param called - how the test calls it, for the message.
 * @throws {ResumeError} INVALID_ARGUMENT with every problem at once.
 */
export function check(what: keyof typeof schemas, input: unknown, called: string = what): void {
  parse<unknown>(schemas[what], input, `${called}() of a fake`);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** By what it has: there may be two copies of the package. */
function isFake(value: unknown): boolean {
  const { calls, resumed } = (value ?? {}) as { readonly calls?: unknown; readonly resumed?: unknown };
  return Array.isArray(calls) && Array.isArray(resumed);
}
