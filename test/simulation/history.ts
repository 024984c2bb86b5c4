import type { Intent, Settlement } from '../../src/ledger/ledger.js';
import type { Outcome } from '../../src/types.js';
import type { PlannedCall } from './plan.js';
import type { Commit } from './service.js';
import type { SimulatedProcess } from './simulated-process.js';

/** What must never happen. */
export type Wrong =
  | 'duplicate commit'
  | 'sent again although it may have happened'
  | 'sent without an intent'
  | 'sent after the verdict'
  | 'refused although it ran'
  | 'accepted although nothing was resumed'
  | 'one of several was chosen'
  | 'two verdicts for one key'
  | 'never settled'
  | 'settled too late'
  | 'target stays blocked'
  | 'the ledger obeyed an old owner'
  | 'the ledger gave a good lease away'
  | 'threw'
  | 'unhandled rejection'
  | 'never comes to rest';

/** One request that could resume something, after `dispatch()`. */
export interface Sent {
  readonly atMs: number;
  readonly fault: string;
  commit: Commit | undefined;
  /** The provider's own refusal has reached the process that sent it. */
  provenNone: boolean;
}

/** An intent as it really went. Times are virtual ones. */
export interface TrackedIntent {
  readonly intent: Intent;
  readonly process: SimulatedProcess;
  readonly founder: TrackedCall | undefined;
  readonly begunAtMs: number;
  /** What its `createdAtMs` is in virtual time. */
  readonly createdAtMs: number;
  /** When the read arrived that the baseline is from. */
  readonly lookedAtMs: number;
  readonly sent: Sent[];
  settlement: Settlement | undefined;
  settledAtMs: number | undefined;
  /** When its first owner heard that the ledger had been told. */
  closedAtMs: number | undefined;
  /** Its owner could not tell the ledger what it told its caller. */
  couldNotSettle: boolean;
  /** Another owner has taken it over. */
  claimed: boolean;
  /** The latest fence, and until when its lease is good, by the callers' clocks. */
  fence: number;
  leasedUntilMs: number;
  /** When a caller was first told that it was accepted. */
  toldAtMs: number | undefined;
  lookingSinceMs: number | undefined;
  identifiedAtMs: number | undefined;
}

/** A call as its caller saw it. */
export interface TrackedCall {
  readonly planned: PlannedCall;
  readonly process: SimulatedProcess;
  readonly startedAtMs: number;
  /** For how long its process had been suspended when it began. */
  readonly sleptMs: number;
  abortedAtMs: number | undefined;
  endedAtMs: number | undefined;
  outcome: Outcome | undefined;
  /** Its process closed the connection, or was killed, while it was under way. */
  cutShort: boolean;
}

/** A look into the ledger, at the moment at which it took place. */
export interface TrackedLookup {
  readonly process: SimulatedProcess;
  readonly key: string | undefined;
  readonly execution: string;
  readonly atMs: number;
}

/** A finding of the checks: what went wrong, and a sentence about it. */
export interface Finding {
  readonly wrong: Wrong;
  readonly about: string;
}

/** Everything that really happened in one schedule, for the checks; nothing of it is known to the code under test. */
export class History {
  readonly intents = new Map<string, TrackedIntent>();
  readonly calls: TrackedCall[] = [];
  readonly commits: Commit[] = [];
  readonly lookups: TrackedLookup[] = [];
  readonly findings: Finding[] = [];
  /** Says what happens, while a schedule is replayed. */
  tell: ((what: string) => void) | undefined;
  /** What each process is working on, by target: whose request the next one is. */
  readonly #current = new Map<string, TrackedIntent>();
  readonly #looks = new Map<string, number>();

  note(wrong: Wrong, about: string): void {
    this.findings.push({ wrong, about });
    this.tell?.(`WRONG ${wrong}: ${about}`);
  }

  /** Notes that a process reads where a target stopped. */
  look(process: SimulatedProcess, target: string, nowMs: number): void {
    this.#looks.set(`${process.name} ${target}`, nowMs);
  }

  lookOf(process: SimulatedProcess, target: string): number | undefined {
    return this.#looks.get(`${process.name} ${target}`);
  }

  workOn(process: SimulatedProcess, tracked: TrackedIntent): void {
    this.#current.set(`${process.name} ${tracked.intent.target.execution}`, tracked);
  }

  workOf(process: SimulatedProcess, target: string): TrackedIntent | undefined {
    return this.#current.get(`${process.name} ${target}`);
  }

  /** The calls of a process about a target that have no verdict yet. */
  waitingFor(process: SimulatedProcess, target: string): TrackedCall[] {
    return this.calls.filter(
      ({ process: caller, endedAtMs, planned: { kind, request } }) =>
        caller === process && endedAtMs === undefined && kind === 'attempt' && request.execution === target,
    );
  }
}

/** The one commit of an intent, if it has one. */
export function commitOf({ sent }: TrackedIntent): Commit | undefined {
  return sent.find(({ commit }) => commit !== undefined)?.commit;
}

/** The call that made an intent carries its number in the reason. */
export function reasonOf({ id }: Pick<PlannedCall, 'id'>): string {
  return `call ${id}`;
}

export function callNumberOf({ reason }: Intent): number {
  return Number(reason?.slice('call '.length));
}
