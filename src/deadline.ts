/** Why a call ended before it had an answer: its time was up, or its caller (or `close()`) gave up on it. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';
  readonly code: 'DEADLINE_EXCEEDED' | 'CANCELLED';

  constructor(code: CallEnded['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/**
 * The life of one call: joins the caller's signal with a deadline, without an `AbortSignal` of its own.
 *
 * Listeners are told once, synchronously. {@link CallScope.dispose} must be called when the call has settled.
 */
export class CallScope {
  readonly #listeners = new Set<(reason: CallEnded) => void>();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onCallerAbort = (): void => this.end(callerGaveUp(this.#callerSignal));
  readonly #timer: NodeJS.Timeout | undefined;
  #reason: CallEnded | undefined;
  #controller: AbortController | undefined;

  constructor(timeoutMs: number, callerSignal?: AbortSignal) {
    this.#callerSignal = callerSignal;
    if (callerSignal?.aborted === true) {
      this.#reason = callerGaveUp(callerSignal);
      return;
    }
    callerSignal?.addEventListener('abort', this.#onCallerAbort);
    this.#timer = setTimeout(() => {
      this.end(new CallEnded('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  }

  get reason(): CallEnded | undefined {
    return this.#reason;
  }

  /** An `AbortSignal` for code that knows nothing else, made on first use. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  end(reason: CallEnded): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.dispose();
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
    this.#controller?.abort(reason);
  }

  whenEnded(listener: (reason: CallEnded) => void): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfEnded(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  async race<T>(promise: Promise<T>): Promise<T> {
    let stopListening = (): void => {};
    const ended = new Promise<never>((_resolve, reject) => {
      stopListening = this.whenEnded(reject);
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      stopListening();
    }
  }

  /** Lets go of the timer and of the caller's signal. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
  }
}

function callerGaveUp(signal: AbortSignal | undefined): CallEnded {
  const reason: unknown = signal?.reason;
  // AbortSignal.timeout() is a deadline, whoever made it.
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new CallEnded('DEADLINE_EXCEEDED', "the caller's own deadline passed", reason);
  }
  return new CallEnded('CANCELLED', 'the caller aborted the call', reason);
}
