import { z } from 'zod';
import { oneOf, text } from '../../src/schema.js';
import { checkEmulated, emulatorShape, keysSchema } from '../../src/testing/emulator-schema.js';
import { amount, count, flag, listOf, openObject, strictObject } from '../../src/testing/strict-object.js';
import type { AomExecutionDefinition, AomNodeDefinition } from './emulator-definition.js';
import type { AomKnobs } from './emulator-knobs.js';
import type { AomUser } from './emulator-tokens.js';

const word = () => z.string('must be a string');

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkOptions(options: unknown): void {
  const knobs = strictObject({
    wrongState: oneOf(['400/31001418', '500/31001405']).optional(),
    result: oneOf(['string', 'object', 'missing']).optional(),
    errorMessageKey: oneOf(['error_msg', 'error_message']).optional(),
    httpCodeStyle: oneOf(['number', 'string', 'htp_code']).optional(),
    doubleSubmit: oneOf(['refuse', 'accept']).optional(),
    visibilityMs: amount().optional(),
    showsSnapshot: flag().optional(),
    keepsRuns: oneOf(['all', 'newest']).optional(),
    failedNodeStatus: word().optional(),
    skippedNodeStatus: word().optional(),
    ignoredErrors: word().optional(),
    historyKeys: oneOf(['example', 'schema']).optional(),
    contentType: flag().optional(),
    requestIdHeader: text().optional(),
    tokenLifetimeMs: amount().optional(),
    tokenLength: count(1).optional(),
  } satisfies Record<keyof AomKnobs, z.ZodType>);
  const user = strictObject({
    username: text(),
    password: text(),
    domainName: text(),
  } satisfies Record<keyof AomUser, z.ZodType>);
  const schema = strictObject({
    ...emulatorShape(),
    region: text().optional(),
    projectId: text().optional(),
    credentials: keysSchema('securityToken').optional(),
    user: user.optional(),
    knobs: knobs.optional(),
  });
  checkEmulated(schema, options, 'new AomEmulator()');
}

/** @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkDefinition(definition: unknown): void {
  const node = strictObject({
    id: text(),
    name: word().optional(),
    status: word().optional(),
    kind: oneOf(['task', 'pause']).optional(),
    durationMs: amount().optional(),
    failures: count(0).optional(),
    outcomes: listOf(word(), 'states').optional(),
    error: word().optional(),
    ignoresErrors: flag().optional(),
  } satisfies Record<keyof AomNodeDefinition, z.ZodType>);
  const schema = openObject({
    workflow: text(),
    execution: text(),
    status: word().optional(),
    nodes: listOf(node, 'nodes'),
    stoodForMs: amount().optional(),
  } satisfies Record<keyof AomExecutionDefinition, z.ZodType>);
  checkEmulated(schema, definition, 'define() of an AOM emulator');
}
