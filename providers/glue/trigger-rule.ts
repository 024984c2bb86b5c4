import type { GraphTrigger, TriggerCondition } from './run-reader.js';
import type { StandingNode, StandingRun } from './standing-run.js';

/** A condition that can be judged. */
interface Condition {
  readonly name: string;
  readonly state: string;
  met: boolean;
  /** Whether a node that it can mean is right before the trigger. */
  known: boolean;
}

type Conditions = Map<string, Condition[]>;

const START_TYPES: ReadonlySet<string | undefined> = new Set(['ON_DEMAND', 'SCHEDULED', 'EVENT']);
/** What a node can end with. A condition for another word cannot be judged. */
const ENDS: ReadonlySet<string> = new Set([
  'SUCCEEDED',
  'FAILED',
  'STOPPED',
  'TIMEOUT',
  'ERROR',
  'EXPIRED',
  'CANCELLED',
]);

/**
 * When a trigger fires in a run that was resumed.
 *
 * Inferred: what is copied counts beside what runs, a trigger looks when a node that it waits for ends, and what may
 * run again counts only once it has. Where the details do not say whether it fires, it is taken to fire.
 *
 * @see Glue API reference, Predicate and Condition
 */
export class TriggerRule {
  readonly #off: string | undefined;
  readonly #any: boolean;
  /** By name: conditions know nothing else, and a job and a crawler may share one. */
  readonly #jobs: Conditions = new Map();
  readonly #crawlers: Conditions = new Map();
  /** How many different conditions it has. */
  #size = 0;
  /** Those that are known not to be met: the others count as met. */
  #unmet = 0;

  /** @param mayRun - what may run again. */
  constructor(standing: StandingRun, place: number, mayRun: ReadonlySet<number>) {
    const trigger = standing.nodes[place]?.node.TriggerDetails?.Trigger;
    const { Logical, Conditions: wanted = [] } = trigger?.Predicate ?? {};
    this.#off = whyOff(trigger);
    this.#any = Logical !== 'AND' && (Logical !== undefined || wanted.length > 1);
    if (this.#off !== undefined) return;
    for (const condition of wanted) this.#note(condition);
    for (const source of standing.graph.before(place)) {
      const node = standing.nodes[source];
      if (node !== undefined) this.#look(node, mayRun.has(source));
    }
  }

  /** Whether it fires once one more node, which is right before it, has succeeded. */
  firesAfter(ended: StandingNode): boolean {
    if (this.#off !== undefined) return false;
    const waiting = this.#waitingFor(ended);
    // An edge that no condition explains.
    if (waiting === undefined) return true;
    for (const condition of waiting) {
      if (condition.met || (condition.state !== 'SUCCEEDED' && ENDS.has(condition.state))) continue;
      condition.met = true;
      this.#unmet -= 1;
    }
    return this.#any ? this.#unmet < this.#size : this.#unmet === 0;
  }

  /** Why it has not fired, as far as that can be told: a few words. */
  get why(): string {
    if (this.#off !== undefined) return this.#off;
    for (const list of [...this.#jobs.values(), ...this.#crawlers.values()]) {
      const unmet = list.find(({ met, known }) => known && !met);
      if (unmet !== undefined) return `waits for ${unmet.name} to be ${unmet.state}`;
    }
    return 'waits for nodes that are not expected to run';
  }

  #note(details: TriggerCondition): void {
    const { LogicalOperator = 'EQUALS', JobName, State, CrawlerName, CrawlState } = details;
    const isKnown = LogicalOperator === 'EQUALS' && (JobName === undefined) !== (CrawlerName === undefined);
    if (isKnown && JobName !== undefined && State !== undefined) this.#add(this.#jobs, JobName, State);
    else if (isKnown && CrawlerName !== undefined && CrawlState !== undefined) {
      this.#add(this.#crawlers, CrawlerName, CrawlState);
    } else this.#size += 1;
  }

  #add(conditions: Conditions, name: string, state: string): void {
    const others = conditions.get(name);
    if (others?.some((other) => other.state === state)) return;
    const condition = { name, state, met: false, known: false };
    if (others === undefined) conditions.set(name, [condition]);
    else others.push(condition);
    this.#size += 1;
  }

  #look(source: StandingNode, runsAgain: boolean): void {
    for (const condition of this.#waitingFor(source) ?? []) {
      if (!condition.known) this.#unmet += 1;
      condition.known = true;
      if (runsAgain || condition.met || !isIn(source, condition.state)) continue;
      condition.met = true;
      this.#unmet -= 1;
    }
  }

  #waitingFor({ node: { Type, Name } }: StandingNode): Condition[] | undefined {
    if (Name === undefined) return undefined;
    return Type === 'JOB' ? this.#jobs.get(Name) : Type === 'CRAWLER' ? this.#crawlers.get(Name) : undefined;
  }
}

/** Why a trigger never fires in a run that is under way. */
function whyOff(trigger: GraphTrigger | undefined): string | undefined {
  if (trigger?.State === 'DEACTIVATED') return 'is deactivated';
  return START_TYPES.has(trigger?.Type) ? 'fires only when the workflow starts' : undefined;
}

/** Whether what a node ended in is a state; a node that is unclear may be in any. */
function isIn({ standing, state }: StandingNode, wanted: string): boolean {
  return standing === 'unclear' || (standing !== 'not-run' && state === wanted);
}
