import { snapshotIn } from './inspecting.js';
import { executionsIn } from './listing.js';
import type { ReadCall, Reads } from './read-call.js';
import { GivenUp } from './sending.js';
import type { ExecutionRef, Lineage, ListedExecution, ReadOptions } from './snapshot.js';

/** How many relatives are read at a time. */
const AT_A_TIME = 8;

/**
 * The chain that an execution belongs to: a listing tells the links, an inspection of each relative its state, and the
 * links of those that the listing has forgotten.
 *
 * Each link is followed once, so that a provider whose links lead in a circle ends it.
 */
export async function lineageOf(reads: Reads, ref: ExecutionRef, options: ReadOptions): Promise<Lineage> {
  const { workflow, execution } = ref;
  return await reads.run(`the lineage of ${workflow} / ${execution}`, options, async (reading) => {
    const self = await inspected(reads, { workflow, execution }, reading);
    const known = new Map<string, ListedExecution>();
    for (const listed of await executionsIn(reads, workflow, reading)) known.set(listed.execution, listed);
    known.set(execution, self);
    const judge = (relative: ListedExecution): Promise<ListedExecution> => judged(reads, relative, reading);
    const ancestors = await ancestorsOf(self, known, judge);
    const apart = new Set([execution, ...ancestors.map((ancestor) => ancestor.execution)]);
    const descendants = await judgedAll(descendantsOf(execution, known, apart), judge);
    return { ancestors, execution: self, descendants: descendants.sort(byBeginning) };
  });
}

type Judge = (relative: ListedExecution) => Promise<ListedExecution>;

/** The first of all first. One that the provider has forgotten is named without more. */
async function ancestorsOf(
  self: ListedExecution,
  known: ReadonlyMap<string, ListedExecution>,
  judge: Judge,
): Promise<ListedExecution[]> {
  const { workflow } = self;
  const chain: ListedExecution[] = [];
  const seen = new Set([self.execution]);
  for (let id = self.previousExecution; id !== undefined && !seen.has(id); id = chain.at(-1)?.previousExecution) {
    seen.add(id);
    chain.push(await judge(known.get(id) ?? { workflow, execution: id, state: 'unknown', providerState: '' }));
  }
  return chain.reverse();
}

/** @param apart - what is not told as a descendant, although a circle may lead to it. */
function descendantsOf(
  execution: string,
  known: ReadonlyMap<string, ListedExecution>,
  apart: ReadonlySet<string>,
): ListedExecution[] {
  const children = new Map<string, ListedExecution[]>();
  for (const child of known.values()) {
    const { previousExecution: parent } = child;
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [child]);
    else siblings.push(child);
  }
  const seen = new Set(apart);
  const found: ListedExecution[] = [];
  const open = [execution];
  for (const id of open) {
    for (const child of children.get(id) ?? []) {
      if (seen.has(child.execution)) continue;
      seen.add(child.execution);
      found.push(child);
      // The list that is walked grows.
      open.push(child.execution);
    }
  }
  return found;
}

/** A few at a time, so that a long lineage is no storm of requests. */
async function judgedAll(relatives: readonly ListedExecution[], judge: Judge): Promise<ListedExecution[]> {
  const all: ListedExecution[] = [];
  for (let first = 0; first < relatives.length; first += AT_A_TIME) {
    all.push(...(await Promise.all(relatives.slice(first, first + AT_A_TIME).map(judge))));
  }
  return all;
}

async function judged(reads: Reads, relative: ListedExecution, reading: ReadCall): Promise<ListedExecution> {
  try {
    return { ...relative, ...(await inspected(reads, relative, reading)) };
  } catch (thrown) {
    // What is no longer kept, or not yet shown, stays as the listing has it.
    if (thrown instanceof GivenUp && thrown.failure.details.code === 'NOT_FOUND') return relative;
    throw thrown;
  }
}

async function inspected(reads: Reads, ref: ExecutionRef, reading: ReadCall): Promise<ListedExecution> {
  const { workflow, execution } = ref;
  const snapshot = await snapshotIn(reads, { workflow, execution }, reading);
  const { state, providerState, startedAt, endedAt, previousExecution } = snapshot;
  return {
    workflow,
    execution,
    state,
    providerState,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(previousExecution === undefined ? {} : { previousExecution }),
  };
}

/** What does not say when it began comes first. */
function byBeginning({ startedAt: one = '' }: ListedExecution, { startedAt: other = '' }: ListedExecution): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
