import { Refusal } from './emulator-error.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { Run } from './emulator-run.js';

/** A page of runs; the token names the last run on it, so that runs that are created meanwhile move nothing. */
export function pageOf(
  workflow: string,
  runs: readonly Run[],
  size: number | undefined,
  token: string | undefined,
  { pageSize, pageCap }: GlueKnobs,
): { readonly runs: readonly Run[]; readonly token?: string | undefined } {
  const start = token === undefined ? 0 : positionAfter(workflow, runs, token);
  const end = start + Math.min(size ?? pageSize, pageCap);
  const page = runs.slice(start, end);
  const last = page.at(-1);
  return { runs: page, token: last !== undefined && end < runs.length ? tokenOf(workflow, last.id) : undefined };
}

function positionAfter(workflow: string, runs: readonly Run[], token: string): number {
  const at = runs.findIndex(({ id }) => tokenOf(workflow, id) === token);
  // Inferred: which error a foreign token gets.
  if (at < 0) throw new Refusal('InvalidInputException', 'the NextToken is not one of this listing');
  return at + 1;
}

function tokenOf(workflow: string, id: string): string {
  return Buffer.from(JSON.stringify([workflow, id])).toString('base64url');
}
