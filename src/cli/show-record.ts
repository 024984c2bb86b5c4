import type { LedgerRecord } from '../ledger/ledger.js';
import { oneLine, visible } from '../render/plain-text.js';
import type { Terminal } from './terminal.js';
import { showWaysOn } from './ways-on.js';

/** Where an intent stands, in one word. */
type Standing = 'under way' | 'unknown' | 'accepted' | 'refused';

const MARKS = { 'under way': '…', unknown: '?', accepted: '✔', refused: '✘' } as const;
const STYLES = { 'under way': 'cyan', unknown: 'yellow', accepted: 'green', refused: 'red' } as const;

export function standingOf({ lease, settlement }: LedgerRecord, nowMs: number): Standing {
  if (settlement !== undefined) return settlement.verdict.status;
  return lease !== undefined && nowMs < lease.expiresAtMs ? 'under way' : 'unknown';
}

/** A record in two lines. */
export function showBriefly(terminal: Terminal, record: LedgerRecord, nowMs: number): void {
  const { id, createdAtMs, actor, reason } = record.intent;
  headline(terminal, record, nowMs);
  const who = [actor === undefined ? undefined : `by ${visible(actor)}`, reason && visible(reason)];
  const told = who.filter((part) => part !== undefined && part !== '').join(': ');
  terminal.line(terminal.style('dim', `  ${visible(id)}  ${timeOf(createdAtMs)}${told === '' ? '' : `  ${told}`}`));
}

/**
 * Everything about a record, and what can be done about one whose effect is unknown.
 *
 * @param folder - the ledger's, where it was named.
 */
export function showRecord(terminal: Terminal, record: LedgerRecord, nowMs: number, folder?: string): void {
  const { intent, lease, unknownBecause, settlement } = record;
  const { target, performed, nodes } = intent;
  headline(terminal, record, nowMs);
  const receipt = settlement?.verdict.status === 'accepted' ? settlement.verdict.receipt : undefined;
  const error = settlement?.verdict.status === 'refused' ? settlement.verdict.error : undefined;
  const decision = settlement?.decision;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['id', intent.id],
    ['key', intent.key],
    ['action', performed === target.action ? performed : `${target.action} → ${performed}`],
    ['nodes', nodes.length === 0 ? undefined : nodes.join(', ')],
    ['written down', timeOf(intent.createdAtMs)],
    ['by', intent.actor],
    ['reason', intent.reason],
    ['worked on by', lease && `${lease.owner} until ${timeOf(lease.expiresAtMs)}`],
    ['unknown because', unknownBecause],
    ['settled', settlement && timeOf(settlement.settledAtMs)],
    ['after', receipt?.execution],
    ['confirmed by', receipt?.confirmedBy],
    ['error', error && `${error.code}: ${error.message}`],
    ['request id', receipt?.requestId ?? error?.requestId],
    ['decided by', decision && `${decision.actor}, ${timeOf(decision.decidedAtMs)}: ${decision.reason}`],
  ];
  terminal.fields(fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  for (const warning of receipt?.warnings ?? [])
    terminal.line(`  ${terminal.style('yellow', '! ')}${oneLine(warning)}`);
  if (standingOf(record, nowMs) === 'unknown') showWaysOn(terminal, intent.id, { ledger: folder });
}

function headline(terminal: Terminal, record: LedgerRecord, nowMs: number): void {
  const { provider, connection, target } = record.intent;
  const standing = standingOf(record, nowMs);
  const mark = terminal.style(STYLES[standing], `${MARKS[standing]} ${standing.padEnd(9)}`);
  const what = terminal.style('bold', visible(`${target.workflow} / ${target.execution}`));
  terminal.line(`${mark} ${target.action} of ${what} on ${visible(`${connection} (${provider})`)}`);
}

function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
