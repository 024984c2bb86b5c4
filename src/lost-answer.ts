import type { CallRecord } from './attempt.js';
import { CallScope } from './deadline.js';
import { tracedReadBack } from './diagnostics.js';
import type { Acceptance, Finding, WorkflowDriver } from './driver.js';
import type { Failure } from './failure.js';
import type { Intent } from './ledger/ledger.js';
import { readBack } from './read-back.js';

/** What became of a lost answer. */
export interface Found {
  /** Where it provably happened. */
  readonly acceptance?: Acceptance | undefined;
  /** Where it stays unknown: why, with what was seen. */
  readonly failure: Failure;
  /** Whether nothing at all speaks for its having happened. */
  readonly maySendAgain: boolean;
}

/** A request whose effect is unknown, and the intent that says what to look for. */
export class LostAnswer {
  readonly #driver: WorkflowDriver<never>;
  readonly #intent: Intent;
  readonly #failure: Failure;

  /** @param failure - how the answer was lost. */
  constructor(driver: WorkflowDriver<never>, intent: Intent, failure: Failure) {
    this.#driver = driver;
    this.#intent = intent;
    this.#failure = failure;
  }

  /** Reads back for as long as it may. */
  async lookFor(readBackMs: number, call: CallRecord, parent: CallScope): Promise<Found> {
    const { id, target, performed, nodes, createdAtMs, baseline } = this.#intent;
    const scope = new CallScope(call.runtime, { timeoutMs: readBackMs, parent });
    const lookedFor = {
      driver: this.#driver,
      target,
      selection: { performed, nodes },
      lost: { createdAtMs, baseline },
    };
    try {
      const finding = await tracedReadBack(
        () => ({ provider: this.#driver.provider, connection: call.connection, target, intent: id }),
        async (trace) => {
          const found = await readBack(lookedFor, call, scope);
          if (trace !== undefined) trace.found = found.found;
          return found;
        },
      );
      const acceptance = finding.found === 'resumed' ? finding.acceptance : undefined;
      return {
        acceptance,
        failure: this.#unknownBecause(finding),
        maySendAgain: finding.found === 'nothing' && finding.undecided !== true,
      };
    } finally {
      scope.dispose();
    }
  }

  #unknownBecause(finding: Finding): Failure {
    const { why, details } = this.#failure;
    switch (finding.found) {
      case 'several': {
        const ids = finding.executions.join(', ');
        return {
          why: `${why}; it was resumed more than once, as ${ids}: none was chosen or stopped`,
          details: { ...details, code: 'ABORTED', effect: 'unknown' },
        };
      }
      case 'different':
        return { why: `${why}; reading back found another resume, not adopted: ${finding.seen}`, details };
      case 'nothing':
        return { why: `${why}; reading back found no proof: ${finding.seen}`, details };
      case 'resumed':
        return this.#failure;
    }
  }
}
