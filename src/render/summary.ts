import type { Picture } from './picture.js';
import { oneLine } from './plain-text.js';
import { STATE_STYLES } from './state-style.js';
import { clockTime, counted, elapsed, stateCounts } from './wording.js';

/** What a picture shows, in one sentence; names are made safe for one line. */
export function headline({ snapshot, plan }: Picture): string {
  const workflow = oneLine(snapshot.workflow);
  if (plan === undefined) return `${workflow} ${STATE_STYLES[snapshot.state].word}`;
  const what = plan.performed === plan.action ? plan.action : `${plan.action} (as ${plan.performed})`;
  if (plan.refusals.length > 0) return `${what} of ${workflow} would be refused`;
  const more = plan.mayRun.length - plan.starts.length;
  const starts =
    plan.starts.length === 0
      ? 'the provider does not say what starts'
      : `${counted(plan.starts.length, 'node')} would start`;
  const parts = [starts, `${more > 0 ? more.toLocaleString('en-US') : 'no'} more may run`];
  const again = plan.rerunsSucceeded.length;
  if (again > 0) parts.push(`${again.toLocaleString('en-US')} of them had succeeded`);
  return `${what} of ${workflow}: ${parts.join(', ')}`;
}

/** `12 nodes: 1 failed, 3 waiting, 8 succeeded` */
export function nodeSummary({ nodes }: Picture): string {
  const tasks = nodes.filter(({ node }) => node.kind === 'task').length;
  return tasks === 0 ? 'no nodes are shown' : `${counted(tasks, 'node')}: ${stateCounts(nodes)}`;
}

/** What is known of the execution: which one it is, where, when, and the provider's own word. */
export function facts({ snapshot }: Picture): readonly (readonly [label: string, value: string])[] {
  const { state, providerState, startedAt, endedAt, previousExecution, error } = snapshot;
  const took = elapsed(startedAt, endedAt ?? (state === 'running' ? snapshot.readAt : undefined));
  const known: (readonly [string, string | undefined])[] = [
    ['execution', snapshot.execution],
    ['resumed from', previousExecution],
    ['connection', `${snapshot.connection} (${snapshot.provider})`],
    ['provider says', providerState === '' ? undefined : providerState],
    ['started', startedAt === undefined ? undefined : clockTime(startedAt)],
    ['ended', endedAt === undefined ? undefined : clockTime(endedAt)],
    [endedAt === undefined ? 'running for' : 'took', took],
    ['read', clockTime(snapshot.readAt)],
    ['error', error],
  ];
  return known.flatMap(([label, value]) => (value === undefined ? [] : [[label, oneLine(value)] as const]));
}
