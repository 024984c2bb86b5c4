import type { WorkflowDriver } from '../src/driver.js';
import type { Inspection, Projection } from '../src/inspection.js';
import type { ResumeLedger } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { NodeAttempt, NodeSnapshot, NodeState } from '../src/snapshot.js';
import type { Receipt } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

export type Script = Partial<WorkflowDriver<'resume' | 'restart'>>;

export const ref = { workflow: 'nightly', execution: 'run-1' };

/** One for all, so that they share their schemas. */
const CAPABILITIES = { ...fakeDriver().capabilities, reads: ['inspect', 'plan', 'list', 'lineage'] as const };

/** A connection that can read everything that its script answers. */
export function readingConnection(script: Script, ledger: ResumeLedger = new MemoryResumeLedger()) {
  const runtime = new VirtualRuntime();
  const driver = fakeDriver({ capabilities: CAPABILITIES, ...script });
  const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', driver, { runtime, ledger });
  return { runtime, driver, workflow, ledger };
}

/** A node that has run once, or not at all. */
export function node(id: string, state: NodeState, more: Partial<NodeSnapshot> = {}): NodeSnapshot {
  const attempt: NodeAttempt = { state, providerState: state.toUpperCase(), startedAt: '2026-11-21T09:00:00.000Z' };
  return {
    id,
    name: id,
    kind: 'task',
    state,
    providerState: state.toUpperCase(),
    attempts: state === 'waiting' ? [] : [attempt],
    carriedOver: false,
    ...more,
  };
}

export function inspection(state: Inspection['state'], nodes: readonly NodeSnapshot[], more: Partial<Inspection> = {}) {
  return { state, providerState: state.toUpperCase(), nodes, ...more } satisfies Inspection;
}

/** What resuming the nodes that failed would do in a chain of nodes. */
export function projection(seen: Inspection, more: Partial<Projection> = {}): Projection {
  const starts = seen.nodes.filter(({ state }) => state === 'failed').map(({ id }) => id);
  const first = seen.nodes.findIndex(({ state }) => state === 'failed');
  const mayRun = first < 0 ? [] : seen.nodes.slice(first).map(({ id }) => id);
  const refusals = starts.length === 0 ? ['nothing has failed'] : [];
  return {
    inspection: seen,
    performed: 'resume',
    nodes: starts,
    starts,
    mayRun,
    expected: mayRun,
    resumedAs: [],
    refusals,
    warnings: [],
    ...more,
  };
}

export function receipt(more: Partial<Receipt> = {}): Receipt {
  return {
    provider: 'fake',
    connection: 'fake-eu',
    workflow: 'nightly',
    previousExecution: 'run-1',
    execution: 'run-1',
    sameExecution: true,
    action: 'resume',
    performed: 'resume',
    nodes: ['b'],
    nodesBasis: 'reported',
    confirmedBy: 'answer',
    attempts: 1,
    durationMs: 5,
    warnings: [],
    ...more,
  };
}

/** What can be told of anything by waiting for it: all that an iteration yields. */
export async function allOf<T>(steps: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const step of steps) all.push(step);
  return all;
}

/** A promise that settles only when the attempt ends. */
export function hanging<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
