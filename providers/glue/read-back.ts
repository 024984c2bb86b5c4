import type { Finding, LostResume } from '../../src/driver.js';
import type { Child, Children } from './children.js';
import { childrenSince } from './children.js';
import { compared } from './restarted.js';
import { childrenOf } from './run-pages.js';
import type { ServerClock } from './server-clock.js';
import type { ListedRun, WorkflowRun } from './wire.js';

/** The reads that reading back is made of. */
export interface RunReads {
  /** One page of a workflow's runs, the first without a token. */
  page(token: string | undefined): Promise<{ readonly runs: readonly ListedRun[]; readonly token?: string }>;
  /** A run with its graph; undefined where Glue does not know it, or not yet. */
  run(id: string): Promise<WorkflowRun | undefined>;
}

/**
 * Looks for the run that a lost resume may have made.
 *
 * All pages are read, for the order of runs is undocumented, and so is when a new one shows. More than one new run is
 * told as such, even where only one of them fits: which one is ours nobody can say.
 *
 * @throws {DriverFailure} what a read failed with.
 */
export async function findResumed(
  reads: RunReads,
  clock: ServerClock,
  execution: string,
  asked: readonly string[],
  { createdAtMs }: LostResume,
): Promise<Finding> {
  const made = await childrenOf((token) => reads.page(token), execution);
  // After the reads: each of their answers tells the service's time more closely.
  const children = childrenSince(made, clock.momentOf(createdAtMs), clock.momentOf(clock.nowMs));
  const { fresh, unclear } = children;
  if (fresh.length > 1) return { found: 'several', executions: fresh.map(({ id }) => id) };
  const [child] = fresh;
  if (child === undefined || unclear.length > 0) return nothingToldBy(children, child);
  const run = await reads.run(child.id);
  if (run === undefined) {
    return { found: 'nothing', undecided: true, seen: `run ${child.id} is listed, but cannot be read yet` };
  }
  return compared(child, run, asked, clock.momentOf(clock.nowMs).earliestMs);
}

function nothingToldBy({ earlier, unclear }: Children, child: Child | undefined): Finding {
  if (child === undefined && unclear.length === 0) {
    const before = earlier === 0 ? '' : `, but for ${earlier} from before`;
    return { found: 'nothing', seen: `no run was made of it${before}` };
  }
  const besides = child === undefined ? [] : [`run ${child.id} was made of it since`];
  return { found: 'nothing', undecided: true, seen: [...besides, ...unclear].join('; ') };
}
