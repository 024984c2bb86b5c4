import type { CallRecord } from './attempt.js';
import type { CallOptions } from './call-options.js';
import type { ConnectionParts } from './connection-parts.js';
import type { CallScope } from './deadline.js';
import type { Discovery, Target } from './driver.js';
import type { Begun, LedgerRecord } from './ledger/ledger.js';
import { discoveryOfPlan } from './planning.js';
import type { ResumePlan } from './resume-plan.js';
import { GivenUp } from './sending.js';

/** Since when nothing may have been settled for what was read to count, in epoch milliseconds. */
export function countsSinceMs(startedMs: number, plan: ResumePlan | undefined): number {
  const readMs = plan === undefined ? Number.NaN : Date.parse(plan.snapshot.readAt);
  return readMs < startedMs ? readMs : startedMs;
}

/** Whether an intent was settled before a call, so that it is not the call itself, made by somebody else meanwhile. */
export function isSettledBefore({ status, record }: Begun, startedMs: number): boolean {
  const { settledAtMs = Number.POSITIVE_INFINITY } = record.settlement ?? {};
  return status === 'settled' && settledAtMs <= startedMs;
}

/**
 * Whether an execution was resumed between the reading of a plan and the call that applies it. The ledger knows of that
 * before the provider may show it.
 *
 * @returns why the plan is not applied; undefined where nothing was resumed.
 */
export function overtakenBy({ intent, settlement }: LedgerRecord, plan: ResumePlan): GivenUp | undefined {
  if (settlement?.verdict.status !== 'accepted') return undefined;
  const { readAt } = plan.snapshot;
  const { execution, sameExecution } = settlement.verdict.receipt;
  const since = `it was resumed since (intent ${intent.id})${sameExecution ? '' : `, as ${execution}`}`;
  const why = `the plan of ${readAt} is out of date: ${since}. Make a new one and look at it`;
  return new GivenUp({ why, details: { code: 'FAILED_PRECONDITION', effect: 'none' } });
}

/** What was read before anything is sent. */
export interface Discovered {
  readonly discovery: Discovery;
  /** Why it cannot be resumed as it stands. */
  readonly refusal?: GivenUp | undefined;
}

/** What a target says by itself, without a read. */
export function asAsked({ action: performed, nodes }: Target): Discovered {
  return { discovery: { performed, nodes } };
}

/** Whether anything must be read before it is sent: what the driver needs to know, or what a plan has found. */
export function needsDiscovery(
  driver: ConnectionParts['driver'],
  target: Target,
  { readBack, plan }: Pick<CallOptions, 'readBack' | 'plan'>,
): boolean {
  if (plan !== undefined) return true;
  const { capabilities } = driver;
  return (
    driver.needsDiscovery?.(target, readBack === 'on') ??
    (capabilities.discoversNodes && target.action === 'resume' && target.nodes.length === 0)
  );
}

/**
 * Reads where an execution stopped and what a lost answer would be told by; with a plan, also whether anything has
 * changed since.
 *
 * @throws {GivenUp} with effect `none`; {@link refusedIn} tells what comes of it.
 */
export function discover(
  parts: ConnectionParts,
  target: Target,
  { plan }: Pick<CallOptions, 'plan'>,
  call: CallRecord,
  scope: CallScope,
): Promise<Discovery> {
  if (plan === undefined) return parts.sender.discover(target, call, scope);
  return discoveryOfPlan(parts, target, plan, call, scope);
}

/**
 * An execution that cannot be resumed now may be so because an equal call has just resumed it: the ledger has the last
 * word on that.
 *
 * @throws what is no such refusal.
 */
export function refusedIn(thrown: unknown, target: Target): Discovered {
  if (!(thrown instanceof GivenUp) || thrown.failure.details.code !== 'FAILED_PRECONDITION') throw thrown;
  return { ...asAsked(target), refusal: thrown };
}
