import type { Inspection } from '../inspection.js';
import type { Progress } from '../progress.js';
import type { NodeSnapshot } from '../snapshot.js';
import type { Receipt } from '../types.js';
import { standingOf } from './standing.js';

/** What one look at an execution that is followed brought. */
export interface Look {
  readonly changes: readonly NodeChange[];
  /** Whether it may show the execution as it was before the resume. */
  readonly isDoubtful: boolean;
  /** Whether it has ended, or waits for somebody. */
  readonly isOver: boolean;
}

type NodeChange = Extract<Progress, { kind: 'node' }>;

interface Seen {
  readonly node: NodeSnapshot;
  readonly standing: string;
}

/** What was seen so far of an execution that is followed. */
export class Sight {
  readonly #receipt: Receipt;
  readonly #nodes = new Map<string, Seen>();
  /** How it stood at the first look, where that may have been before the resume. */
  #before: { readonly whole: string; readonly endedAt: string | undefined } | undefined;
  /** Whether it was seen to go on. A new execution was never anything else. */
  #moved: boolean;
  #seenAtMs: number;
  #trustedAtMs: number;

  constructor(receipt: Receipt, nowMs: number) {
    this.#receipt = receipt;
    this.#moved = !receipt.sameExecution;
    this.#seenAtMs = nowMs;
    this.#trustedAtMs = nowMs;
  }

  /** When it was last seen at all, or began to be looked for, in epoch milliseconds. */
  get seenAtMs(): number {
    return this.#seenAtMs;
  }

  /** @param visibilityMs - how long doubts must last before what is shown is taken for what there is. */
  take(inspection: Inspection, nowMs: number, visibilityMs: number): Look {
    const seen = inspection.nodes.map((node) => ({ node, standing: standingOf(node) }));
    const whole = inspection.shows === 'resume' ? '' : wholeOf(inspection, seen);
    const isDoubtful = this.#isDoubtful(inspection, seen, whole);
    this.#seenAtMs = nowMs;
    if (!isDoubtful) this.#trustedAtMs = nowMs;
    const isPatient = nowMs - this.#trustedAtMs < visibilityMs;
    const isOver = this.#hasEnded(inspection, whole) && !(isDoubtful && isPatient);
    if (!isDoubtful) return { changes: this.#changesIn(seen), isDoubtful, isOver };
    // What was there before is no news; it is what changes are told from.
    if (this.#nodes.size === 0) for (const one of seen) this.#nodes.set(one.node.id, one);
    return { changes: [], isDoubtful, isOver };
  }

  #isDoubtful({ shows, state, endedAt }: Inspection, seen: readonly Seen[], whole: string): boolean {
    const { sameExecution } = this.#receipt;
    if (shows === 'resume' || (shows === undefined && sameExecution && state === 'running')) {
      this.#moved = true;
      return false;
    }
    if (shows === 'before' || (shows === 'unclear' && !sameExecution)) return true;
    if (seen.some((one) => isOlder(one.node, this.#nodes.get(one.node.id)?.node))) return true;
    if (!sameExecution) return false;
    if (!this.#moved) this.#before ??= { whole, endedAt };
    if (whole === this.#before?.whole) return true;
    this.#moved = true;
    return state !== 'running' && this.#isOldEnd(endedAt);
  }

  /** A word that is not known ends it only where the provider says that it has ended since the resume. */
  #hasEnded({ state, endedAt }: Inspection, whole: string): boolean {
    if (state !== 'unknown') return state !== 'running';
    if (endedAt === undefined) return false;
    return whole === this.#before?.whole || !(this.#isOldEnd(endedAt) || endedAt === this.#before?.endedAt);
  }

  #isOldEnd(endedAt: string | undefined): boolean {
    const { sameExecution, acceptedAt } = this.#receipt;
    return sameExecution && isEarlier(endedAt, acceptedAt);
  }

  #changesIn(seen: readonly Seen[]): NodeChange[] {
    const changes: NodeChange[] = [];
    for (const one of seen) {
      const was = this.#nodes.get(one.node.id);
      if (was?.standing === one.standing && was.node.carriedOver === one.node.carriedOver) continue;
      this.#nodes.set(one.node.id, one);
      if (one.node.kind === 'task' && isNews(one.node, was?.node)) {
        changes.push({ kind: 'node', node: one.node, was: was?.node.state });
      }
    }
    return changes;
  }
}

/** How an execution stands with all its nodes. */
function wholeOf({ state, providerState, endedAt }: Inspection, seen: readonly Seen[]): string {
  return JSON.stringify([state, providerState, endedAt, seen.map(({ standing }) => standing).sort()]);
}

/** Only what this resume runs is news at first sight. */
function isNews(node: NodeSnapshot, was: NodeSnapshot | undefined): boolean {
  if (was === undefined) return node.state !== 'waiting' && !node.carriedOver;
  if (was.state !== node.state) return true;
  if (node.state === 'waiting' || node.carriedOver) return false;
  const [one, other] = [was.attempts.at(-1)?.startedAt, node.attempts.at(-1)?.startedAt];
  const isAnother = one !== undefined && other !== undefined && one !== other;
  return was.carriedOver || isAnother || node.attempts.length > was.attempts.length;
}

/** Whether a node is shown as it was before it was last seen: times and attempts never go back. */
function isOlder(node: NodeSnapshot, was: NodeSnapshot | undefined): boolean {
  if (was === undefined) return false;
  if (node.attempts.length < was.attempts.length) return true;
  return isEarlier(node.attempts.at(-1)?.startedAt, was.attempts.at(-1)?.startedAt);
}

function isEarlier(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && Date.parse(one) < Date.parse(other);
}
