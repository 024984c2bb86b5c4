import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer } from '../../src/testing/faults.js';

const SERVER_FAULTS: ReadonlySet<string> = new Set(['InternalServiceException', 'InternalFailure']);

/** An answer in awsJson1_1. */
function glueAnswer(body: object, status = 200): EmulatedAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': randomUUID() },
    body: JSON.stringify(body),
  };
}

/**
 * An error as Glue answers it, ready for the `answer` of a fault.
 *
 * @param status - @default 500 for Glue's own failures (InternalServiceException), otherwise 400
 */
export function glueError(type: string, message: string, status?: number): EmulatedAnswer {
  return glueAnswer({ __type: type, Message: message }, status ?? (SERVER_FAULTS.has(type) ? 500 : 400));
}

/** Ends an operation that Glue refuses. */
export class Refusal extends Error {
  readonly answer: EmulatedAnswer;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.name = 'Refusal';
    this.answer = glueError(type, message);
  }
}

/** What an operation answers, or how it is refused. */
export function answerOf(operation: () => object): EmulatedAnswer {
  try {
    return glueAnswer(operation());
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}
