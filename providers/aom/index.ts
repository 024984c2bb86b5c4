import type { ConnectionKey, WorkflowRegistry } from '../../src/registry.js';
import type { Action, ResumableWorkflow } from '../../src/types.js';
import { createWorkflow } from '../../src/workflow.js';
import { AomDriver } from './driver.js';
import type { AomOptions } from './options.js';
import { parseAomOptions } from './options.js';

export type { AccessKeys } from '../huawei/access-keys.js';
export type { AuthToken } from '../huawei/token-source.js';
export type { AomCredentials, AomOptions, AomPassword, AomSupplied } from './options.js';

/**
 * Makes a connection to Huawei AOM automation, which restarts or skips the failed node of an execution, or continues
 * past a paused one.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options.
 */
export function createAomWorkflow(options: AomOptions): ResumableWorkflow<Action> {
  return connectionOf(parseAomOptions(options));
}

/**
 * Registers a connection to Huawei AOM automation under its name; it is made when it is first asked for.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options; FAILED_PRECONDITION (no effect)
 * the name is taken.
 */
export function registerAom(registry: WorkflowRegistry, options: AomOptions): ConnectionKey<Action> {
  const parsed = parseAomOptions(options);
  return registry.register(parsed.name, () => connectionOf(parsed));
}

function connectionOf(options: ReturnType<typeof parseAomOptions>): ResumableWorkflow<Action> {
  return createWorkflow(options.name, new AomDriver(options), options);
}
