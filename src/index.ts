export { DriverFailure } from './driver-failure.js';
export type { Effect, ErrorCode, Problem, ResumeErrorDetails } from './errors.js';
export { ResumeError } from './errors.js';
export type { ConnectionKey, WorkflowRegistry } from './registry.js';
export { createRegistry, workflowToken } from './registry.js';
export type {
  Acceptance,
  Action,
  Attempt,
  Capabilities,
  FailureDetails,
  IdRule,
  NodeRange,
  Receipt,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
  Selection,
  Target,
  WorkflowDriver,
} from './types.js';
export { createWorkflow } from './workflow.js';
