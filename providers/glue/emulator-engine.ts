import { Agenda } from './emulator-agenda.js';
import type { Cause } from './emulator-attempts.js';
import { interrupt, plan } from './emulator-attempts.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Outcomes } from './emulator-outcomes.js';
import type { FiringRule } from './emulator-rules.js';
import type { Run, RunNode } from './emulator-run.js';
import { endOf, stateOf } from './emulator-run.js';

/**
 * Lets runs progress in virtual time. Nothing happens by itself: each request plays what was due, strictly in the order
 * of time and of the runs' creation, so that the result does not depend on when requests come.
 */
export class Engine {
  readonly #outcomes: Outcomes;
  readonly #knobs: GlueKnobs;
  readonly #agenda = new Agenda();

  constructor(outcomes: Outcomes, knobs: GlueKnobs) {
    this.#outcomes = outcomes;
    this.#knobs = knobs;
  }

  /** When something happens next; Infinity where nothing is active or what is active runs for ever. */
  get nextMs(): number {
    return this.#agenda.first()?.nextMs ?? Number.POSITIVE_INFINITY;
  }

  /** Plays everything that is due. */
  play(nowMs: number): void {
    for (let run = this.#agenda.first(); run !== undefined && run.nextMs <= nowMs; run = this.#agenda.first()) {
      this.#step(run, run.nextMs);
    }
  }

  /** Starts a run's first nodes. A run without any is COMPLETED at once (inferred). */
  begin(run: Run, starts: readonly { readonly node: RunNode; readonly trigger?: string | undefined }[]): void {
    for (const { node, trigger } of starts) this.#start(run, node, { trigger }, run.startedMs);
    this.#settle(run, run.startedMs);
  }

  /** Terminates what is active; inferred: no trigger fires any more. */
  stop(run: Run, atMs: number): void {
    for (const node of run.nodes) interrupt(node, atMs, this.#knobs);
    run.status = 'STOPPING';
    this.#agenda.set(run, atMs + this.#knobs.stoppingMs);
  }

  #step(run: Run, atMs: number): void {
    if (run.status === 'STOPPING') {
      this.#end(run, 'STOPPED', atMs);
      return;
    }
    const ended = new Set(open(run).filter((node) => endOf(node) <= atMs));
    for (const node of ended) node.settled = true;
    for (const rule of run.rules) {
      if (!isMet(rule, ended, atMs)) continue;
      for (const node of rule.starts) this.#start(run, node, rule, atMs);
    }
    this.#settle(run, atMs);
  }

  /** Inferred: a node runs once in a run, however often its triggers fire; this is what ends a cycle. */
  #start(run: Run, node: RunNode, cause: Cause, atMs: number): void {
    if (node.standing === 'own') return;
    node.standing = 'own';
    node.verbatim = false;
    node.attempts = plan(run, node, cause, this.#outcomes, atMs);
  }

  /** A run with nothing active is COMPLETED, whatever failed. */
  #settle(run: Run, atMs: number): void {
    const active = open(run);
    if (active.length === 0) this.#end(run, 'COMPLETED', atMs);
    else this.#agenda.set(run, Math.min(...active.map(endOf)));
  }

  #end(run: Run, status: string, atMs: number): void {
    run.status = status;
    run.completedMs = atMs;
    this.#agenda.set(run, Number.POSITIVE_INFINITY);
  }
}

/** The nodes that ran, or run, and whose end no trigger has looked at. */
function open(run: Run): readonly RunNode[] {
  return run.nodes.filter(({ standing, settled }) => standing === 'own' && !settled);
}

/** Copied states count beside new ones (inferred), but only the end of a node in this run makes a trigger look. */
function isMet({ conditions, logical }: FiringRule, ended: ReadonlySet<RunNode>, atMs: number): boolean {
  if (!conditions.some(({ nodes }) => nodes.some((node) => ended.has(node)))) return false;
  const holds = ({ nodes, state }: FiringRule['conditions'][number]) =>
    nodes.some((node) => node.standing !== 'pending' && stateOf(node, atMs) === state);
  return logical === 'ANY' ? conditions.some(holds) : conditions.every(holds);
}
