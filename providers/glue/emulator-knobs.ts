/** A refusal that the resume operation declares, or that any Glue operation may give. */
export type GlueRefusalName =
  | 'IllegalWorkflowStateException'
  | 'EntityNotFoundException'
  | 'InvalidInputException'
  | 'ValidationException';

/**
 * What no document says about Glue: each point is a guess that a test can turn, numbered K1 to K13. They can be
 * changed while the emulator runs and hold from the next request on.
 */
export interface GlueKnobs {
  /** K1, undocumented: how a run that is not COMPLETED is refused. @default 'IllegalWorkflowStateException' */
  notCompleted: GlueRefusalName;
  /** K2, inferred from the error's text: how an unknown workflow or run is refused. @default 'EntityNotFoundException' */
  unknownEntity: GlueRefusalName;
  /** K3, undocumented: how a trigger, a node that was never attempted, or no node at all is refused. @default 'InvalidInputException' */
  unselectable: GlueRefusalName;
  /** K4, undocumented: how a node id that is not in the run's graph is refused. @default 'EntityNotFoundException' */
  unknownNode: GlueRefusalName;
  /**
   * K5, undocumented: at MaxConcurrentRuns a start or resume is refused with ConcurrentRunsExceededException, or
   * accepted as a run that ends at once in ERROR with the message that Glue documents.
   *
   * @default 'refused'
   */
  concurrency: 'refused' | 'error-run';
  /** K6, undocumented: the run properties of a resumed run: the old run's, the workflow's defaults, or none. @default 'copied' */
  properties: 'copied' | 'defaults' | 'none';
  /**
   * K7, half documented: the details of a node that has not run: `{}` (as recorded), no member, null (as the guide
   * says), or an empty list.
   *
   * @default 'empty'
   */
  neverRun: 'empty' | 'absent' | 'null' | 'empty-list';
  /** K8, undocumented: what a node shows in a resumed run before it has run again. @default 'cleared' */
  pendingNodes: 'cleared' | 'original';
  /** K9, undocumented: the order of GetWorkflowRuns. @default 'newest-first' */
  runsOrder: 'newest-first' | 'oldest-first';
  /** K9, undocumented: the page size where a request names none. @default 25 */
  pageSize: number;
  /** K9, undocumented: the size that no page exceeds, whatever a request names. @default 1000 */
  pageCap: number;
  /** K10, undocumented: when a new run shows in GetWorkflowRuns and LastRun, in virtual milliseconds. @default 0 */
  visibilityDelayMs: number;
  /** K11, undocumented: the PreviousRunId of a run that was started, not resumed. @default 'absent' */
  startPreviousRunId: 'absent' | 'last-run';
  /** K12, undocumented: whether the statistics of a resumed run count the nodes that it copied. @default 'all' */
  statistics: 'all' | 'restarted';
  /** K13, undocumented: whether a node that a resumed run only copied can be selected in that run. @default 'selectable' */
  copiedAttempts: 'selectable' | 'not-selectable';
  /** Undocumented but for "up to about a minute": from STOPPING to STOPPED, in virtual milliseconds. @default 2000 */
  stoppingMs: number;
  /** Undocumented for Glue: how old or new a signature may be, by the virtual clock; Infinity for any. @default 300000 */
  maxSkewMs: number;
  /** Undocumented for Glue: how a signature outside of that is refused. @default 'InvalidSignatureException' */
  skewRefusal: 'InvalidSignatureException' | 'RequestExpired';
}

/** The guesses that fit best with what was recorded in public. */
export const DEFAULT_KNOBS: Readonly<GlueKnobs> = {
  notCompleted: 'IllegalWorkflowStateException',
  unknownEntity: 'EntityNotFoundException',
  unselectable: 'InvalidInputException',
  unknownNode: 'EntityNotFoundException',
  concurrency: 'refused',
  properties: 'copied',
  neverRun: 'empty',
  pendingNodes: 'cleared',
  runsOrder: 'newest-first',
  pageSize: 25,
  pageCap: 1000,
  visibilityDelayMs: 0,
  startPreviousRunId: 'absent',
  statistics: 'all',
  copiedAttempts: 'selectable',
  stoppingMs: 2000,
  maxSkewMs: 300_000,
  skewRefusal: 'InvalidSignatureException',
};
