import { tracingChannel } from 'node:diagnostics_channel';
import type { Target } from './driver.js';
import type { Outcome } from './types.js';

/** What subscribers of the channel `resumable-workflow:resume` are handed. */
export interface ResumeTrace {
  readonly provider: string;
  readonly connection: string;
  readonly target: Target;
}

const resumeChannel = tracingChannel<ResumeTrace>('resumable-workflow:resume');

/** Runs one call under the tracing channel `resumable-workflow:resume`; costs nothing without subscribers. */
export function traced(trace: ResumeTrace, call: () => Promise<Outcome>): Promise<Outcome> {
  return resumeChannel.hasSubscribers ? resumeChannel.tracePromise(call, { ...trace }) : call();
}
