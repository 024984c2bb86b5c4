/** Time and chance, handed in so that a test or a simulation can play them. */
export interface Runtime {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Calls back once after a delay in milliseconds; returns what cancels it. */
  startTimer(delayMs: number, callback: () => void): () => void;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** An id that no other process makes. */
  newId(): string;
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
