import type { ConnectionKey, ResumableWorkflow, WorkflowRegistry } from 'resumable-workflow';
import { createWorkflow } from 'resumable-workflow';
import type { StepFunctionsOptions } from './driver.js';
import { stepFunctionsDriver } from './driver.js';

export type { StepFunctionsOptions } from './driver.js';

/** Makes a connection to AWS Step Functions, which redrives failed executions of Standard workflows. */
export function createStepFunctionsWorkflow(options: StepFunctionsOptions): ResumableWorkflow<'resume'> {
  return createWorkflow(options.name, stepFunctionsDriver(options), { ledger: options.ledger });
}

/** Registers a connection under its name; it is made when it is first asked for. */
export function registerStepFunctions(
  registry: WorkflowRegistry,
  options: StepFunctionsOptions,
): ConnectionKey<'resume'> {
  return registry.register(options.name, () => createStepFunctionsWorkflow(options));
}
