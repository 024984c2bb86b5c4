import { CallRecord } from './attempt.js';
import { concealIn } from './conceal.js';
import type { ConnectionParts } from './connection-parts.js';
import type { ScopeLimits } from './deadline.js';
import { CallEnded, CallScope } from './deadline.js';
import { tracedLook } from './diagnostics.js';
import type { WorkflowDriver } from './driver.js';
import { ResumeError } from './errors.js';
import { errorOf, failureFrom, tracedFailureOf, withEffect } from './failure.js';
import type { Conceal } from './plan/sound-inspection.js';
import type { RetryGate } from './retry.js';
import { GivenUp } from './sending.js';
import type { ReadOptions } from './snapshot.js';
import type { Read } from './types.js';

const DEFAULT_TIMEOUT_MS = 30_000;
/** What each read asks of a driver. */
const METHODS: Readonly<Record<Read, readonly (keyof WorkflowDriver)[]>> = {
  inspect: ['doInspect'],
  plan: ['doPlan'],
  list: ['doList'],
  lineage: ['doInspect', 'doList'],
};

/** What a provider cannot do, in words. */
const WORDS: Readonly<Record<Read, string>> = {
  inspect: 'inspect executions',
  plan: 'plan a resume',
  list: 'list executions',
  lineage: 'tell where executions come from',
};

/** One call's reads. */
export interface ReadCall {
  readonly call: CallRecord;
  readonly scope: CallScope;
}

/** What ends a step of a loop. */
export interface StepOptions extends ReadOptions {
  /** Ends when the loop is left. */
  readonly left?: CallScope | undefined;
}

/** What calls that only read have in common: capability, deadline, retries, one error model. */
export class Reads {
  readonly parts: ConnectionParts;
  /** Conceals the connection's secrets in what is shown. */
  readonly conceal: Conceal;
  readonly #gate: RetryGate;
  readonly #closing: CallScope;

  /** @param closing - ends with the connection. */
  constructor(parts: ConnectionParts, gate: RetryGate, closing: CallScope) {
    this.parts = parts;
    this.conceal = (text) => concealIn(text, parts.secrets);
    this.#gate = gate;
    this.#closing = closing;
  }

  /**
   * Runs one call.
   *
   * @param doing - what for, in words: `inspecting nightly-etl / wr_1`.
   * @throws {ResumeError} without effect.
   */
  async run<T>(
    doing: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal, left }: StepOptions,
    read: (reading: ReadCall) => Promise<T>,
  ): Promise<T> {
    const { runtime, secrets } = this.parts;
    this.#gate.noteCall();
    const { name: connection, driver } = this.parts;
    const call = new CallRecord(runtime, secrets, connection);
    return await tracedLook(
      () => ({ provider: driver.provider, connection, doing }),
      () => this.#within(doing, { timeoutMs, signal, left }, (scope) => read({ call, scope })),
      (thrown) => tracedFailureOf(thrown, 'none', secrets),
    );
  }

  /**
   * Waits between two steps of a loop.
   *
   * @throws {ResumeError} without effect: CANCELLED or DEADLINE_EXCEEDED.
   */
  async pause(doing: string, delayMs: number, { signal, left }: Omit<StepOptions, 'timeoutMs'>): Promise<void> {
    await this.#within(doing, { signal, left }, (scope) => scope.sleep(delayMs));
  }

  /** An iteration over steps that are ended, too, when it is left in the middle of one. */
  loop<T>(steps: (left: CallScope) => AsyncGenerator<T, void, undefined>): AsyncIterableIterator<T, void, undefined> {
    const left = new CallScope(this.parts.runtime);
    const running = steps(left);
    const done = { done: true, value: undefined } as const;
    return {
      async next() {
        try {
          return await running.next();
        } catch (thrown) {
          if (left.reason === undefined) throw thrown;
          return done;
        }
      },
      async return() {
        left.end(new CallEnded('CANCELLED', 'the loop was left'));
        await running.return();
        return done;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** @throws {ResumeError} UNIMPLEMENTED (no effect) the provider has no such read. */
  require(read: Read): void {
    const { name: connection, driver } = this.parts;
    const { provider, capabilities } = driver;
    const isThere = METHODS[read].every((method) => driver[method] !== undefined);
    if (isThere && capabilities.reads?.includes(read) === true) return;
    throw new ResumeError(`${connection}: ${provider} cannot ${WORDS[read]} here. Nothing was sent.`, {
      code: 'UNIMPLEMENTED',
      effect: 'none',
      provider,
      connection,
    });
  }

  async #within<T>(
    doing: string,
    { timeoutMs, signal, left }: StepOptions,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const scope = this.#scope(doing, { signal, timeoutMs, parent: this.#closing });
    const stay = left?.whenEnded((reason) => scope.end(reason));
    try {
      scope.throwIfEnded();
      return await scope.race(work(scope));
    } catch (thrown) {
      // One of several reads at a time has failed: the others are of no use.
      scope.end(new CallEnded('CANCELLED', 'the call has failed'));
      throw this.#errorOf(doing, thrown);
    } finally {
      stay?.();
      scope.dispose();
    }
  }

  /** @throws {ResumeError} without effect: the caller's signal cannot be listened to. */
  #scope(doing: string, limits: ScopeLimits): CallScope {
    try {
      return new CallScope(this.parts.runtime, limits);
    } catch (thrown) {
      throw this.#errorOf(doing, thrown);
    }
  }

  /** @returns an error without effect, whatever was thrown. */
  #errorOf(doing: string, thrown: unknown): ResumeError {
    if (ResumeError.isInstance(thrown)) return thrown;
    const failure = thrown instanceof GivenUp ? thrown.failure : failureFrom(thrown, 'unknown');
    return errorOf({
      doing,
      consequence: 'This call only reads.',
      failure: withEffect(failure, 'none'),
      connection: this.parts,
      call: { secrets: this.parts.secrets, dispatches: 0 },
    });
  }
}
