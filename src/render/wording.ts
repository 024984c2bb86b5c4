import type { NodeSnapshot } from '../snapshot.js';
import type { PictureNode } from './picture.js';
import { STATE_STYLES, STATES } from './state-style.js';

/** `1 node`, `1,234 nodes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `1 failed, 3 waiting, 8 succeeded`: what needs somebody first. Gates do not count. */
export function stateCounts(nodes: readonly PictureNode[]): string {
  const tasks = nodes.filter(({ node }) => node.kind === 'task');
  return STATES.flatMap((state) => {
    const count = tasks.filter(({ node }) => node.state === state).length;
    return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${STATE_STYLES[state].word}`];
  }).join(', ');
}

/** `4 min 10 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** How long something took, or has been taking so far. */
export function elapsed(startedAt: string | undefined, endedAt: string | undefined): string | undefined {
  if (startedAt === undefined || endedAt === undefined) return undefined;
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isNaN(ms) || ms < 0 ? undefined : duration(ms);
}

/** `2026-03-02 02:00:11 UTC`, or what the provider gave where that is no time. */
export function clockTime(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What went wrong with a node, by its newest attempt. */
export function errorOf(node: NodeSnapshot): string | undefined {
  return node.attempts.at(-1)?.error;
}

/** How long the newest attempt of a node took, or has been taking when it was read. */
export function tookOf(node: NodeSnapshot, readAt: string): string | undefined {
  const newest = node.attempts.at(-1);
  return elapsed(newest?.startedAt, newest?.endedAt ?? (node.state === 'running' ? readAt : undefined));
}
