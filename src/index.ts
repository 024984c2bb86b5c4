export type { CredentialSource, Expiring } from './auth/credentials.js';
export type {
  Acceptance,
  Attempt,
  Baseline,
  Discovery,
  Dispatched,
  FailureDetails,
  Finding,
  LostResume,
  Selection,
  Target,
  WorkflowDriver,
} from './driver.js';
export { DriverFailure } from './driver-failure.js';
export type { Effect, ErrorCode, Problem, ResumeErrorDetails } from './errors.js';
export { ResumeError } from './errors.js';
export type { TransportOptions } from './http/transport.js';
export type { Inspection, ListPage, PageRequest, Projection } from './inspection.js';
export type { FileLedgerOptions } from './ledger/file-ledger.js';
export { FileResumeLedger } from './ledger/file-ledger.js';
export type {
  Begun,
  Decision,
  Intent,
  Lease,
  LedgerRecord,
  LedgerTarget,
  RecordedError,
  RecordedVerdict,
  ResumeLedger,
  Settlement,
} from './ledger/ledger.js';
export { LedgerError } from './ledger/ledger-error.js';
export type { MemoryLedgerOptions } from './ledger/memory-ledger.js';
export { MemoryResumeLedger } from './ledger/memory-ledger.js';
export type { FollowOptions, NodeCounts, Progress } from './progress.js';
export type { ConnectionKey, WorkflowRegistry } from './registry.js';
export { createRegistry, workflowToken } from './registry.js';
export type { PlannedNode, ResumePlan } from './resume-plan.js';
export type { Runtime } from './runtime.js';
export type { ConnectionOptions } from './settings.js';
export type {
  ExecutionRef,
  ExecutionSnapshot,
  ExecutionState,
  Lineage,
  ListedExecution,
  ListOptions,
  NodeAttempt,
  NodeEdge,
  NodeSnapshot,
  NodeState,
  ReadOptions,
} from './snapshot.js';
export type {
  Action,
  Capabilities,
  EachOptions,
  EachOutcome,
  IdRule,
  NodeRange,
  Outcome,
  Read,
  Receipt,
  ReconcileOptions,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
} from './types.js';
export type { WorkflowSettings } from './workflow.js';
export { createWorkflow } from './workflow.js';
