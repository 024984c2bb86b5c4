import type { GlueKnobs } from './emulator-knobs.js';
import type { Run } from './emulator-run.js';
import { isRunnable, stateOf } from './emulator-run.js';
import type { GlueStatistics } from './emulator-wire.js';

type Count = Exclude<keyof GlueStatistics, 'TotalActions'>;

const COUNTS: Readonly<Record<string, Count>> = {
  STARTING: 'RunningActions',
  RUNNING: 'RunningActions',
  STOPPING: 'RunningActions',
  CANCELLING: 'RunningActions',
  WAITING: 'WaitingActions',
  SUCCEEDED: 'SucceededActions',
  FAILED: 'FailedActions',
  TIMEOUT: 'TimeoutActions',
  STOPPED: 'StoppedActions',
  CANCELLED: 'StoppedActions',
  ERROR: 'ErroredActions',
  EXPIRED: 'ErroredActions',
};

/**
 * Counts nodes by the state of their last attempt. Recorded: triggers do not count. Inferred: neither do nodes that
 * were not attempted, nor earlier attempts; which count EXPIRED and CANCELLED belong to.
 */
export function statisticsOf({ nodes }: Run, { statistics }: GlueKnobs, nowMs: number): GlueStatistics {
  const counts = {
    TotalActions: 0,
    TimeoutActions: 0,
    FailedActions: 0,
    StoppedActions: 0,
    SucceededActions: 0,
    RunningActions: 0,
    ErroredActions: 0,
    WaitingActions: 0,
  };
  for (const node of nodes) {
    if (!isRunnable(node) || node.standing === 'pending') continue;
    if (statistics === 'restarted' && node.standing !== 'own') continue;
    counts.TotalActions += 1;
    const count = COUNTS[stateOf(node, nowMs) ?? ''];
    if (count !== undefined) counts[count] += 1;
  }
  return counts;
}
