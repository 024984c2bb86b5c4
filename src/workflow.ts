import { CallAttempt, CallRecord } from './attempt.js';
import { CallEnded, CallScope } from './deadline.js';
import { traced } from './diagnostics.js';
import type { Effect } from './errors.js';
import { detailsOf, resumeErrorOf } from './failure.js';
import { decide } from './retry.js';
import { parseOptions, requestParser } from './schema.js';
import type {
  Acceptance,
  Action,
  Capabilities,
  FailureDetails,
  Receipt,
  ResumableWorkflow,
  ResumeOptions,
  ResumeRequest,
  Selection,
  Target,
  WorkflowDriver,
} from './types.js';

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a connection out of a driver: validation, capability check, deadline, the gate before a second request, and one
 * error model, the same for every provider.
 *
 * @param name - the connection's name, such as `glue-eu`.
 */
export function createWorkflow<A extends Action>(name: string, driver: WorkflowDriver<A>): ResumableWorkflow<A> {
  return new PortableWorkflow(name, driver);
}

class PortableWorkflow<A extends Action> implements ResumableWorkflow<A> {
  readonly name: string;
  readonly provider: string;
  readonly capabilities: Capabilities;
  readonly #driver: WorkflowDriver<A>;
  readonly #parseRequest: (request: unknown) => Target;
  readonly #calls = new Set<CallScope>();
  #closed = false;

  constructor(name: string, driver: WorkflowDriver<A>) {
    this.name = name;
    this.provider = driver.provider;
    this.capabilities = driver.capabilities;
    this.#driver = driver;
    this.#parseRequest = requestParser(driver.provider, name, driver.capabilities);
  }

  async resume(request: ResumeRequest<A>, options?: ResumeOptions): Promise<Receipt> {
    const startedMs = performance.now();
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = parseOptions(options, this.name);
    const target = this.#parseRequest(request);
    const scope = new CallScope(timeoutMs, signal);
    if (this.#closed) scope.end(closedByUser());
    this.#calls.add(scope);
    const call = new CallRecord(scope);
    try {
      return await traced({ provider: this.provider, connection: this.name, target }, async () => {
        const selection = await this.#select(target, call);
        const acceptance = await this.#send(target, selection, call);
        return this.#receiptOf(target, selection, acceptance, call, startedMs);
      });
    } finally {
      this.#calls.delete(scope);
      scope.dispose();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const scope of [...this.#calls]) scope.end(closedByUser());
    await this.#driver.close();
  }

  /** Finds what a resume without nodes stands for. Only reads: whatever fails here has no effect. */
  async #select(target: Target, call: CallRecord): Promise<Selection> {
    const driver = this.#driver;
    const needed = driver.needsDiscovery?.(target) ?? (target.action === 'resume' && target.nodes.length === 0);
    if (!driver.capabilities.discoversNodes || !needed || driver.doDiscover === undefined) {
      return { performed: target.action, nodes: target.nodes };
    }
    for (let renewed = false; ; ) {
      const attempt = new CallAttempt(call, false);
      try {
        call.scope.throwIfEnded();
        return await attempt.race(driver.doDiscover(target, attempt));
      } catch (thrown) {
        const { why, details } = detailsOf(thrown, 'unknown');
        if (this.#gate({ ...details, effect: 'none' }, renewed)) {
          renewed = true;
          continue;
        }
        throw this.#error(`looking where it stopped: ${why}`, { ...details, effect: 'none' }, target, call);
      }
    }
  }

  async #send(target: Target, selection: Selection, call: CallRecord): Promise<Acceptance> {
    for (let renewed = false; ; ) {
      const attempt = new CallAttempt(call, true);
      try {
        call.scope.throwIfEnded();
        return await attempt.race(this.#driver.doResume(target, selection, attempt));
      } catch (thrown) {
        const effectOfPhase: Effect = attempt.dispatched ? 'unknown' : 'none';
        const { why, details } = detailsOf(thrown, effectOfPhase);
        if (this.#gate(details, renewed)) {
          renewed = true;
          continue;
        }
        throw this.#error(why, details, target, call);
      } finally {
        attempt.close();
      }
    }
  }

  /** Whether one more request may leave; makes ready for it. */
  #gate(details: FailureDetails, renewed: boolean): boolean {
    const { staleCredential } = details;
    if (decide(details, renewed) === 'give-up' || staleCredential === undefined) return false;
    this.#driver.dropCredential?.(staleCredential);
    return true;
  }

  #error(why: string, details: FailureDetails, target: Target, call: CallRecord): Error {
    return resumeErrorOf(why, details, { provider: this.provider, connection: this.name, target }, call);
  }

  #receiptOf(
    { workflow, execution: previousExecution, action }: Target,
    { performed, nodes: asked }: Selection,
    { execution, nodes, nodesBasis, acceptedAt, requestId }: Acceptance,
    call: CallRecord,
    startedMs: number,
  ): Receipt {
    return {
      provider: this.provider,
      connection: this.name,
      workflow,
      previousExecution,
      execution,
      sameExecution: execution === previousExecution,
      action,
      performed,
      nodes,
      nodesBasis,
      confirmedBy: 'answer',
      ...(acceptedAt === undefined ? {} : { acceptedAt }),
      ...(requestId === undefined ? {} : { requestId }),
      attempts: call.dispatches,
      durationMs: performance.now() - startedMs,
      warnings: nodesBasis === 'reported' ? differences(asked, nodes) : [],
    };
  }
}

function differences(asked: readonly string[], restarted: readonly string[]): string[] {
  const missing = asked.filter((node) => !restarted.includes(node));
  const added = restarted.filter((node) => !asked.includes(node));
  return [
    ...(missing.length > 0 ? [`asked for but not restarted by itself: ${missing.join(', ')}`] : []),
    ...(added.length > 0 ? [`restarted although not asked for: ${added.join(', ')}`] : []),
  ];
}

function closedByUser(): CallEnded {
  return new CallEnded('CANCELLED', 'the connection was closed by close()');
}
