import type { ConnectionKey, ResumableWorkflow, WorkflowRegistry } from 'resumable-workflow';
import { createWorkflow } from 'resumable-workflow';
import { stepFunctionsDriver } from './driver.js';
import type { StepFunctionsOptions } from './options.js';
import { parseOptions } from './options.js';

export type { StepFunctionsOptions } from './options.js';

/** Makes a connection to AWS Step Functions, which redrives failed executions of Standard workflows. */
export function createStepFunctionsWorkflow(options: StepFunctionsOptions): ResumableWorkflow<'resume'> {
  return connectionOf(parseOptions(options));
}

/** Registers a connection under its name; it is made when it is first asked for. */
export function registerStepFunctions(
  registry: WorkflowRegistry,
  options: StepFunctionsOptions,
): ConnectionKey<'resume'> {
  const parsed = parseOptions(options);
  return registry.register(parsed.name, () => connectionOf(parsed));
}

function connectionOf(options: StepFunctionsOptions): ResumableWorkflow<'resume'> {
  return createWorkflow(options.name, stepFunctionsDriver(options), { ledger: options.ledger });
}
