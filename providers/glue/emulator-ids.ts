import { createHash } from 'node:crypto';

/** Ids are hashes of names, so that the same steps give the same ids in every emulator. */
function idOf(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

/** The id of a component: the same in the workflow's graph and in each run's. */
export function nodeIdOf(workflow: string, type: string, name: string): string {
  return idOf('wnode_', workflow, type, name);
}

/** The id of the workflow's n-th run. */
export function runIdOf(workflow: string, sequence: number): string {
  return idOf('wr_', workflow, sequence);
}

export function jobRunIdOf(run: string, node: string, attempt: number): string {
  return idOf('jr_', run, node, attempt);
}
