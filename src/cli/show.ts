import type { ResumeError } from '../errors.js';
import { oneLine, visible } from '../render/plain-text.js';
import { duration } from '../render/wording.js';
import type { PlannedNode } from '../resume-plan.js';
import type { Receipt } from '../types.js';
import type { Terminal } from './terminal.js';

/**
 * What was accepted, for a person.
 *
 * @param known - names of nodes, where somebody has read them.
 */
export function showReceipt(terminal: Terminal, receipt: Receipt, known: readonly PlannedNode[] = []): void {
  const { connection, provider, workflow, execution, previousExecution, sameExecution } = receipt;
  terminal.line(
    `${terminal.style('green', '✔ resumed')} ${terminal.style('bold', workflow)} on ${visible(`${connection} (${provider})`)}`,
  );
  terminal.fields([
    ['action', receipt.performed === receipt.action ? receipt.action : `${receipt.action} → ${receipt.performed}`],
    ['nodes', nodesOf(receipt, known)],
    ['before', previousExecution],
    ['after', sameExecution ? `${execution} (the same)` : execution],
    ...(sameExecution ? [] : [['', 'a new one: follow this'] as const]),
    ...(receipt.confirmedBy === 'read-back' ? [['known from', 'reading back: the answer was lost'] as const] : []),
    ...(receipt.confirmedBy === 'ledger' ? [['known from', 'the ledger: nothing was sent this time'] as const] : []),
    ['request', receipt.requestId ?? 'none given'],
    ['took', duration(receipt.durationMs)],
  ]);
  for (const warning of receipt.warnings) terminal.line(`  ${terminal.style('yellow', '! ')}${oneLine(warning)}`);
}

/**
 * What went wrong, for a person.
 *
 * @param refusal - what to call it where it had no effect.
 */
export function showError(terminal: Terminal, error: ResumeError, refusal = '✘ refused, no effect'): void {
  const verdict = error.effect === 'none' ? refusal : '? effect unknown';
  terminal.line(
    `${terminal.style(error.effect === 'none' ? 'red' : 'yellow', verdict)} ${terminal.style('bold', error.code)}`,
  );
  for (const line of error.message.split('\n')) terminal.line(`  ${visible(line)}`);
  const details = [
    ['provider code', error.providerCode],
    ['request id', error.requestId],
    ['retry after', error.retryAfterMs === undefined ? undefined : `${error.retryAfterMs} ms`],
  ] as const;
  const given = details.filter((detail): detail is [(typeof detail)[0], string] => detail[1] !== undefined);
  if (given.length > 0) terminal.fields(given);
}

function nodesOf({ nodes }: Receipt, known: readonly PlannedNode[]): string {
  if (nodes.length === 0) return 'where it stopped (the service names none)';
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return nodes.map((id) => names.get(id) ?? id).join(', ');
}
