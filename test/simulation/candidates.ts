import type { History, TrackedCall, TrackedIntent } from './history.js';

/** Whether a call asks for what an intent is about. */
export function isSameRequest({ planned: { request } }: TrackedCall, { intent: { target } }: TrackedIntent): boolean {
  const { execution, action = 'resume', nodes = [] } = request;
  return execution === target.execution && action === target.action && listed(nodes) === listed(target.nodes);
}

/** The intents that a verdict of a call can be about. */
export function candidatesFor(history: History, call: TrackedCall): TrackedIntent[] {
  const since = flightBeganMs(history, call);
  return [...history.intents.values()].filter((tracked) => {
    const { founder, intent } = tracked;
    if (founder === call) return true;
    if (call.planned.kind === 'reconcile') return isOfTarget(call, tracked) && isOpenDuring(call, since, tracked);
    if (!isSameRequest(call, tracked) || intent.key !== call.planned.idempotencyKey) return false;
    return intent.key !== undefined || isFollowed(call, tracked) || isOpenDuring(call, since, tracked);
  });
}

/**
 * When the request that a call shares with others of its process was begun: with the first of them, for one that finds
 * another one ending may be told what that one came to.
 */
function flightBeganMs({ calls }: History, call: TrackedCall): number {
  let beganMs = call.startedAtMs;
  for (;;) {
    const earlier = calls.find(
      ({ planned, process, startedAtMs, endedAtMs = Number.POSITIVE_INFINITY }) =>
        process === call.process &&
        startedAtMs < beganMs &&
        endedAtMs >= beganMs &&
        planned.kind === 'attempt' &&
        planned.idempotencyKey === call.planned.idempotencyKey &&
        planned.request.execution === call.planned.request.execution,
    );
    if (earlier === undefined) return beganMs;
    beganMs = earlier.startedAtMs;
  }
}

/** How old a call's last look into the ledger may be when it is told its verdict, in milliseconds. */
const MAX_LOOK_AGE_MS = 15;

/**
 * What had been begun with a call's key by this time its verdict has to know. Its process last looked then, or should
 * have: where it was not suspended.
 */
export function lastLookMs({ lookups, calls }: History, call: TrackedCall): number {
  const { process, endedAtMs = 0, planned, sleptMs } = call;
  // A look at the very moment of its end may be another call's.
  const isShared = calls.some((other) => {
    return (
      other !== call &&
      other.process === process &&
      other.planned.idempotencyKey === planned.idempotencyKey &&
      other.startedAtMs <= endedAtMs &&
      (other.endedAtMs ?? endedAtMs) >= endedAtMs
    );
  });
  const last = lookups.findLast((one) => {
    const isInTime = isShared ? one.atMs < endedAtMs : one.atMs <= endedAtMs;
    return isInTime && one.process === process && one.key === planned.idempotencyKey;
  });
  const lookedMs = last?.atMs ?? call.startedAtMs;
  return process.sleptMs === sleptMs ? Math.max(lookedMs, endedAtMs - MAX_LOOK_AGE_MS) : lookedMs;
}

/** When a call that begins an intent looked into the ledger for the first time: what is unsettled then it joins. */
export function firstLookMs({ lookups }: History, { process, startedAtMs, planned }: TrackedCall): number {
  const first = lookups.find((one) => {
    return one.atMs >= startedAtMs && one.process === process && one.execution === planned.request.execution;
  });
  return first?.atMs ?? startedAtMs;
}

/** Whether a call's verdict is that of an intent that another call of its process works on. */
export function isFollowed(call: TrackedCall, tracked: TrackedIntent): boolean {
  const { process, intent, begunAtMs, closedAtMs = Number.POSITIVE_INFINITY } = tracked;
  const endedAtMs = call.endedAtMs ?? Number.POSITIVE_INFINITY;
  return (
    process === call.process &&
    intent.key === call.planned.idempotencyKey &&
    isSameRequest(call, tracked) &&
    begunAtMs < endedAtMs &&
    closedAtMs >= endedAtMs
  );
}

function isOfTarget({ planned }: TrackedCall, { intent }: TrackedIntent): boolean {
  return intent.target.execution === planned.request.execution;
}

function isOpenDuring(call: TrackedCall, sinceMs: number, { begunAtMs, settledAtMs }: TrackedIntent): boolean {
  const endedAtMs = call.endedAtMs ?? Number.POSITIVE_INFINITY;
  return begunAtMs <= endedAtMs && (settledAtMs ?? Number.POSITIVE_INFINITY) >= sinceMs;
}

function listed(nodes: readonly string[]): string {
  return [...nodes].sort().join(' ');
}
