import type { Effect } from '../errors.js';

/** What the process ends with. */
export const EXIT = {
  /** The provider accepted; where the run is followed, it has succeeded as well. */
  accepted: 0,
  /** Refused, and nothing was resumed. */
  refused: 1,
  /** Wrong usage: arguments or configuration. */
  usage: 2,
  /** It may or may not have been resumed. */
  unknown: 3,
  /** It was resumed, and was not seen to succeed. */
  notSucceeded: 4,
} as const;

export function exitCodeOf(effect: Effect): number {
  return effect === 'none' ? EXIT.refused : EXIT.unknown;
}

/** Arguments or configuration that cannot be used; its message is for the person at the terminal. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
