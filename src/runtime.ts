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

/** The real ones. */
export const REAL_RUNTIME: Runtime = {
  nowMs: () => Date.now(),
  startTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newId: () => crypto.randomUUID(),
};
