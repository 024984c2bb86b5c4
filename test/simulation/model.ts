/**
 * All figures of the model, and nothing else. None of them was measured on a cloud: they say under which circumstances
 * the table was made. Durations are in milliseconds, probabilities from 0 to 1.
 */
export interface Climate {
  /** What becomes of a request that resumes; the rest is answered as it should be. */
  readonly mutation: Readonly<Record<MutationFault, number>>;
  /** What becomes of a read; the rest is answered as it should be. */
  readonly read: Readonly<Record<ReadFault, number>>;
  /** Of a ledger operation: it fails before or after it has written, or it takes up to `slowLedgerMs`. */
  readonly ledger: Readonly<Record<'failsBefore' | 'failsAfter' | 'slow', number>>;
  /** Of a request that resumes: it has to wait for its credentials or a connection first. */
  readonly waits: number;
  /** Of a schedule: how often these happen in it. */
  readonly stranger: number;
  readonly kill: number;
  readonly suspension: number;
  readonly close: number;
  /** Of a call. */
  readonly abort: number;
  readonly ownTimes: number;
}

/** What can become of a request that resumes. */
export type MutationFault =
  /** Nothing left. */
  | 'connect-fails'
  | 'connect-hangs'
  /** It did nothing, and the provider says so. */
  | 'refused'
  | 'throttled'
  | 'throttled-with-retry-after'
  | 'credential-refused'
  /** It did nothing, and nobody says so. */
  | 'lost-before-commit'
  | 'hangs-before-commit'
  | 'fails-before-commit'
  /** It is carried out, and nobody says so. */
  | 'fails-after-commit'
  | 'lost-after-commit'
  | 'hangs-after-commit'
  | 'cut-off-after-commit'
  /** It is carried out only after its connection was lost or answered with an error. */
  | 'late-commit'
  /** It is answered as it should be, only late. */
  | 'slow';

/** What can become of a read. */
export type ReadFault = 'connect-fails' | 'lost' | 'server-error' | 'throttled' | 'hangs' | 'slow';

/** A day on which little goes wrong: for the table's rates. */
const ordinary: Climate = {
  mutation: {
    'connect-fails': 0.003,
    'connect-hangs': 0.000_5,
    refused: 0.005,
    throttled: 0.005,
    'throttled-with-retry-after': 0.005,
    'credential-refused': 0.001,
    'lost-before-commit': 0.002,
    'hangs-before-commit': 0.001,
    'fails-before-commit': 0.004,
    'fails-after-commit': 0.005,
    'lost-after-commit': 0.008,
    'hangs-after-commit': 0.003,
    'cut-off-after-commit': 0.001,
    'late-commit': 0.003,
    slow: 0.002,
  },
  read: { 'connect-fails': 0.003, lost: 0.003, 'server-error': 0.003, throttled: 0.003, hangs: 0.000_5, slow: 0.002 },
  ledger: { failsBefore: 0.000_2, failsAfter: 0.000_2, slow: 0.000_2 },
  waits: 0.002,
  stranger: 0.02,
  kill: 0.05,
  suspension: 0.01,
  close: 0.01,
  abort: 0.02,
  ownTimes: 0.1,
};

/** A day on which most things go wrong: for finding what should never happen. */
const storm: Climate = {
  mutation: {
    'connect-fails': 0.04,
    'connect-hangs': 0.01,
    refused: 0.03,
    throttled: 0.06,
    'throttled-with-retry-after': 0.06,
    'credential-refused': 0.02,
    'lost-before-commit': 0.06,
    'hangs-before-commit': 0.03,
    'fails-before-commit': 0.06,
    'fails-after-commit': 0.08,
    'lost-after-commit': 0.1,
    'hangs-after-commit': 0.05,
    'cut-off-after-commit': 0.03,
    'late-commit': 0.07,
    slow: 0.05,
  },
  read: { 'connect-fails': 0.03, lost: 0.03, 'server-error': 0.03, throttled: 0.03, hangs: 0.01, slow: 0.03 },
  ledger: { failsBefore: 0.005, failsAfter: 0.005, slow: 0.01 },
  waits: 0.1,
  stranger: 0.25,
  kill: 0.4,
  suspension: 0.1,
  close: 0.05,
  abort: 0.15,
  ownTimes: 0.5,
};

/** Even seeds are ordinary days, odd ones storms. */
export const CLIMATES = { ordinary, storm };
export type ClimateName = keyof typeof CLIMATES;

/** What both climates share. */
export const MODEL = {
  /** Each way over the network, for a request that is not slow. */
  oneWayMs: { least: 2, most: 80 },
  slowAnswerMs: { least: 1_000, most: 45_000 },
  /** How long a change stays unseen by reads: exponential. `--lag` sets it to one value instead. */
  visibilityLagMs: { mean: 2_000, most: 60_000 },
  /** How long after a lost answer a late commit comes: exponential. */
  lateCommitMs: { mean: 5_000, most: 300_000 },
  /** How long what was resumed runs, evenly over the orders of magnitude; `least` is the shortest run. */
  runMs: { least: 2_000, most: 3_600_000 },
  /** How often what was resumed fails again. */
  failsAgain: 0.3,
  retryAfterS: { least: 1, most: 40 },
  connectTimeoutMs: 10_000,
  waitMs: { least: 100, most: 60_000 },
  /** How often a ledger answers at once; otherwise it takes so long. */
  ledgerAtOnce: 0.6,
  ledgerMs: { least: 1, most: 8 },
  slowLedgerMs: { least: 20, most: 120_000 },
  /** How far the service's clock is ahead of the caller's. */
  serverAheadMs: { least: -90_000, most: 90_000 },
  /** How far two clocks within the service are apart. */
  serverClocksApartMs: 100,
  /** A connection that is closed before the request was carried out: how often that keeps it from being carried out. */
  closedInTime: 0.5,
  processesRestartAfterMs: { least: 100, most: 400_000 },
  suspensionMs: { least: 1_000, most: 600_000 },
  /** A suspended process is taken for dead: how often another one does its work meanwhile. */
  takenForDead: 0.7,
  /** Of schedules: with a second process on the same ledger, with a second target. */
  secondProcess: 0.35,
  secondTarget: 0.15,
  /** Of calls: with a key, with the same key as the others, of another action or other nodes than the first. */
  keyed: 0.5,
  sharedKey: 0.6,
  otherRequest: 0.15,
  readBackOff: 0.05,
  sendAgain: 0.02,
  /** glue: a limit of one run at a time; whole seconds in its times; how a stranger's nodes differ. */
  glue: { oneRunAtATime: 0.1, wholeSeconds: 0.2, strangerOtherNodes: 0.3, runsPages: 3 },
};
