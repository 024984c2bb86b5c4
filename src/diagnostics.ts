import { tracingChannel } from 'node:diagnostics_channel';
import type { Receipt, Target } from './types.js';

/** What subscribers of the channel `resumable-workflow:resume` are handed. */
export interface ResumeTrace {
  readonly provider: string;
  readonly connection: string;
  readonly target: Target;
}

const resumeChannel = tracingChannel<ResumeTrace>('resumable-workflow:resume');

/** Runs one call under the tracing channel `resumable-workflow:resume`; costs nothing without subscribers. */
export function traced(trace: ResumeTrace, call: () => Promise<Receipt>): Promise<Receipt> {
  return resumeChannel.start.hasSubscribers || resumeChannel.asyncEnd.hasSubscribers
    ? resumeChannel.tracePromise(call, { ...trace })
    : call();
}
