import type { Dispatcher } from 'undici';
import { CallEnded } from '../deadline.js';
import type { Attempt } from '../driver.js';
import { DriverFailure } from '../driver-failure.js';
import type { HttpAnswer, HttpRequest } from './message.js';
import { ReceivedAnswer } from './received-answer.js';

const NO_BODY = Buffer.alloc(0);
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * One request and its answer over undici's dispatch interface, which tells the one moment that decides about the
 * effect: `onConnect` fires right before the first byte is written to an established connection.
 *
 * The interface is the one that undici 7 itself speaks and calls deprecated: the other one (`onRequestStart`, at the same
 * moment) is wrapped in this one for every request, and makes text of every header: docs/decisions/2026-11-28-undici-handler.md.
 */
export class Exchange<T> implements Dispatcher.DispatchHandler {
  /** What the answer was understood as. */
  readonly result: Promise<T>;
  readonly #attempt: Attempt;
  readonly #request: HttpRequest;
  readonly #understood: (answer: HttpAnswer) => T;
  readonly #stopListening: (() => void) | undefined;
  /** Most answers come in one piece. */
  #first: Buffer | undefined;
  #all: Buffer[] | undefined;
  #resolve!: (result: T) => void;
  #reject!: (error: Error) => void;
  #abort: ((reason: Error) => void) | undefined;
  #status: number | undefined;
  #rawHeaders: Buffer[] = [];
  #bytes = 0;
  #settled = false;

  /** @param understood - is asked once, at the end of the answer; what it throws is what the result is rejected with. */
  constructor(attempt: Attempt, request: HttpRequest, understood: (answer: HttpAnswer) => T) {
    this.#attempt = attempt;
    this.#request = request;
    this.#understood = understood;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopListening = attempt.whenEnded((reason) => this.#fail(reason));
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    try {
      // Judged while it waited for a connection: it must not leave any more.
      if (this.#settled) throw new Error('the call has ended');
      this.#attempt.dispatch(this.#request);
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      this.#fail(error);
      abort(error);
    }
  }

  /** @returns whether undici is to read on, as from {@link onData}: always. */
  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (status >= 200) {
      this.#status = status;
      this.#rawHeaders = rawHeaders;
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    const { maxBodyBytes = MAX_BODY_BYTES } = this.#request;
    if (this.#bytes > maxBodyBytes) {
      this.#fail(new Error(`the answer's body is larger than ${maxBodyBytes} bytes`));
      return true;
    }
    if (this.#first === undefined) this.#first = chunk;
    else if (this.#all === undefined) this.#all = [this.#first, chunk];
    else this.#all.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#settled || this.#status === undefined) return;
    this.#settle();
    const body = this.#all === undefined ? (this.#first ?? NO_BODY) : Buffer.concat(this.#all);
    try {
      this.#resolve(this.#understood(new ReceivedAnswer(this.#status, this.#rawHeaders, body)));
    } catch (thrown) {
      this.#reject(thrown as Error);
    }
  }

  onError(error: Error): void {
    this.#fail(error);
  }

  #fail(cause: Error): void {
    if (this.#settled) return;
    this.#settle();
    // The attempt's own word counts: an earlier request of the same attempt may have left.
    this.#reject(this.#attempt.dispatched ? lostAfterSending(cause, this.#status) : failedBeforeSending(cause));
    this.#abort?.(cause);
  }

  #settle(): void {
    this.#settled = true;
    // Not there while the constructor runs: a call that has ended already tells its listener at once.
    this.#stopListening?.();
  }
}

function failedBeforeSending(cause: Error): DriverFailure {
  const code =
    cause instanceof CallEnded
      ? cause.code
      : (cause as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG'
        ? 'INVALID_ARGUMENT'
        : 'UNAVAILABLE';
  const why =
    cause instanceof CallEnded ? `${cause.message}, and nothing had been sent` : `no connection: ${reasonOf(cause)}`;
  return new DriverFailure(why, { code, effect: 'none', cause });
}

function lostAfterSending(cause: Error, status: number | undefined): DriverFailure {
  if (cause instanceof CallEnded) {
    return new DriverFailure(`${cause.message} after the request had been sent`, {
      code: cause.code,
      effect: 'unknown',
      httpStatus: status,
      cause,
    });
  }
  if (status === undefined) {
    return new DriverFailure(`the connection was lost after the request had been sent (${reasonOf(cause)})`, {
      code: 'UNAVAILABLE',
      effect: 'unknown',
      cause,
    });
  }
  return new DriverFailure(`answered ${status}, but the answer could not be read to its end (${reasonOf(cause)})`, {
    code: 'INTERNAL',
    effect: 'unknown',
    httpStatus: status,
    cause,
  });
}

/** Node packs the attempts to several addresses of one host into an AggregateError without a message. */
function reasonOf(error: Error): string {
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join('; ');
}
