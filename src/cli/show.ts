import type { ResumeError } from '../errors.js';
import type { Receipt } from '../types.js';
import type { Terminal } from './terminal.js';

/** What was accepted, for a person. */
export function showReceipt(terminal: Terminal, receipt: Receipt): void {
  const { connection, provider, workflow, execution, previousExecution, sameExecution } = receipt;
  terminal.line(
    `${terminal.style('green', '✔ resumed')} ${terminal.style('bold', `${workflow}`)} on ${connection} (${provider})`,
  );
  terminal.fields([
    ['action', receipt.performed === receipt.action ? receipt.action : `${receipt.action} → ${receipt.performed}`],
    ['nodes', receipt.nodes.length === 0 ? 'where it stopped (the service names none)' : receipt.nodes.join(', ')],
    ['before', previousExecution],
    ['after', sameExecution ? `${execution} (the same)` : `${execution} (new: follow this one)`],
    ...(receipt.confirmedBy === 'read-back' ? [['known from', 'reading back: the answer was lost'] as const] : []),
    ...(receipt.confirmedBy === 'ledger' ? [['known from', 'the ledger: nothing was sent this time'] as const] : []),
    ['request id', receipt.requestId ?? 'none given'],
    ['took', `${receipt.durationMs.toFixed(1)} ms`],
  ]);
  for (const warning of receipt.warnings) terminal.line(`  ${terminal.style('yellow', '! ')}${warning}`);
}

/** What went wrong, for a person. */
export function showError(terminal: Terminal, error: ResumeError): void {
  const verdict = error.effect === 'none' ? '✘ refused, no effect' : '? effect unknown';
  terminal.line(
    `${terminal.style(error.effect === 'none' ? 'red' : 'yellow', verdict)} ${terminal.style('bold', error.code)}`,
  );
  terminal.line(`  ${error.message}`);
  const details = [
    ['provider code', error.providerCode],
    ['request id', error.requestId],
    ['retry after', error.retryAfterMs === undefined ? undefined : `${error.retryAfterMs} ms`],
  ] as const;
  const given = details.filter((detail): detail is [(typeof detail)[0], string] => detail[1] !== undefined);
  if (given.length > 0) terminal.fields(given);
}
