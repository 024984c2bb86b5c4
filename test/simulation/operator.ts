import type { Intent, LedgerRecord, RecordedVerdict, Settlement } from '../../src/ledger/ledger.js';
import type { Receipt } from '../../src/types.js';
import { commitOf } from './history.js';
import type { Commit } from './service.js';
import type { Tally } from './tally.js';
import type { World } from './world.js';

const RECONCILE_MS = 10_000;
/** How often the operator tries the target afterwards. */
const TRIES_AFTERWARDS = 0.2;

/** What a person does at the end of the day: reconcile what is unsettled, decide the rest by what really happened. */
export async function clearUp(world: World, tally: Tally): Promise<void> {
  const unsettled = await unsettledOf(world);
  if (unsettled.length === 0) return;
  const place = 9;
  world.callers.open(place);
  await waitForLeases(world, unsettled);
  for (const { intent } of unsettled) {
    const call = world.planner.plain(intent.target.execution);
    world.callers.plan({ ...call, kind: 'reconcile', place, readBackMs: RECONCILE_MS });
  }
  await world.rest();
  // A reconciliation that failed half-way leaves its lease behind.
  await waitForLeases(world, await unsettledOf(world));
  for (const { intent } of await unsettledOf(world)) await settle(world, intent.id, tally);
  const left = await unsettledOf(world);
  for (const { intent } of left) world.history.note('target stays blocked', `by intent ${intent.id}`);
  if (left.length === 0 && world.planner.chance.happens(TRIES_AFTERWARDS)) await tryOnce(world, place);
}

/** A lease that has not expired cannot be claimed. */
async function waitForLeases(world: World, records: readonly LedgerRecord[]): Promise<void> {
  for (const { lease } of records) {
    if (lease !== undefined) world.clock.after(lease.expiresAtMs - world.localMs, () => {});
  }
  await world.rest();
}

async function unsettledOf({ ledger }: World): Promise<LedgerRecord[]> {
  const unsettled: LedgerRecord[] = [];
  for await (const record of ledger.list()) if (record.settlement === undefined) unsettled.push(record);
  return unsettled;
}

/** As `resumable ledger settle` does, by somebody who knows. */
async function settle({ ledger, history, witness, localMs: nowMs }: World, id: string, tally: Tally): Promise<void> {
  const tracked = history.intents.get(id);
  const claimed = await ledger.claim(id, 'operator', nowMs, 60_000);
  if (claimed === undefined || tracked === undefined) return;
  tally.leftToOperator += 1;
  if (tracked.sent.length === 0) tally.leftUnsent += 1;
  const commit = commitOf(tracked);
  const { intent, fence } = claimed;
  const verdict: RecordedVerdict =
    commit === undefined
      ? { status: 'refused', error: { message: 'it did not happen', code: 'ABORTED', attempts: 0 } }
      : { status: 'accepted', receipt: receiptOf(intent, commit) };
  const as = commit === undefined ? 'did-not-happen' : 'happened';
  const decision = { as, actor: 'operator', reason: 'looked at it', decidedAtMs: nowMs } as const;
  const settlement: Settlement = { verdict, settledAtMs: nowMs, decision };
  if (await ledger.settle(id, fence, settlement)) witness.settled(id, settlement);
}

/** A call on a target that was cleared up must not find anything in its way but itself. */
async function tryOnce(world: World, place: number): Promise<void> {
  const call = { ...world.planner.plain('x1'), place };
  world.callers.plan(call);
  await world.rest();
  const { outcome } = world.history.calls.find(({ planned }) => planned.id === call.id) ?? {};
  if (outcome === undefined || outcome.status === 'accepted') return;
  const blocking = world.history.intents.get(outcome.error.intent ?? '');
  if (blocking !== undefined && blocking.founder?.planned.id !== call.id) {
    world.history.note('target stays blocked', `by intent ${blocking.intent.id}, although all were settled`);
  }
}

function receiptOf({ provider, connection, target, performed }: Intent, { execution, nodes }: Commit): Receipt {
  const { workflow, execution: previousExecution, action } = target;
  const sameExecution = execution === previousExecution;
  const told = { nodesBasis: 'observed', confirmedBy: 'read-back', attempts: 1, durationMs: 0, warnings: [] } as const;
  return {
    ...told,
    provider,
    connection,
    workflow,
    previousExecution,
    execution,
    sameExecution,
    action,
    performed,
    nodes,
  };
}
