export type { Acceptance, Attempt, FailureDetails, Selection, Target, WorkflowDriver } from './driver.js';
export { DriverFailure } from './driver-failure.js';
export type { Effect, ErrorCode, Problem, ResumeErrorDetails } from './errors.js';
export { ResumeError } from './errors.js';
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
export type { ConnectionKey, WorkflowRegistry } from './registry.js';
export { createRegistry, workflowToken } from './registry.js';
export type {
  Action,
  Capabilities,
  IdRule,
  NodeRange,
  Receipt,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
} from './types.js';
export { createWorkflow } from './workflow.js';
