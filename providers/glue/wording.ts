import type { StandingNode } from './standing-run.js';

const MAX_LISTED = 10;

/** A node for people: names may repeat, ids do not. */
export function called({ node }: StandingNode): string {
  return `${node.Name ?? 'node'} (${node.UniqueId})`;
}

/** Some things, ten at most, in words. */
export function listed<T>(things: readonly T[], inWords: (thing: T) => string): string {
  const words = things.slice(0, MAX_LISTED).map(inWords);
  const more = things.length > MAX_LISTED ? [`${things.length - MAX_LISTED} more`] : [];
  return [...words, ...more].join(', ');
}
