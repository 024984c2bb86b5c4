import type { ConnectionKey, WorkflowRegistry } from '../../src/registry.js';
import type { ResumableWorkflow } from '../../src/types.js';
import { createWorkflow } from '../../src/workflow.js';
import { ObsDriver } from './driver.js';
import type { ObsOptions } from './options.js';
import { parseObsOptions } from './options.js';

export type { AccessKeys } from '../huawei/access-keys.js';
export type { ObsOptions } from './options.js';
export type { CanonicalResource } from './signature.js';

/**
 * Makes a connection to Huawei OBS Data+, which restores failed workflow instances.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options.
 */
export function createObsWorkflow(options: ObsOptions): ResumableWorkflow<'resume'> {
  return connectionOf(parseObsOptions(options));
}

/**
 * Registers a connection to Huawei OBS Data+ under its name; it is made when it is first asked for.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options; FAILED_PRECONDITION (no effect)
 * the name is taken.
 */
export function registerObs(registry: WorkflowRegistry, options: ObsOptions): ConnectionKey<'resume'> {
  const parsed = parseObsOptions(options);
  return registry.register(parsed.name, () => connectionOf(parsed));
}

function connectionOf(options: ReturnType<typeof parseObsOptions>): ResumableWorkflow<'resume'> {
  return createWorkflow(options.name, new ObsDriver(options), options);
}
