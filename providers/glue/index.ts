import type { ConnectionKey, WorkflowRegistry } from '../../src/registry.js';
import type { ResumableWorkflow } from '../../src/types.js';
import { createWorkflow } from '../../src/workflow.js';
import { GlueDriver } from './driver.js';
import type { GlueOptions } from './options.js';
import { parseGlueOptions } from './options.js';

export type { GlueCredentials, GlueOptions } from './options.js';

/**
 * Makes a connection to AWS Glue, which resumes workflow runs as new runs.
 *
 * `resume` without nodes reads the run and restarts what failed; `resume` with nodes and `restart` start exactly those,
 * and everything downstream of them, without reading it.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options.
 * @see Glue developer guide, "Repairing and resuming a workflow run"
 */
export function createGlueWorkflow(options: GlueOptions): ResumableWorkflow<'resume' | 'restart'> {
  return connectionOf(parseGlueOptions(options));
}

/**
 * Registers a connection to AWS Glue under its name; it is made when it is first asked for.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem of the options; FAILED_PRECONDITION (no effect)
 * the name is taken.
 */
export function registerGlue(registry: WorkflowRegistry, options: GlueOptions): ConnectionKey<'resume' | 'restart'> {
  const parsed = parseGlueOptions(options);
  return registry.register(parsed.name, () => connectionOf(parsed));
}

function connectionOf(options: GlueOptions): ResumableWorkflow<'resume' | 'restart'> {
  return createWorkflow(options.name, new GlueDriver(options), options);
}
