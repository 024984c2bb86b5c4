import { z } from 'zod';
import { oneOf, text } from '../../src/schema.js';
import { checkEmulated, emulatorShape, keysSchema } from '../../src/testing/emulator-schema.js';
import { amount, count, flag, listOf, openObject, strictObject } from '../../src/testing/strict-object.js';
import type { EndState, NodeOutcome, TriggerDefinition, WorkflowDefinition } from './emulator-definition.js';
import type { GlueKnobs, GlueRefusalName } from './emulator-knobs.js';

const REFUSALS = [
  'IllegalWorkflowStateException',
  'EntityNotFoundException',
  'InvalidInputException',
  'ValidationException',
] as const satisfies readonly GlueRefusalName[];
const END_STATES = [
  'SUCCEEDED',
  'FAILED',
  'TIMEOUT',
  'ERROR',
  'STOPPED',
  'EXPIRED',
  'CANCELLED',
] as const satisfies readonly EndState[];

const refusal = () => oneOf(REFUSALS).optional();

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkOptions(options: unknown): void {
  const knobs = strictObject({
    notCompleted: refusal(),
    unknownEntity: refusal(),
    unselectable: refusal(),
    unknownNode: refusal(),
    concurrency: oneOf(['refused', 'error-run']).optional(),
    properties: oneOf(['copied', 'defaults', 'none']).optional(),
    neverRun: oneOf(['empty', 'absent', 'null', 'empty-list']).optional(),
    pendingNodes: oneOf(['cleared', 'original']).optional(),
    runsOrder: oneOf(['newest-first', 'oldest-first']).optional(),
    pageSize: count(1).optional(),
    pageCap: count(1).optional(),
    visibilityDelayMs: amount().optional(),
    startPreviousRunId: oneOf(['absent', 'last-run']).optional(),
    statistics: oneOf(['all', 'restarted']).optional(),
    copiedAttempts: oneOf(['selectable', 'not-selectable']).optional(),
    stoppingMs: amount().optional(),
    maxSkewMs: amount().optional(),
    skewRefusal: oneOf(['InvalidSignatureException', 'RequestExpired']).optional(),
  } satisfies Record<keyof GlueKnobs, z.ZodType>);
  const schema = strictObject({
    ...emulatorShape(),
    region: text().optional(),
    credentials: keysSchema('sessionToken').optional(),
    knobs: knobs.optional(),
  });
  checkEmulated(schema, options, 'new GlueEmulator()');
}

const reference = () =>
  z.union(
    [text(), strictObject({ job: text() }), strictObject({ crawler: text() })],
    'must be the name of a job, { job } or { crawler }',
  );

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkDefinition(definition: unknown): void {
  const condition = z.union(
    [reference(), strictObject({ node: reference(), state: text() })],
    'must be the name of a job, { job }, { crawler } or { node, state }',
  );
  const trigger = strictObject({
    name: text(),
    type: oneOf(['ON_DEMAND', 'SCHEDULED', 'EVENT', 'CONDITIONAL']).optional(),
    when: listOf(condition, 'conditions').optional(),
    logical: oneOf(['AND', 'ANY']).optional(),
    start: listOf(reference(), 'nodes'),
    active: flag().optional(),
  } satisfies Record<keyof TriggerDefinition, z.ZodType>);
  const schema = openObject({
    name: text(),
    nodes: listOf(reference(), 'nodes'),
    triggers: listOf(trigger, 'triggers'),
    maxConcurrentRuns: amount().optional(),
    properties: z.record(z.string(), z.string('must be a string'), 'must be an object of strings').optional(),
  } satisfies Record<keyof WorkflowDefinition, z.ZodType>);
  checkEmulated(schema, definition, 'define() of a Glue emulator');
}

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkOutcomes(outcomes: unknown): void {
  const outcome = strictObject({
    state: oneOf(END_STATES).optional(),
    durationMs: amount().optional(),
    startingMs: amount().optional(),
    retries: count(0).optional(),
    error: z.string('must be a string').optional(),
  } satisfies Record<keyof NodeOutcome, z.ZodType>);
  // A state alone is short for `{ state }`.
  const full = z.preprocess((value) => (typeof value === 'string' ? { state: value } : value), outcome);
  checkEmulated(listOf(full, 'outcomes'), outcomes, 'script() of a Glue emulator');
}
