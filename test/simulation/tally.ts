import type { Boundary } from './boundaries.js';
import type { Wrong } from './history.js';

/** Why a resume that was carried out and not answered does not count for read-back. */
export type Excluded =
  /** It failed again before a poll could see that it ran, or is seen to run for less than the poll gap. */
  | 'too short'
  /** It was carried out, or became visible, only after the window. */
  | 'too late'
  /** A stranger resumed the same execution about then. */
  | 'stranger'
  /** Its process was killed, suspended or closed the connection, or its callers left. */
  | 'cut short';

/** What was counted over many schedules. Plain data: it goes from worker to worker. */
export interface Tally {
  schedules: number;
  calls: number;
  commits: number;
  kills: number;
  outcomes: { accepted: number; refused: number; unknown: number };
  confirmedBy: { answer: number; 'read-back': number; ledger: number };
  /** A stranger's resume after our intent, taken for ours. */
  strangersAdopted: number;
  /**
   * A resume from shortly before our intent, which reads did not show by then or which is too young for the clocks to
   * tell: a stranger's, or another one of ours.
   */
  earlierStrangersAdopted: number;
  earlierOwnAdopted: number;
  /** `onUnknown: 'send-again'` resumed twice. */
  sentAgainOnPurpose: number;
  /**
   * A call without a key resumed again after an acceptance of which nobody had been told yet: it was killed or had left,
   * or the ledger had just been told.
   */
  resumedAgainUntold: number;
  /** A caller was told one thing, and the ledger, which could not be told so, came to another one later. */
  ledgerToldOtherwise: number;
  /** A keyed call was refused before it wrote anything down; another process began with the key right after its last look. */
  refusedBesideKey: number;
  /** Intents that an operator had to settle, and those of them that had sent nothing. */
  leftToOperator: number;
  leftUnsent: number;
  readBack: { eligible: number; within10s: number; within90s: number } & Record<Excluded, number>;
  wrong: Partial<Record<Wrong, number>>;
  /** By boundary: how many were killed there, and with how many of these something was wrong. */
  killedAt: Partial<Record<Boundary, { killed: number; wrong: number }>>;
  /** The first few failures, as replayable words. */
  failures: string[];
}

export function emptyTally(): Tally {
  return {
    schedules: 0,
    calls: 0,
    commits: 0,
    kills: 0,
    outcomes: { accepted: 0, refused: 0, unknown: 0 },
    confirmedBy: { answer: 0, 'read-back': 0, ledger: 0 },
    strangersAdopted: 0,
    earlierStrangersAdopted: 0,
    earlierOwnAdopted: 0,
    sentAgainOnPurpose: 0,
    resumedAgainUntold: 0,
    ledgerToldOtherwise: 0,
    refusedBesideKey: 0,
    leftToOperator: 0,
    leftUnsent: 0,
    readBack: {
      eligible: 0,
      within10s: 0,
      within90s: 0,
      'too short': 0,
      'too late': 0,
      stranger: 0,
      'cut short': 0,
    },
    wrong: {},
    killedAt: {},
    failures: [],
  };
}

const MAX_FAILURES = 20;

/** Adds one tally to another. */
export function add(to: Tally, from: Tally): Tally {
  addNumbers(to as unknown as Numbers, from as unknown as Numbers);
  to.failures = [...to.failures, ...from.failures].slice(0, MAX_FAILURES);
  return to;
}

interface Numbers {
  [name: string]: number | Numbers;
}

function addNumbers(to: Numbers, from: Numbers): void {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value === 'number') to[name] = ((to[name] as number | undefined) ?? 0) + value;
    else if (!Array.isArray(value)) {
      to[name] ??= {};
      addNumbers(to[name] as Numbers, value);
    }
  }
}
