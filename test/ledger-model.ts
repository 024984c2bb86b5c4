import type { Intent, LedgerRecord, ResumeLedger } from '../src/ledger/ledger.js';
import { acceptedSettlement, intentOf, LEASE_MS, plain, START_MS } from '../src/testing/ledger-bench.js';

/** One call of a ledger, as data. Intents are numbered; each has its own id. */
export type Operation =
  | (Place & { readonly kind: 'begin'; readonly lookedUp: 'early' | 'late' | undefined })
  | (Place & { readonly kind: 'lookup' })
  | { readonly kind: 'claim'; readonly intent: number; readonly late: boolean }
  | { readonly kind: 'renew'; readonly intent: number; readonly fence: number; readonly late: boolean }
  | { readonly kind: 'release'; readonly intent: number; readonly fence: number }
  | { readonly kind: 'settle'; readonly intent: number; readonly fence: number }
  | { readonly kind: 'find'; readonly intent: number };

interface Place {
  readonly intent: number;
  readonly key: number;
  readonly target: number;
}

/** What is in a ledger, by the number of its intent. */
export type ModelState = ReadonlyMap<number, LedgerRecord>;

/** Key 0 stands for none. */
function intentFor({ intent, key, target, lookedUp }: Place & { lookedUp?: 'early' | 'late' | undefined }): Intent {
  return intentOf({
    id: `intent-${intent}`,
    key: key === 0 ? undefined : `key-${key}`,
    target: { workflow: 'w', execution: `run-${target}`, action: 'resume', nodes: [] },
    connection: 'c',
    fingerprint: 'f',
    lookedUpAtMs: lookedUp === undefined ? undefined : START_MS + (lookedUp === 'early' ? 0 : 1_000_000),
  });
}

/** Later intents are settled at later times. */
const settlementFor = (intent: number) => {
  const settledAtMs = START_MS + 1_000 + intent;
  return { ...acceptedSettlement(intentFor({ intent, key: 0, target: 0 })), settledAtMs };
};
const settledAtMs = ({ settlement }: LedgerRecord): number => settlement?.settledAtMs ?? 0;
const nowOf = (late: boolean): number => (late ? START_MS + 10 * LEASE_MS : START_MS);

/** Makes a call; the answer is plain data, to be compared with the model's. */
export async function perform(ledger: ResumeLedger, operation: Operation): Promise<unknown> {
  const id = `intent-${operation.intent}`;
  switch (operation.kind) {
    case 'begin': {
      const { status, record } = await ledger.begin(
        intentFor(operation),
        `owner-${operation.intent}`,
        START_MS,
        LEASE_MS,
      );
      return [status, plain(record)];
    }
    case 'claim':
      return plain(await ledger.claim(id, 'claimer', nowOf(operation.late), LEASE_MS));
    case 'renew':
      return await ledger.renew(id, operation.fence, nowOf(operation.late), LEASE_MS);
    case 'release':
      return await ledger.release(id, operation.fence, 'lost');
    case 'settle':
      return await ledger.settle(id, operation.fence, settlementFor(operation.intent));
    case 'find':
      return plain(await ledger.find(id));
    case 'lookup': {
      const { key, connection, target } = intentFor(operation);
      return plain(await ledger.lookup({ key, target: { ...target, connection } }));
    }
  }
}

/** What a ledger must answer, and what is in it afterwards: written down a second time, as simply as possible. */
function modelled(state: ModelState, operation: Operation): { answer: unknown; after: ModelState } {
  const same = (answer: unknown) => ({ answer, after: state });
  const change = (record: LedgerRecord, answer: unknown) => {
    return { answer, after: new Map(state).set(operation.intent, plain(record)) };
  };
  const own = state.get(operation.intent);
  if (operation.kind === 'find') return same(own);
  if ('target' in operation) {
    const intent = intentFor(operation);
    const records = [...state.values()];
    const found =
      records.find((record) => intent.key !== undefined && record.intent.key === intent.key) ??
      records.find(({ intent: other, settlement }) => {
        return settlement === undefined && other.target.execution === intent.target.execution;
      });
    if (operation.kind === 'lookup') return same(found);
    if (found !== undefined) return same([found.settlement === undefined ? 'pending' : 'settled', found]);
    const since = intent.lookedUpAtMs ?? Number.POSITIVE_INFINITY;
    const news = records
      .filter((record) => {
        return record.intent.target.execution === intent.target.execution && settledAtMs(record) > since;
      })
      .sort((one, other) => settledAtMs(other) - settledAtMs(one))
      .sort((one, other) => Number(other.intent.key === intent.key) - Number(one.intent.key === intent.key))[0];
    if (news !== undefined) return same(['settled', news]);
    const lease = { owner: `owner-${operation.intent}`, fence: 1, expiresAtMs: START_MS + LEASE_MS };
    const record = plain({ intent, lease, fence: 1 });
    return change(record, ['owned', record]);
  }
  const refused = operation.kind === 'claim' ? undefined : false;
  if (own === undefined || own.settlement !== undefined) return same(refused);
  const { intent, lease, unknownBecause, fence } = own;
  if (operation.kind === 'claim') {
    const nowMs = nowOf(operation.late);
    if (lease !== undefined && lease.expiresAtMs > nowMs) return same(undefined);
    const next = { owner: 'claimer', fence: fence + 1, expiresAtMs: nowMs + LEASE_MS };
    const record = plain({ intent, lease: next, fence: fence + 1, unknownBecause });
    return change(record, record);
  }
  if (operation.fence !== fence) return same(false);
  if (operation.kind === 'release') return change({ intent, fence, unknownBecause: 'lost' }, true);
  if (operation.kind === 'settle') {
    const settlement = settlementFor(operation.intent);
    return change({ intent, fence, settlement }, true);
  }
  if (lease === undefined) return same(false);
  const expiresAtMs = nowOf(operation.late) + LEASE_MS;
  return change({ ...own, lease: { ...lease, expiresAtMs } }, true);
}

/** A call that was made, and when it began and ended in the order of all events. */
export interface Call {
  readonly operation: Operation;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly answer: unknown;
  /** Its process was killed: it has happened or not, and its answer is not known. */
  readonly cut?: boolean;
}

/**
 * The states that a history can have led to, if there is an order of its calls, each within its own span, in which the
 * model gives the same answers. Empty where there is none.
 */
export function explain(before: ModelState, calls: readonly Call[]): ModelState[] {
  const finals = new Map<string, ModelState>();
  const tried = new Set<string>();
  const visit = (state: ModelState, left: readonly Call[]): void => {
    const place = `${keyOf(state)}|${left.map(({ begunAt }) => begunAt).join()}`;
    if (tried.has(place)) return;
    tried.add(place);
    if (left.length === 0) finals.set(keyOf(state), state);
    const firstEnd = Math.min(...left.map(({ endedAt }) => endedAt));
    for (const call of left.filter(({ begunAt }) => begunAt < firstEnd)) {
      const rest = left.filter((other) => other !== call);
      const { answer, after } = modelled(state, call.operation);
      if (call.cut === true || isEqual(answer, call.answer)) visit(after, rest);
      if (call.cut === true) visit(state, rest);
    }
  };
  visit(before, calls);
  return [...finals.values()];
}

function keyOf(state: ModelState): string {
  return JSON.stringify([...state].sort(([one], [other]) => one - other));
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}
