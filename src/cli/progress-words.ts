import type { NodeCounts } from '../progress.js';
import { oneLine } from '../render/plain-text.js';
import { counted, elapsed, errorOf } from '../render/wording.js';
import type { ExecutionSnapshot, NodeSnapshot } from '../snapshot.js';

const MAX_NAMED = 8;

/** `2 running, 3 succeeded, 1 failed, 4 waiting, 2 kept from before`; gates do not count. */
export function countsText({ running, succeeded, failed, other, waiting, carriedOver }: NodeCounts): string {
  const parts = [
    [running, 'running'],
    [succeeded, 'succeeded'],
    [failed, 'failed'],
    [other, 'stopped or other'],
    [waiting, 'waiting'],
    [carriedOver, 'from before'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`);
  return told.length === 0 ? 'no nodes are shown' : told.join(', ');
}

/** `3 of 5 done, 1 failed`, the nodes that the resume leaves alone not counted. */
export function doneText({ total, carriedOver, succeeded, failed, other }: NodeCounts): string {
  const [done, all] = [succeeded + failed + other, total - carriedOver].map((count) => count.toLocaleString('en-US'));
  return `${done} of ${all} done${failed > 0 ? `, ${failed.toLocaleString('en-US')} failed` : ''}`;
}

/** The names of some nodes, the first of many. */
export function namesOf(nodes: readonly { readonly name: string }[], max = MAX_NAMED): string {
  const named = nodes.slice(0, max).map(({ name }) => oneLine(name));
  const more = nodes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more.toLocaleString('en-US')} more` : named.join(', ');
}

/** Those that run something now. */
export function runningIn({ nodes }: ExecutionSnapshot): NodeSnapshot[] {
  return nodes.filter(({ kind, state, carriedOver }) => kind === 'task' && state === 'running' && !carriedOver);
}

/** How long a node took, which attempt it was, and what it says went wrong. */
export function nodeDetails(node: NodeSnapshot): string {
  const newest = node.attempts.at(-1);
  const took = elapsed(newest?.startedAt, newest?.endedAt);
  const error = errorOf(node);
  const details = [took, node.attempts.length > 1 ? `attempt ${node.attempts.length}` : undefined].filter(
    (detail) => detail !== undefined,
  );
  const inBrackets = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return `${inBrackets}${error === undefined ? '' : `: ${oneLine(error)}`}`;
}

/** What became of a run, in a sentence without its end. */
export function endOf({ state, providerState }: ExecutionSnapshot): string {
  switch (state) {
    case 'succeeded':
      return 'the run succeeded';
    case 'failed':
      return 'the run failed';
    case 'paused':
      return 'the run is paused and waits for somebody';
    case 'stopped':
      return 'the run was stopped';
    case 'running':
      return 'the run goes on';
    case 'unknown':
      return `how the run ended is not known (its service says ${providerState === '' ? 'nothing' : oneLine(providerState)})`;
  }
}

/** Why, and at which nodes. */
export function whereabouts({ state, error, nodes }: ExecutionSnapshot): readonly string[] {
  const isPlaced = state === 'failed' || state === 'paused' || state === 'stopped';
  const there = isPlaced ? nodes.filter((node) => node.kind === 'task' && node.state === state) : [];
  const shown = there.slice(0, MAX_NAMED).map((node) => `${oneLine(node.name)}${nodeDetails(node)}`);
  const more = there.length - shown.length;
  return [
    ...(error === undefined ? [] : [oneLine(error)]),
    ...shown,
    ...(more > 0 ? [`and ${counted(more, 'more node')}`] : []),
  ];
}
