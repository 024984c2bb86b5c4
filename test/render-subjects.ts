import type { PlannedNode, ResumePlan } from '../src/resume-plan.js';
import type { ExecutionSnapshot, NodeEdge, NodeSnapshot, NodeState } from '../src/snapshot.js';

/** A task; the newest attempt has the error. */
export function task(
  id: string,
  state: NodeState,
  more: Partial<NodeSnapshot> & { error?: string } = {},
): NodeSnapshot {
  const { error, ...rest } = more;
  const attempted = state !== 'waiting';
  return {
    id,
    name: id,
    kind: 'task',
    providerType: 'JOB',
    state,
    providerState: state.toUpperCase(),
    attempts: attempted
      ? [
          {
            state,
            providerState: state.toUpperCase(),
            startedAt: '2026-03-02T02:00:11.000Z',
            endedAt: state === 'running' ? undefined : '2026-03-02T02:04:21.000Z',
            error,
          },
        ]
      : [],
    carriedOver: false,
    ...rest,
  };
}

/** What decides whether others start. */
export function gate(id: string): NodeSnapshot {
  return { ...task(id, 'unknown'), kind: 'gate', providerType: 'TRIGGER', providerState: 'ACTIVATED', attempts: [] };
}

export function snapshotOf(
  nodes: readonly NodeSnapshot[],
  edges: readonly (readonly [string, string])[] | undefined,
  more: Partial<ExecutionSnapshot> = {},
): ExecutionSnapshot {
  return {
    provider: 'glue',
    connection: 'glue-eu',
    workflow: 'nightly-etl',
    execution: 'wr_5c1f0a',
    state: 'failed',
    providerState: 'COMPLETED',
    startedAt: '2026-03-02T02:00:00.000Z',
    endedAt: '2026-03-02T02:43:00.000Z',
    nodes,
    edges: edges?.map(([from, to]): NodeEdge => ({ from, to })),
    readAt: '2026-03-02T03:01:12.000Z',
    ...more,
  };
}

/** A nightly load of the kind that Glue runs: one crawler, joins by gates, one node out of memory after three attempts. */
export function failedLoad(): ExecutionSnapshot {
  const failed = task('train-model', 'failed', { error: 'OutOfMemoryError: executor 7\nlost after 41 min' });
  const [attempt] = failed.attempts;
  return snapshotOf(
    [
      gate('start'),
      task('crawl-orders', 'succeeded', { providerType: 'CRAWLER' }),
      task('crawl-customers', 'succeeded', { providerType: 'CRAWLER' }),
      gate('both-crawled'),
      task('clean-orders', 'succeeded'),
      task('clean-customers', 'succeeded'),
      gate('cleaned'),
      { ...failed, attempts: attempt === undefined ? [] : [attempt, attempt, attempt] },
      task('daily-report', 'succeeded'),
      gate('trained-or-reported'),
      task('publish', 'succeeded'),
      gate('trained'),
      task('score-customers', 'waiting'),
      task('notify-sales', 'waiting'),
      task('clean-up-after-failure', 'waiting'),
    ],
    [
      ['start', 'crawl-orders'],
      ['start', 'crawl-customers'],
      ['crawl-orders', 'both-crawled'],
      ['crawl-customers', 'both-crawled'],
      ['both-crawled', 'clean-orders'],
      ['both-crawled', 'clean-customers'],
      ['clean-orders', 'cleaned'],
      ['clean-customers', 'cleaned'],
      ['cleaned', 'train-model'],
      ['cleaned', 'daily-report'],
      ['train-model', 'trained-or-reported'],
      ['daily-report', 'trained-or-reported'],
      ['trained-or-reported', 'publish'],
      ['train-model', 'trained'],
      ['trained', 'score-customers'],
      ['score-customers', 'notify-sales'],
      ['clean-customers', 'clean-up-after-failure'],
    ],
  );
}

function planned(ids: readonly string[]): PlannedNode[] {
  return ids.map((id) => ({ id, name: id }));
}

export function planOf(snapshot: ExecutionSnapshot, more: Partial<ResumePlan> = {}): ResumePlan {
  return {
    version: 1,
    provider: snapshot.provider,
    connection: snapshot.connection,
    identity: 'eu-west-1',
    workflow: snapshot.workflow,
    execution: snapshot.execution,
    action: 'resume',
    nodes: [],
    performed: 'resume',
    starts: [],
    mayRun: [],
    expected: [],
    rerunsSucceeded: [],
    kept: [],
    blocked: [],
    resumedAs: [],
    refusals: [],
    warnings: [],
    fingerprint: `v1:${'3f'.repeat(32)}`,
    snapshot,
    ...more,
  };
}

/** The plan for {@link failedLoad}: a node that succeeded runs again. */
export function loadPlan(more: Partial<ResumePlan> = {}): ResumePlan {
  return planOf(failedLoad(), {
    starts: planned(['train-model']),
    mayRun: planned(['train-model', 'publish', 'score-customers', 'notify-sales']),
    expected: planned(['train-model', 'publish', 'score-customers', 'notify-sales']),
    rerunsSucceeded: planned(['publish']),
    kept: planned(['crawl-orders', 'crawl-customers', 'clean-orders', 'clean-customers', 'daily-report']),
    blocked: planned(['clean-up-after-failure']),
    warnings: ['the workflow allows any number of runs at once'],
    ...more,
  });
}

/** A stream of numbers from 0 to 1 that is the same every time. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A layered graph of so many nodes; a few failed, what comes after them waits, all else succeeded. */
export function bigRun(count: number, edgeCount: number, failures: number): ExecutionSnapshot {
  const random = drawing(7);
  const parents: number[][] = Array.from({ length: count }, () => []);
  for (let edge = 0; edge < edgeCount; edge += 1) {
    const to = 1 + Math.floor(random() * (count - 1));
    parents[to]?.push(Math.max(0, to - 1 - Math.floor(random() * 200)));
  }
  const states: NodeState[] = [];
  const failing = new Set(Array.from({ length: failures }, () => Math.floor(count * (0.9 + random() * 0.1))));
  parents.forEach((before, node) => {
    const blocked = before.some((parent) => states[parent] === 'failed' || states[parent] === 'waiting');
    states.push(blocked ? 'waiting' : failing.has(node) ? 'failed' : 'succeeded');
  });
  return snapshotOf(
    states.map((state, node) => bigNode(node, state)),
    parents.flatMap((before, node) => before.map((parent) => [`wnode_${parent}`, `wnode_${node}`] as const)),
  );
}

/** The same graph with states thrown like dice: nothing connected can be collapsed well. */
export function diceRun(count: number, edgeCount: number): ExecutionSnapshot {
  const random = drawing(11);
  const states: readonly NodeState[] = ['succeeded', 'failed', 'waiting', 'running', 'skipped'];
  const run = bigRun(count, edgeCount, 0);
  return {
    ...run,
    nodes: run.nodes.map((_, node) => bigNode(node, states[Math.floor(random() * states.length)] ?? 'unknown')),
  };
}

function bigNode(node: number, state: NodeState): NodeSnapshot {
  const error = state === 'failed' ? `Command failed with exit code ${node % 7}` : undefined;
  return task(`wnode_${node}`, state, { name: `partition-${node}`, ...(error === undefined ? {} : { error }) });
}
