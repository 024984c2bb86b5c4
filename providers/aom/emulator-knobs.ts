/** What no document says about AOM's operations: each default is a guess, to be set either way. All undocumented. */
export interface AomKnobs {
  /**
   * How an operation that does not fit the node's state is refused, and one on an unknown workflow, execution or node.
   * The first is borrowed from terminate and execute (400 AOM.31001418, 404 AOM.31001306), the second is the one
   * failure that the operation itself documents.
   *
   * @default '400/31001418'
   */
  wrongState: '400/31001418' | '500/31001405';
  /** What `result` is: the schema says object, the example is a string. @default 'string' */
  result: 'string' | 'object' | 'missing';
  /** The documents' examples have both. @default 'error_msg' */
  errorMessageKey: 'error_msg' | 'error_message';
  /** The documents' examples have all three. @default 'number' */
  httpCodeStyle: 'number' | 'string' | 'htp_code';
  /** Whether an operation on a node that it has already set going is refused or accepted again. @default 'refuse' */
  doubleSubmit: 'refuse' | 'accept';
  /** For how long after an operation the execution is still shown as it was before, in virtual milliseconds. @default 0 */
  visibilityMs: number;
  /** Whether a detail has a `workflow_snapshot`: it is in the example and not in the schema. @default true */
  showsSnapshot: boolean;
  /** Whether every run of a node stays in `execution_result_list`, or its newest one only. @default 'all' */
  keepsRuns: 'all' | 'newest';
  /** The word for a node that failed; only "success" is documented for a node. @default 'fail' */
  failedNodeStatus: string;
  /** The word for a node that was skipped. @default 'skipped' */
  skippedNodeStatus: string;
  /** The word for an execution in which failures were ignored; the documents' example has "fail". @default 'fail' */
  ignoredErrors: string;
  /** The keys of a history are not the same in its example and in its schema. @default 'example' */
  historyKeys: 'example' | 'schema';
  /** Whether answers say that they are JSON. @default true */
  contentType: boolean;
  /** The header that carries the request id. @default 'X-Request-Id' */
  requestIdHeader: string;
  /** How long a token lives, in milliseconds; 24 hours are documented. @default 86400000 */
  tokenLifetimeMs: number;
  /** How long a token is, in characters; up to 40 KB are documented. @default 2048 */
  tokenLength: number;
}

export const DEFAULT_KNOBS: AomKnobs = {
  wrongState: '400/31001418',
  result: 'string',
  errorMessageKey: 'error_msg',
  httpCodeStyle: 'number',
  doubleSubmit: 'refuse',
  visibilityMs: 0,
  showsSnapshot: true,
  keepsRuns: 'all',
  failedNodeStatus: 'fail',
  skippedNodeStatus: 'skipped',
  ignoredErrors: 'fail',
  historyKeys: 'example',
  contentType: true,
  requestIdHeader: 'X-Request-Id',
  tokenLifetimeMs: 24 * 60 * 60_000,
  tokenLength: 2048,
};
