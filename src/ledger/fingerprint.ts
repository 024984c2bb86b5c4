import { hash } from 'node:crypto';
import type { Target } from '../driver.js';

/** What makes two calls the same call. */
export interface Identity {
  readonly connection: string;
  readonly target: Target;
}

const VERSION = 1;

/**
 * A versioned SHA-256, in hexadecimal, over connection, workflow, execution, action and the sorted unique nodes.
 *
 * It is kept in ledgers: another way to make it needs another version.
 */
export function fingerprintOf({ connection, target: { workflow, execution, action, nodes } }: Identity): string {
  // JSON keeps the parts apart whatever they contain, lone surrogates included.
  return hash('sha256', JSON.stringify([VERSION, connection, workflow, execution, action, sortedUnique(nodes)]));
}

/**
 * What tells two calls of one connection apart where nothing of it is kept: the parts as they are. Measured: hashing them
 * takes longer than the HMAC of a request.
 *
 * @param targetText - the text of the target's execution.
 */
export function identityTextOf(targetText: string, { action, nodes }: Target): string {
  let text = `${action}:`;
  for (const node of sortedUnique(nodes)) text += `${node.length}:${node}`;
  return `${text}\n${targetText}`;
}

/** By UTF-16 code units, so that no locale changes the order. */
function sortedUnique(nodes: readonly string[]): readonly string[] {
  return nodes.length < 2 ? nodes : [...new Set(nodes)].sort();
}
