import type { NodeSnapshot } from '../snapshot.js';

/** How a node stands: what must not have changed. Its name and the texts of errors do not count. */
export type Standing = readonly [
  id: string,
  kind: string,
  state: string,
  providerState: string,
  attempts: number,
  newestWord: string,
  newestStart: string,
  newestEnd: string,
];

/** How a node stands, as a list. */
export function standingPartsOf({ id, kind, state, providerState, attempts }: NodeSnapshot): Standing {
  const newest = attempts.at(-1);
  return [
    id,
    kind,
    state,
    providerState,
    attempts.length,
    newest?.providerState ?? '',
    newest?.startedAt ?? '',
    newest?.endedAt ?? '',
  ];
}

/** How a node stands, in one line. */
export function standingOf(node: NodeSnapshot): string {
  return JSON.stringify(standingPartsOf(node));
}
