/** What no document says about OBS Data+: each is a guess, to be set either way. All undocumented. */
export interface ObsKnobs {
  /** How errors are written. @default 'xml' */
  readonly errorFormat: 'xml' | 'json' | 'json-error-code';
  /** Status and code that refuse to restore an instance that has not failed; borrowed from table 2. @default 409 OperationAborted */
  readonly wrongState: { readonly status: number; readonly code: string };
  /** Whether restoring a running instance is refused, as the if-and-only-if rule says, or accepted again. @default 'refuse' */
  readonly doubleRestore: 'refuse' | 'accept';
  /** Which states can be restored. @default ['FAILED'] */
  readonly restorableStates: readonly string[];
  /** The header that carries the request id. @default 'X-Request-ID' */
  readonly requestIdHeader: 'X-Request-ID' | 'x-obs-request-id';
  /** Whether a 200 says that it is JSON; the documents' sample of a restore does not. @default false */
  readonly contentType: boolean;
  /** The word for a failed node in `state_map`. @default 'FAILED' */
  readonly failedNodeStatus: string;
  /** The word for a node in `state_map` that has succeeded. @default 'SUCCESS' */
  readonly succeededNodeStatus: string;
  /**
   * Which start a node in `state_map` shows as its `started_at`: of its newest run, of its first one, or none; the
   * documents' samples leave it out for some.
   *
   * @default 'newest'
   */
  readonly stepTimes: 'newest' | 'first' | 'none';
  /** Whether a failed node says what went wrong, as `error_message`; no sample does. @default false */
  readonly showsErrors: boolean;
  /** For how long after a restore the instance is still shown as it was before, in virtual milliseconds. @default 0 */
  readonly visibilityMs: number;
  /** Whether an instance that was restored shows when, as `restored_at`. @default false */
  readonly showsRestoredAt: boolean;
}

export const DEFAULT_KNOBS: ObsKnobs = {
  errorFormat: 'xml',
  wrongState: { status: 409, code: 'OperationAborted' },
  doubleRestore: 'refuse',
  restorableStates: ['FAILED'],
  requestIdHeader: 'X-Request-ID',
  contentType: false,
  failedNodeStatus: 'FAILED',
  succeededNodeStatus: 'SUCCESS',
  stepTimes: 'newest',
  showsErrors: false,
  visibilityMs: 0,
  showsRestoredAt: false,
};
