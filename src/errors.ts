/** gRPC's code names: what went wrong. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'CANCELLED'
  | 'UNIMPLEMENTED'
  | 'ABORTED'
  | 'INTERNAL';

/**
 * What the call may have done to the workflow.
 *
 * `none` is a promise: the resume provably did not happen. `unknown` means that it may or may not have happened.
 */
export type Effect = 'none' | 'unknown';

/** One thing wrong with what the caller passed in. */
export interface Problem {
  /** The option or request field, as a path: `nodes[1]`, `credentials.accessKeyId`. */
  readonly field: string;
  /** What is wrong with it and what to do. */
  readonly message: string;
}

/** What a {@link ResumeError} is made of. */
export interface ResumeErrorDetails {
  readonly code: ErrorCode;
  readonly effect: Effect;
  readonly provider?: string | undefined;
  readonly connection?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly attempts?: number | undefined;
  readonly problems?: readonly Problem[] | undefined;
  readonly intent?: string | undefined;
  readonly cause?: unknown;
}

const MARK = Symbol.for('resumable-workflow.ResumeError');

/**
 * The one error of this library: a cause (`code`) and, on a second axis, what the call may have done (`effect`).
 *
 * With `effect: 'none'` it is safe to call again once the cause is mended. With `effect: 'unknown'` it is not: look at
 * the execution first.
 */
export class ResumeError extends Error {
  override readonly name = 'ResumeError';
  readonly code: ErrorCode;
  readonly effect: Effect;
  /** The vendor's service, such as `glue`. */
  readonly provider: string | undefined;
  /** The name of the configured connection, such as `glue-eu`. */
  readonly connection: string | undefined;
  /** The HTTP status of the provider's answer, where there was one. */
  readonly httpStatus: number | undefined;
  /** The provider's own error code, such as `IllegalWorkflowStateException`. */
  readonly providerCode: string | undefined;
  /** The provider's id of the request, for a support case. */
  readonly requestId: string | undefined;
  /** How long the provider asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** How many requests that could have resumed something were handed to a connection. */
  readonly attempts: number;
  /** The ledger's id of the unsettled intent that this is about: what to reconcile or settle. */
  readonly intent: string | undefined;
  /** Every problem of a refused input, all at once; empty for other errors. */
  readonly problems: readonly Problem[];

  constructor(message: string, details: ResumeErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.effect = details.effect;
    this.provider = details.provider;
    this.connection = details.connection;
    this.httpStatus = details.httpStatus;
    this.providerCode = details.providerCode;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.attempts = details.attempts ?? 0;
    this.intent = details.intent;
    this.problems = details.problems ?? [];
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Whether a value is a `ResumeError`, also one made by another copy of this package. */
  static isInstance(value: unknown): value is ResumeError {
    return typeof value === 'object' && value !== null && (value as { [MARK]?: unknown })[MARK] === true;
  }

  /** A plain object for logs: no cause, no stack. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, effect, provider, connection, httpStatus, providerCode, requestId } = this;
    const { retryAfterMs, attempts, intent, problems } = this;
    return {
      name,
      message,
      code,
      effect,
      provider,
      connection,
      httpStatus,
      providerCode,
      requestId,
      retryAfterMs,
      attempts,
      intent,
      ...(problems.length > 0 ? { problems } : {}),
    };
  }
}
