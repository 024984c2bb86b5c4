import type { StandingRun } from './standing-run.js';

/** What a trigger waited for: type, name and state. */
type Awaited = string;

/**
 * Whether a workflow has dealt with a failure by design: a trigger right behind the node waited for just the state in
 * which it ended, and a node right behind that trigger was run.
 *
 * Inferred from the graph: no document calls a failure handled. A trigger with several conditions may have fired for
 * another one. Each trigger is looked at once, however many nodes it waits for.
 */
export class HandledFailures {
  readonly #standing: StandingRun;
  /** By the trigger's place; undefined where it started nothing. */
  readonly #triggers = new Map<number, ReadonlySet<Awaited> | undefined>();

  constructor(standing: StandingRun) {
    this.#standing = standing;
  }

  has(place: number): boolean {
    const { graph, nodes } = this.#standing;
    const failed = nodes[place];
    if (failed?.node.Name === undefined) return false;
    const { node, state } = failed;
    const ended = awaited(node.Type, node.Name, state);
    return graph.behind(place).some((trigger) => this.#caughtBy(trigger)?.has(ended) ?? false);
  }

  /** Conditions know jobs and crawlers by their names only; they are compared within the node's own neighbours. */
  #caughtBy(place: number): ReadonlySet<Awaited> | undefined {
    if (!this.#triggers.has(place)) this.#triggers.set(place, this.#read(place));
    return this.#triggers.get(place);
  }

  #read(place: number): ReadonlySet<Awaited> | undefined {
    const { graph, nodes } = this.#standing;
    const started = graph.behind(place).some((next) => (nodes[next]?.standing ?? 'not-run') !== 'not-run');
    if (!started) return undefined;
    const conditions = nodes[place]?.node.TriggerDetails?.Trigger?.Predicate?.Conditions ?? [];
    return new Set(
      conditions.flatMap(({ JobName, State, CrawlerName, CrawlState }) => [
        ...(JobName === undefined ? [] : [awaited('JOB', JobName, State)]),
        ...(CrawlerName === undefined ? [] : [awaited('CRAWLER', CrawlerName, CrawlState)]),
      ]),
    );
  }
}

function awaited(type: string | undefined, name: string | undefined, state: string | undefined): Awaited {
  return `${type} ${state} ${name}`;
}
