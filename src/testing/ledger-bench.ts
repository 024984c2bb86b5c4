import { randomUUID } from 'node:crypto';
import { fingerprintOf } from '../ledger/fingerprint.js';
import type { Intent, LedgerRecord, ResumeLedger, Settlement } from '../ledger/ledger.js';
import type { Receipt } from '../types.js';

/** What `describe` and `it` of a test runner must do; those of vitest, node:test, mocha and jest do. */
export interface SuiteRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

/** An empty ledger for one test. */
export interface LedgerUnderTest {
  readonly ledger: ResumeLedger;
  /**
   * Another instance over the same records, as another process or the same one after a restart has it. A ledger that
   * lives and dies with its process returns itself.
   */
  readonly reopen: () => Promise<ResumeLedger>;
  readonly dispose: () => Promise<void>;
}

/** Registers one test of a ledger: it gets an empty one, which is disposed of afterwards. */
export type TestLedger = (name: string, body: (bench: LedgerUnderTest) => Promise<void>) => void;

export const START_MS = 1_760_000_000_000;
export const LEASE_MS = 30_000;

/** An intent of its own, and of its own target, unless told otherwise. */
export function intentOf(more: Partial<Intent> = {}): Intent {
  const id = randomUUID();
  const target = {
    workflow: 'nightly-etl',
    execution: `run-${id}`,
    action: 'resume',
    nodes: ['load', 'join'],
  } as const;
  const intent = {
    id,
    provider: 'any',
    connection: 'any-eu',
    target,
    performed: 'restart',
    nodes: ['join', 'load'],
    reason: 'the disk was full',
    actor: 'ann',
    createdAtMs: START_MS,
    baseline: { runs: 3, newest: 'run-2', isPaused: false, note: null },
    ...more,
  } as const;
  return { fingerprint: fingerprintOf(intent), ...intent };
}

/** Another intent for the same execution. */
export function sameTargetAs({ target, connection }: Intent, more: Partial<Intent> = {}): Intent {
  return intentOf({ target, connection, ...more });
}

export function acceptedSettlement({ provider, connection, target, performed, nodes }: Intent): Settlement {
  const receipt: Receipt = {
    provider,
    connection,
    workflow: target.workflow,
    previousExecution: target.execution,
    execution: `${target.execution}-again`,
    sameExecution: false,
    action: target.action,
    performed,
    nodes,
    nodesBasis: 'reported',
    confirmedBy: 'answer',
    requestId: 'request-1',
    attempts: 1,
    durationMs: 12.5,
    warnings: ['asked for but not restarted by itself: load'],
  };
  return { verdict: { status: 'accepted', receipt }, settledAtMs: START_MS + 1_000 };
}

export function refusedSettlement(): Settlement {
  return {
    verdict: {
      status: 'refused',
      error: {
        message: 'it is not in a failed state',
        code: 'FAILED_PRECONDITION',
        httpStatus: 400,
        providerCode: 'IllegalState',
        requestId: 'request-2',
        attempts: 1,
      },
    },
    settledAtMs: START_MS + 1_000,
    decision: { as: 'did-not-happen', actor: 'ann', reason: 'seen in the console', decidedAtMs: START_MS + 900 },
  };
}

/** Begins an intent that nothing stands in the way of. */
export async function own(ledger: ResumeLedger, intent: Intent, owner = 'first'): Promise<LedgerRecord> {
  const begun = await ledger.begin(intent, owner, START_MS, LEASE_MS);
  if (begun.status !== 'owned') throw new Error(`begin answered ${begun.status}, not owned`);
  return begun.record;
}

/** A record as it reads after a round through JSON: without properties that are undefined. */
export function plain<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

export async function listed(ledger: ResumeLedger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.list()) records.push(record);
  return records;
}
