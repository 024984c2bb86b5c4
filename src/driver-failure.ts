import type { FailureDetails } from './driver.js';

/** How a driver says why an attempt failed. The portable type turns it into the caller's `ResumeError`. */
export class DriverFailure extends Error {
  override readonly name = 'DriverFailure';
  readonly details: FailureDetails;

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
  }
}
