/** Time and chance, handed in so that a test or a simulation can play them. */
export interface Runtime {
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Calls back once after a delay in milliseconds; returns what cancels it. */
  readonly startTimer: (delayMs: number, callback: () => void) => () => void;
  /** A number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** An id that no other process makes. */
  readonly newId: () => string;
}

/** The longest delay that a timer takes, about 24.8 days; Node lets a longer one run out at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** 74 random bits of this process's (and thread's) own, in the form of a UUID of version 4. */
const ID_PREFIX = crypto.randomUUID().slice(0, 24);
let ids = 0;

/** Counted, so that none comes twice within a process; measured, making a random one takes longer than beginning with it. */
function newId(): string {
  ids += 1;
  return ID_PREFIX + ids.toString(16).padStart(12, '0');
}

/** The real ones. */
export const REAL_RUNTIME: Runtime = {
  nowMs: () => Date.now(),
  startTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newId,
};
