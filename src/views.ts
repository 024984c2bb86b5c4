import type { CallScope } from './deadline.js';
import { DriverFailure } from './driver-failure.js';
import { follow, settled } from './follow.js';
import { inspectExecution } from './inspecting.js';
import { lineageOf } from './lineage.js';
import { listExecutions } from './listing.js';
import { messageOf } from './message.js';
import { planFor } from './planning.js';
import type { FollowOptions, Progress } from './progress.js';
import type { Reads } from './read-call.js';
import type { ReadParser } from './read-schema.js';
import { readOptions, readParser } from './read-schema.js';
import type { ResumePlan } from './resume-plan.js';
import type { requestParser } from './schema.js';
import type {
  ExecutionRef,
  ExecutionSnapshot,
  Lineage,
  ListedExecution,
  ListOptions,
  ReadOptions,
} from './snapshot.js';
import type { Action, Receipt, ResumableWorkflow, ResumeRequest } from './types.js';

type Looks = 'inspect' | 'list' | 'plan' | 'follow' | 'settled' | 'lineage';

/** What a connection can show without changing anything. */
export class Views<A extends Action> implements Pick<ResumableWorkflow<A>, Looks> {
  readonly #reads: Reads;
  readonly #parse: ReadParser;
  readonly #parseCall: ReturnType<typeof requestParser>;

  constructor(reads: Reads, parseCall: ReturnType<typeof requestParser>) {
    const { name, driver } = reads.parts;
    this.#reads = reads;
    this.#parse = readParser(driver.provider, name, driver.capabilities);
    this.#parseCall = parseCall;
  }

  async inspect(ref: ExecutionRef, options?: ReadOptions): Promise<ExecutionSnapshot> {
    const parsed = this.#parse.ref(ref, options);
    this.#reads.require('inspect');
    return await inspectExecution(this.#reads, parsed.subject, parsed.options);
  }

  list(workflow: string, options?: ListOptions): AsyncIterableIterator<ListedExecution, void, undefined> {
    return this.#reads.loop((left) => this.#list(workflow, options, left));
  }

  async plan(request: ResumeRequest<A>, options?: ReadOptions): Promise<ResumePlan<A>> {
    const { target, options: how } = this.#parseCall(request, options, readOptions);
    this.#reads.require('plan');
    const { workflow, execution } = target;
    return await this.#reads.run(`planning ${workflow} / ${execution}`, how, async ({ call, scope }) => {
      const refusals = await this.#unsettled(workflow, execution, scope);
      const { plan } = await planFor(this.#reads.parts, target, refusals, call, scope);
      // The schema let nothing through but what the driver takes.
      return plan as ResumePlan<A>;
    });
  }

  follow(receipt: Receipt, options?: FollowOptions): AsyncIterableIterator<Progress, void, undefined> {
    return this.#reads.loop((left) => this.#follow(receipt, options, left));
  }

  async settled(receipt: Receipt, options?: FollowOptions): Promise<ExecutionSnapshot> {
    return await settled(this.follow(receipt, options));
  }

  async lineage(ref: ExecutionRef, options?: ReadOptions): Promise<Lineage> {
    const parsed = this.#parse.ref(ref, options);
    this.#reads.require('lineage');
    return await lineageOf(this.#reads, parsed.subject, parsed.options);
  }

  async *#list(workflow: string, options: unknown, left: CallScope): AsyncGenerator<ListedExecution, void, undefined> {
    const parsed = this.#parse.list(workflow, options);
    this.#reads.require('list');
    yield* listExecutions(this.#reads, parsed.subject.workflow, parsed.options, left);
  }

  async *#follow(receipt: Receipt, options: unknown, left: CallScope): AsyncGenerator<Progress, void, undefined> {
    const parsed = this.#parse.follow(receipt, options);
    this.#reads.require('inspect');
    yield* follow(this.#reads, parsed.subject, parsed.options, left);
  }

  /** An earlier resume that is in doubt stands in the way of another one. */
  async #unsettled(workflow: string, execution: string, scope: CallScope): Promise<string[]> {
    const { ledger, name: connection } = this.#reads.parts;
    const lookup = ledger.lookup({ target: { connection, workflow, execution } }).catch((thrown: unknown) => {
      const why = messageOf(thrown);
      throw new DriverFailure(`the ledger does not work: ${why}`, {
        code: 'UNAVAILABLE',
        effect: 'none',
        cause: thrown,
      });
    });
    const record = await scope.race(lookup);
    if (record === undefined) return [];
    return [`intent ${record.intent.id}, a resume of this execution, is not settled: reconcile or settle it`];
  }
}
