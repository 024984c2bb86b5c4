import type { Secrets } from './conceal.js';
import type { WorkflowDriver } from './driver.js';
import type { ResumeLedger } from './ledger/ledger.js';
import type { LedgerSteps } from './ledger/ledger-steps.js';
import type { Runtime } from './runtime.js';
import type { Sender } from './sending.js';

/** What a connection lends to its calls. */
export interface ConnectionParts {
  readonly name: string;
  readonly driver: WorkflowDriver<never>;
  readonly sender: Sender;
  readonly ledger: ResumeLedger;
  /** Those of the ledger that every call takes. */
  readonly steps: LedgerSteps;
  readonly owner: string;
  readonly runtime: Runtime;
  /** Seen by any of its calls. */
  readonly secrets: Secrets;
}
