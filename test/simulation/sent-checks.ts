import type { History, Sent } from './history.js';
import type { SimulatedProcess } from './simulated-process.js';

/** Notes a request that has just left, with all that should have kept it from leaving. */
export function noteSent(history: History, process: SimulatedProcess, execution: string, sent: Sent): void {
  const tracked = history.workOf(process, execution);
  if (tracked === undefined) {
    history.note('sent without an intent', `${process.name} sent a resume of ${execution}`);
    return;
  }
  const { intent, closedAtMs, claimed, settledAtMs, founder } = tracked;
  const again = 'sent again although it may have happened';
  const isOpen = tracked.sent.some(({ provenNone }) => !provenNone);
  if (isOpen && founder?.planned.onUnknown !== 'send-again') history.note(again, `intent ${intent.id}`);
  if (claimed) history.note(again, `intent ${intent.id} was taken over before`);
  if (closedAtMs !== undefined || settledAtMs !== undefined) {
    history.note('sent after the verdict', `intent ${intent.id} was closed before`);
  } else if (history.waitingFor(process, execution).length === 0) {
    history.note('sent after the verdict', `nobody waits for intent ${intent.id} any more`);
  }
  for (const other of history.intents.values()) {
    if (other === tracked || other.intent.target.execution !== execution || other.settledAtMs !== undefined) continue;
    if (other.sent.some(({ provenNone }) => !provenNone)) {
      history.note(again, `intent ${other.intent.id} is open beside ${intent.id}`);
    }
  }
  tracked.sent.push(sent);
}
