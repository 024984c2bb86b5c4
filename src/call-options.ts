import type { ResumePlan } from './resume-plan.js';
import type { ResumeOptions } from './types.js';

/** A call's options with their defaults filled in. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly readBackMs: number;
  readonly readBack: 'on' | 'off';
  readonly onUnknown: 'report' | 'send-again';
  readonly idempotencyKey: string | undefined;
  readonly reason: string | undefined;
  readonly actor: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** What the call must still find as it was. */
  readonly plan: ResumePlan | undefined;
}

/** Fills in the defaults. */
export function callOptionsOf(
  {
    timeoutMs = 30_000,
    readBackMs = 90_000,
    readBack = 'on',
    onUnknown = 'report',
    idempotencyKey,
    reason,
    actor,
    signal,
  }: ResumeOptions,
  plan?: ResumePlan,
): CallOptions {
  return { timeoutMs, readBackMs, readBack, onUnknown, idempotencyKey, reason, actor, signal, plan };
}

/** How long a call may last in all, in milliseconds. */
export function totalMsOf({ timeoutMs, readBackMs, readBack, onUnknown }: CallOptions): number {
  if (readBack === 'off') return timeoutMs;
  return (timeoutMs + readBackMs) * (onUnknown === 'send-again' ? 2 : 1);
}
