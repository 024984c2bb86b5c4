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

/** When the request that a call shares with others of its process was begun: with the first of them. */
export function flightBeganMs({ calls }: History, call: TrackedCall): number {
  const isShared = ({ planned, process, startedAtMs, endedAtMs = Number.POSITIVE_INFINITY }: TrackedCall): boolean =>
    process === call.process &&
    startedAtMs <= call.startedAtMs &&
    endedAtMs >= call.startedAtMs &&
    planned.kind === 'attempt' &&
    planned.idempotencyKey === call.planned.idempotencyKey &&
    planned.request.execution === call.planned.request.execution;
  return Math.min(call.startedAtMs, ...calls.filter(isShared).map(({ startedAtMs }) => startedAtMs));
}

/** Whether a call's verdict is that of an intent that another call of its process works on. */
export function isFollowed(call: TrackedCall, tracked: TrackedIntent): boolean {
  const { process, intent, begunAtMs, closedAtMs = Number.POSITIVE_INFINITY } = tracked;
  const endedAtMs = call.endedAtMs ?? Number.POSITIVE_INFINITY;
  return (
    process === call.process &&
    intent.key === call.planned.idempotencyKey &&
    isSameRequest(call, tracked) &&
    begunAtMs <= endedAtMs &&
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
