import { expect } from 'vitest';
import type { Attempt } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { Inspection, Projection } from '../src/inspection.js';
import type { NodeState } from '../src/snapshot.js';
import type { Chance } from './simulation/chance.js';

const STATES = ['failed', 'running', 'paused', 'stopped'] as const;
const NODE_STATES: readonly NodeState[] = ['succeeded', 'failed', 'running', 'waiting'];

/** The moments between two steps of a call at which a stranger may do something. */
export const MOMENTS = ['made', 'called', 'reading', 'read', 'sending', 'sent'] as const;
export type Moment = (typeof MOMENTS)[number];

interface ModelNode {
  state: NodeState;
  readonly attempts: number[];
}

/** A service with one execution that anybody may change, in the way in which the three providers may be changed. */
export class PlanService {
  readonly nodes = new Map<string, ModelNode>();
  readonly edges = new Set<string>();
  readonly children: string[] = [];
  state: (typeof STATES)[number] = 'failed';
  /** What was committed, as it stood then. */
  readonly commits: { readonly view: string; readonly nodes: readonly string[] }[] = [];
  /** What there was when a read of it began. */
  readonly readsBegan: string[] = [];
  /** Whether anybody changed anything before it was committed. */
  touched = false;
  onMoment: (moment: Moment) => void = () => {};
  readonly #chance: Chance;
  #clock = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
    const count = chance.between(1, 6);
    for (let place = 0; place < count; place += 1) {
      const state = place === 0 && chance.happens(0.95) ? 'failed' : (NODE_STATES[chance.between(0, 3)] ?? 'waiting');
      this.nodes.set(`n${place}`, { state, attempts: state === 'waiting' ? [] : [++this.#clock] });
      if (place > 0) this.edges.add(`n${chance.between(0, place - 1)} → n${place}`);
    }
  }

  /** All that can be seen of it, whatever the order. */
  get view(): string {
    const nodes = [...this.nodes].map(([id, { state, attempts }]) => `${id} ${state} ${attempts.join()}`);
    return JSON.stringify([this.state, nodes.sort(), [...this.edges].sort(), [...this.children].sort()]);
  }

  /** Changes something, or nothing; two changes may cancel each other. */
  disturb(): void {
    const before = this.view;
    this.#change();
    if (this.commits.length === 0 && this.view !== before) this.touched = true;
  }

  #change(): void {
    const [id, one] = this.#anyNode();
    switch (this.#chance.between(0, 6)) {
      case 0:
        this.state = this.#chance.pick(STATES);
        break;
      case 1:
        one.state = NODE_STATES[this.#chance.between(0, 3)] ?? 'waiting';
        break;
      case 2:
        one.attempts.push(++this.#clock);
        break;
      case 3:
        this.#toggle(`${id} → ${this.#anyNode()[0]}`);
        break;
      case 4:
        // They never vanish: what is undone while it is read could not be seen.
        this.children.push(`run-${this.children.length + 2}`);
        break;
      case 5:
        if (!this.nodes.has('n9')) this.nodes.set('n9', { state: 'waiting', attempts: [] });
        else this.nodes.delete('n9');
        break;
      default:
        break;
    }
  }

  /** Reads it in two requests, so that a change may come between them. */
  async read(): Promise<Projection> {
    await Promise.resolve();
    this.readsBegan.push(this.view);
    const inspection = this.#inspect();
    await Promise.resolve();
    this.onMoment('reading');
    await Promise.resolve();
    const resumedAs = [...this.children];
    const starts = this.#failed();
    const mayRun = [...this.nodes.keys()].filter(
      (id) => starts.includes(id) || this.nodes.get(id)?.state === 'waiting',
    );
    const refusals = [
      ...(this.state === 'running' ? ['it is running'] : []),
      ...(starts.length === 0 ? ['nothing has failed'] : []),
    ];
    const common = { inspection, performed: 'resume', resumedAs, refusals, warnings: [] } as const;
    if (refusals.length > 0) return { ...common, nodes: [], starts: [], mayRun: [], expected: [] };
    return { ...common, nodes: starts, starts, mayRun: this.#shuffled(mayRun), expected: this.#shuffled(mayRun) };
  }

  /** Starts whatever has failed by then; the service has its own word on whether it may be resumed. */
  async resume(attempt: Attempt): Promise<readonly string[]> {
    this.onMoment('read');
    attempt.dispatch();
    await Promise.resolve();
    this.onMoment('sending');
    const nodes = this.#failed();
    if (this.state === 'running' || nodes.length === 0) {
      throw new DriverFailure('it cannot be resumed now', { code: 'FAILED_PRECONDITION', effect: 'none' });
    }
    this.commits.push({ view: this.view, nodes });
    this.state = 'running';
    for (const id of nodes) this.nodes.get(id)?.attempts.push(++this.#clock);
    await Promise.resolve();
    this.onMoment('sent');
    return nodes;
  }

  #anyNode(): [string, ModelNode] {
    const all = [...this.nodes];
    return all[this.#chance.between(0, all.length - 1)] ?? expect.fail('there is always a node');
  }

  #failed(): string[] {
    return [...this.nodes].filter(([, { state }]) => state === 'failed').map(([id]) => id);
  }

  #toggle(edge: string): void {
    if (!this.edges.delete(edge)) this.edges.add(edge);
  }

  #inspect(): Inspection {
    const nodes = [...this.nodes].map(([id, { state, attempts }]) => ({
      id,
      name: id,
      kind: 'task' as const,
      state,
      providerState: state.toUpperCase(),
      attempts: attempts.map((at) => {
        return { state, providerState: state.toUpperCase(), startedAt: new Date(at * 1_000).toISOString() };
      }),
      carriedOver: false,
    }));
    const edges = [...this.edges].map((edge) => {
      const [from = '', to = ''] = edge.split(' → ');
      return { from, to };
    });
    return {
      state: this.state,
      providerState: this.state.toUpperCase(),
      nodes: this.#shuffled(nodes),
      edges: this.#shuffled(edges),
      error: `read for the ${this.readsBegan.length}th time`,
    };
  }

  #shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((one) => ({ one, key: this.#chance.next() }))
      .sort((one, other) => one.key - other.key)
      .map(({ one }) => one);
  }
}
