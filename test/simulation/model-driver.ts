import type { Acceptance, Attempt, Finding, LostResume, Selection, Target, WorkflowDriver } from '../../src/driver.js';
import type { Capabilities, IdRule } from '../../src/types.js';
import type { ModelExchange } from './model-exchange.js';

/** Any word. */
const ID_RULE: IdRule = { maxLength: 64, pattern: /^[\w-]+$/, rule: 'consist of letters, digits, _ or -' };

const SOME = { min: 0, max: 8 };

/** One object for all drivers: what is built from it is kept for it. */
const CAPABILITIES = {
  // Of these a schedule asks only for what its provider knows.
  actions: { resume: SOME, restart: SOME, skip: SOME, continue: SOME },
  newExecution: false,
  discoversNodes: false,
  ids: { workflow: ID_RULE, execution: ID_RULE, node: ID_RULE },
  notices: [],
} satisfies Capabilities;

export const NO_BODY = Buffer.alloc(0);

/** What the drivers of the modelled providers have in common. */
export abstract class ModelDriver implements WorkflowDriver {
  abstract readonly provider: string;
  readonly capabilities = CAPABILITIES;
  protected readonly exchange: ModelExchange;

  constructor(exchange: ModelExchange) {
    this.exchange = exchange;
  }

  abstract doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance>;

  protected abstract find(target: Target, selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding>;

  async doFindResumed(target: Target, selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    const sinceMs = this.exchange.noteLooking(target);
    const finding = await this.find(target, selection, lost, attempt);
    if (finding.found === 'resumed') this.exchange.noteIdentified(target, sinceMs, lost.createdAtMs);
    return finding;
  }

  dropCredential(): void {
    this.exchange.renewCredential();
  }

  async close(): Promise<void> {}
}
