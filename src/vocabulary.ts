import type { ExecutionState } from './snapshot.js';
import type { Action } from './types.js';

/** Every action, in the order in which they are told. */
export const ACTIONS = ['resume', 'restart', 'skip', 'continue'] as const satisfies readonly Action[];

/** Every state of an execution, in the order in which they are told. */
export const EXECUTION_STATES = [
  'running',
  'failed',
  'paused',
  'succeeded',
  'stopped',
  'unknown',
] as const satisfies readonly ExecutionState[];
