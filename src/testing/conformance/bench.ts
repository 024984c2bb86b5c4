import { fail } from 'node:assert/strict';
import type { Action, NodeRange, Outcome, ResumableWorkflow, ResumeOptions, ResumeRequest } from '../../types.js';
import { ACTIONS } from '../../vocabulary.js';
import type { Fault } from '../faults.js';
import type { JournalEntry } from '../journal.js';
import type { ConformanceTarget, DriverHarness, FaultyService } from './harness.js';
import { Line } from './line.js';

/** Long enough for a second request to show, had there been one, in milliseconds. */
const AFTERMATH_MS = 30;

/** What one row works with: a service of its own, a line to it, and the connections made for it. */
export class Bench {
  readonly harness: DriverHarness;
  readonly service: FaultyService;
  readonly line: Line;
  readonly #targets = new Map<Action, ConformanceTarget>();
  readonly #opened: ResumableWorkflow[] = [];
  readonly #toClose: (() => Promise<void>)[] = [];

  private constructor(harness: DriverHarness, service: FaultyService, line: Line) {
    this.harness = harness;
    this.service = service;
    this.line = line;
  }

  static async open(harness: DriverHarness): Promise<Bench> {
    const service = await harness.start();
    return new Bench(harness, service, await Line.open(service.endpoint));
  }

  /** Connects over the line, or to another endpoint. */
  connect(endpoint = this.line.endpoint): ResumableWorkflow {
    return this.keep(this.harness.connect(endpoint));
  }

  /** Closes a connection with the row. */
  keep(workflow: ResumableWorkflow): ResumableWorkflow {
    this.#opened.push(workflow);
    return workflow;
  }

  /** Does something when the row has ended. */
  afterwards(close: () => Promise<void>): void {
    this.#toClose.push(close);
  }

  /** The same one for the whole row. */
  target(action: Action): ConformanceTarget {
    const target = this.#targets.get(action) ?? this.harness.target(this.service, action);
    this.#targets.set(action, target);
    return target;
  }

  /** A request with nodes where the action takes them: the target's first, or as many as it needs. */
  request(workflow: ResumableWorkflow, action: Action): ResumeRequest {
    const { min, max } = rangeOf(workflow, action);
    const { workflow: name, execution, nodes } = this.target(action);
    return { workflow: name, execution, action, nodes: nodes.slice(0, Math.max(min, Math.min(max, 1))) };
  }

  arm(fault: Fault): void {
    this.service.faults.add(fault);
  }

  /** The requests that could have resumed something. */
  get mutating(): readonly JournalEntry[] {
    return this.service.journal.mutating;
  }

  get committed(): number {
    return this.service.journal.committed.length;
  }

  /** Waits until a request that could resume something has arrived. */
  async arrived(count = 1): Promise<void> {
    await until(() => this.mutating.length >= count, `${count} request(s) that could resume something`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((workflow) => withinMs(workflow.close(), 2_000, 'close()').catch(() => {})));
    for (const close of this.#toClose) await close();
    await this.line.close();
    await this.service.close();
  }
}

/** The actions that a connection declares, and those that it does not. */
export function declaredActions({ capabilities }: ResumableWorkflow): {
  readonly declared: readonly Action[];
  readonly undeclared: readonly Action[];
} {
  const isDeclared = (action: Action): boolean => capabilities.actions[action] !== undefined;
  return {
    declared: ACTIONS.filter(isDeclared),
    undeclared: ACTIONS.filter((action) => !isDeclared(action)),
  };
}

export function rangeOf({ capabilities }: ResumableWorkflow, action: Action): NodeRange {
  return capabilities.actions[action] ?? { min: 0, max: 0 };
}

/** One attempt without reading anything before or after it, unless told otherwise. */
export function attempt(workflow: ResumableWorkflow, request: ResumeRequest, options?: ResumeOptions) {
  return workflow.attempt(request, { readBack: 'off', timeoutMs: 5_000, ...options });
}

/** An outcome in a line. */
export function told(outcome: Outcome): string {
  if (outcome.status === 'accepted') {
    const { execution, nodes, confirmedBy } = outcome.receipt;
    return `accepted as ${execution} with nodes [${nodes.join(', ')}], known by ${confirmedBy}`;
  }
  return `${outcome.error.code}, effect ${outcome.error.effect}: ${outcome.error.message}`;
}

/** Lets a request that should not be sent show itself. */
export function aftermath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
}

export async function until(condition: () => boolean, what: string, timeoutMs = 2_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > endMs) fail(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Fails where a promise does not settle in time. */
export async function withinMs<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not settle within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
