import { z } from 'zod';
import { oneOf, text } from '../../src/schema.js';
import { checkEmulated, emulatorShape, keysSchema } from '../../src/testing/emulator-schema.js';
import { amount, count, flag, listOf, openObject, strictObject } from '../../src/testing/strict-object.js';
import type { ObsInstanceDefinition, ObsRun, ObsStep } from './emulator-instances.js';
import type { ObsKnobs } from './emulator-knobs.js';

const word = () => z.string('must be a string');

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkOptions(options: unknown): void {
  const knobs = strictObject({
    errorFormat: oneOf(['xml', 'json', 'json-error-code']).optional(),
    wrongState: strictObject({ status: count(100), code: text() }).optional(),
    doubleRestore: oneOf(['refuse', 'accept']).optional(),
    restorableStates: listOf(text(), 'states').optional(),
    requestIdHeader: oneOf(['X-Request-ID', 'x-obs-request-id']).optional(),
    contentType: flag().optional(),
    failedNodeStatus: word().optional(),
    succeededNodeStatus: word().optional(),
    stepTimes: oneOf(['newest', 'first', 'none']).optional(),
    showsErrors: flag().optional(),
    visibilityMs: amount().optional(),
    showsRestoredAt: flag().optional(),
  } satisfies Record<keyof ObsKnobs, z.ZodType>);
  const schema = strictObject({
    ...emulatorShape(),
    region: text().optional(),
    projectId: text().optional(),
    credentials: keysSchema('securityToken').optional(),
    knobs: knobs.optional(),
  });
  checkEmulated(schema, options, 'new ObsEmulator()');
}

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkDefinition(definition: unknown): void {
  const steps = namesIn(definition);
  const step = z
    .string('must be a string')
    .refine((name) => steps.has(name), `must be one of its steps: ${[...steps].join(', ')}`);
  const run = strictObject({
    failsAt: step.optional(),
    error: word().optional(),
    endsAs: text().optional(),
    stepMs: amount().optional(),
  } satisfies Record<keyof ObsRun, z.ZodType>);
  const schema = openObject({
    workflow: text(),
    execution: text(),
    steps: listOf(
      strictObject({
        name: text(),
        type: word().optional(),
        durationMs: amount().optional(),
      } satisfies Record<keyof ObsStep, z.ZodType>),
      'steps',
    ),
    state: text().optional(),
    standsAt: step.optional(),
    error: word().optional(),
    stoodForMs: amount().optional(),
    runs: listOf(run, 'runs').optional(),
  } satisfies Record<keyof ObsInstanceDefinition, z.ZodType>);
  checkEmulated(schema, definition, 'define() of an OBS emulator');
}

/** The names of the steps that a definition gives, as far as it does. */
function namesIn(definition: unknown): ReadonlySet<string> {
  const { steps } = (definition ?? {}) as Partial<Record<'steps', unknown>>;
  const given: readonly unknown[] = Array.isArray(steps) ? steps : [];
  return new Set(given.flatMap((step) => ((step ?? {}) as Partial<ObsStep>).name ?? []));
}
