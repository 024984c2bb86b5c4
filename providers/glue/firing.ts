import type { StandingRun } from './standing-run.js';
import { isGate } from './standing-run.js';
import { TriggerRule } from './trigger-rule.js';

/**
 * What runs if everything that runs succeeds. It never leaves out what would run: where the details do not say whether
 * a trigger fires, it is taken to fire. Takes time linear in nodes, edges and conditions.
 */
export class Firing {
  /** The places that run, and the triggers that fire. */
  readonly runs: ReadonlySet<number>;
  readonly #standing: StandingRun;
  readonly #mayRun: ReadonlySet<number>;
  readonly #rules = new Map<number, TriggerRule>();

  /** @param mayRun - `starts` with everything downstream of them. */
  constructor(standing: StandingRun, starts: readonly number[], mayRun: ReadonlySet<number>) {
    this.#standing = standing;
    this.#mayRun = mayRun;
    this.runs = this.#play(starts);
  }

  /** Why a node is not expected to run: what the first trigger before it waits for. Undefined where nothing is before it. */
  whyNot(place: number): string | undefined {
    const { graph, nodes } = this.#standing;
    for (const before of graph.before(place)) {
      const trigger = nodes[before];
      if (trigger === undefined || !isGate(trigger)) continue;
      return `the trigger ${trigger.node.Name ?? trigger.node.UniqueId} ${this.#ruleOf(before).why}`;
    }
    return undefined;
  }

  #play(starts: readonly number[]): ReadonlySet<number> {
    const { graph, nodes } = this.#standing;
    const runs = new Set(starts);
    const open = [...starts];
    for (let ended = open.pop(); ended !== undefined; ended = open.pop()) {
      const source = nodes[ended];
      if (source === undefined) continue;
      for (const next of graph.behind(ended)) {
        const node = nodes[next];
        if (node === undefined || runs.has(next)) continue;
        if (isGate(node) && !this.#ruleOf(next).firesAfter(source)) continue;
        runs.add(next);
        open.push(next);
      }
    }
    return runs;
  }

  #ruleOf(place: number): TriggerRule {
    const known = this.#rules.get(place);
    if (known !== undefined) return known;
    const rule = new TriggerRule(this.#standing, place, this.#mayRun);
    this.#rules.set(place, rule);
    return rule;
  }
}
