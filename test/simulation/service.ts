import type { Selection, WorkflowDriver } from '../../src/driver.js';
import type { Action, ResumeRequest } from '../../src/types.js';
import type { Chance } from './chance.js';
import type { BadAnswer } from './faults.js';
import type { ModelExchange } from './model-exchange.js';
import type { SimulatedProcess } from './simulated-process.js';

/** A resume that was carried out. */
export interface Commit {
  /** The execution that it goes on in: a new one on glue. */
  readonly execution: string;
  readonly target: string;
  readonly atMs: number;
  /** When reads begin to show it, and until when they do (a state that is left again shows nothing afterwards). */
  readonly seenFromMs: number;
  readonly seenUntilMs: number;
  readonly performed: Action;
  readonly nodes: readonly string[];
  /** Our request, or a stranger. */
  readonly by: object | 'stranger';
}

/** The service would not: it is in no state for it. */
export interface Refusal {
  readonly refused: string;
}

/** A provider as the model plays it: its executions, and how its answers are judged. */
export interface ModelService {
  readonly provider: string;
  /** Whether a read shows a resume by an id of its own, rather than by a state. */
  readonly mintsExecutions: boolean;
  /** Whether a resume is what was asked for, so that nobody could tell it from ours. */
  fits(commit: Commit, selection: Selection): boolean;
  /** Resumes by strangers from before the schedule. */
  readonly earlier: readonly Commit[];
  /** Carries a resume out, now. */
  resume(target: string, selection: Selection, by: Commit['by']): Commit | Refusal;
  /** What a stranger would send. */
  strangerSelection(target: string): Selection;
  /** A request that is likely to be taken, or another one. */
  requestFor(target: string, other: boolean, chance: Chance): ResumeRequest;
  driverFor(process: SimulatedProcess, exchange: ModelExchange): WorkflowDriver;
  /**
   * Judges as the adapter does.
   *
   * @param credential - the one that was sent.
   */
  judge(answer: ModelAnswer, credential?: object): Error;
}

/** An answer that does not accept. */
export type ModelAnswer =
  | { readonly kind: 'bad'; readonly answer: BadAnswer }
  | { readonly kind: 'state'; readonly refused: string }
  | { readonly kind: 'denied' }
  | { readonly kind: 'throttled'; readonly retryAfterS: number | undefined }
  | { readonly kind: 'credential' };
