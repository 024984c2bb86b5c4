import fc from 'fast-check';
import type { EndState, GivenRun, GlueKnobs, GlueNode, WorkflowDefinition } from '../providers/glue/emulator.js';

const REFUSALS = [
  'IllegalWorkflowStateException',
  'EntityNotFoundException',
  'InvalidInputException',
  'ValidationException',
] as const;

/** Every knob of the emulator in every setting. */
export const knobs: fc.Arbitrary<GlueKnobs> = fc.record({
  notCompleted: fc.constantFrom(...REFUSALS),
  unknownEntity: fc.constantFrom(...REFUSALS),
  unselectable: fc.constantFrom(...REFUSALS),
  unknownNode: fc.constantFrom(...REFUSALS),
  concurrency: fc.constantFrom('refused', 'error-run'),
  properties: fc.constantFrom('copied', 'defaults', 'none'),
  neverRun: fc.constantFrom('empty', 'absent', 'null', 'empty-list'),
  pendingNodes: fc.constantFrom('cleared', 'original'),
  runsOrder: fc.constantFrom('newest-first', 'oldest-first'),
  pageSize: fc.integer({ min: 1, max: 3 }),
  pageCap: fc.integer({ min: 1, max: 1000 }),
  visibilityDelayMs: fc.constantFrom(0, 5_000),
  startPreviousRunId: fc.constantFrom('absent', 'last-run'),
  statistics: fc.constantFrom('all', 'restarted'),
  copiedAttempts: fc.constantFrom('selectable', 'not-selectable'),
  stoppingMs: fc.constantFrom(0, 2_000),
  maxSkewMs: fc.constant(Number.POSITIVE_INFINITY),
  skewRefusal: fc.constantFrom('InvalidSignatureException', 'RequestExpired'),
});

const CONDITION_STATES = ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'CANCELLED'] as const;

/** A job or a crawler; of four names, so that a job and a crawler often share one. */
const reference = fc
  .tuple(fc.boolean(), fc.constantFrom('a', 'b', 'c', 'd', 'e'))
  .map(([isJob, name]) => (isJob ? { job: name } : { crawler: name }));

/** A workflow as Glue itself could hold it: whatever its triggers say, cycles included. */
export const definitions: fc.Arbitrary<WorkflowDefinition> = fc
  .uniqueArray(reference, { minLength: 1, maxLength: 8, selector: (node) => JSON.stringify(node) })
  .chain((nodes) => {
    const node = fc.constantFrom(...nodes);
    const trigger = fc.record({
      when: fc.array(fc.record({ node, state: fc.constantFrom(...CONDITION_STATES) }), { minLength: 1, maxLength: 3 }),
      logical: fc.constantFrom('AND', 'ANY'),
      start: fc.uniqueArray(node, { minLength: 1, maxLength: 3 }),
      active: fc.constantFrom(true, true, true, true, false),
    });
    return fc
      .tuple(fc.uniqueArray(node, { minLength: 1, maxLength: 3 }), fc.array(trigger, { maxLength: 9 }))
      .map(([start, triggers]): WorkflowDefinition => {
        const conditional = triggers.map((each, place) => ({ ...each, name: `t${place}` }));
        return { name: 'flow', nodes, triggers: [{ name: 'begin', start }, ...conditional] };
      });
  });

/** How nodes end, one after the other as they start: mostly well. */
export const outcomes = fc.array(
  fc.record({
    job: fc.constantFrom<EndState>(
      'SUCCEEDED',
      'SUCCEEDED',
      'SUCCEEDED',
      'FAILED',
      'TIMEOUT',
      'ERROR',
      'STOPPED',
      'EXPIRED',
    ),
    crawler: fc.constantFrom<EndState>('SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'ERROR'),
    durationMs: fc.constantFrom(0, 100, 250, 1_000),
    startingMs: fc.constantFrom(0, 50),
    retries: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { minLength: 1, maxLength: 8 },
);
export type Outcome = typeof outcomes extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

const WORDS = ['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'FAILED', 'STOPPED', 'TIMEOUT', 'CANCELLED', 'ERROR'];
const time = fc.option(fc.constantFrom(100, 200, 200.5, 300), { nil: undefined, freq: 60 });
const word = fc.oneof({ weight: 80, arbitrary: fc.constantFrom(...WORDS) }, fc.constantFrom('RUNNING', 'PUZZLED'));
const name = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 12 });
const none = fc.constantFrom(undefined, null, {});

const jobRun = fc.record({ JobRunState: word, Attempt: fc.nat(2), StartedOn: time, CompletedOn: time });
const jobDetails = fc.oneof(
  { weight: 1, arbitrary: none },
  { weight: 4, arbitrary: fc.array(jobRun, { maxLength: 3 }).map((JobRuns) => ({ JobRuns })) },
);
const crawl = fc.record({ State: word, StartedOn: time, CompletedOn: time });
const crawlerDetails = fc.oneof(
  { weight: 1, arbitrary: none },
  { weight: 4, arbitrary: fc.array(crawl, { maxLength: 2 }).map((Crawls) => ({ Crawls })) },
);
const condition = fc.record(
  {
    LogicalOperator: fc.constantFrom('EQUALS', 'EQUALS', 'DIFFERS'),
    JobName: name,
    State: fc.option(word, { nil: undefined }),
    CrawlerName: fc.option(name, { nil: undefined, freq: 2 }),
    CrawlState: fc.option(word, { nil: undefined }),
  },
  { requiredKeys: [] },
);
const triggerDetails = fc.oneof(
  none,
  fc
    .record(
      {
        Type: fc.constantFrom('CONDITIONAL', 'CONDITIONAL', 'CONDITIONAL', 'ON_DEMAND', 'SURPRISE'),
        State: fc.constantFrom('ACTIVATED', 'ACTIVATED', 'DEACTIVATED', 'CREATED'),
        Predicate: fc.record(
          { Logical: fc.constantFrom('AND', 'ANY', 'XOR'), Conditions: fc.array(condition, { maxLength: 3 }) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    .map((Trigger) => ({ Trigger })),
);

const node = (id: number) =>
  fc
    .tuple(
      fc.constantFrom(
        ...Array<string>(16).fill('JOB'),
        ...Array<string>(6).fill('CRAWLER'),
        ...Array<string>(16).fill('TRIGGER'),
        'NOTEBOOK',
      ),
      name,
      jobDetails,
      crawlerDetails,
      triggerDetails,
    )
    .map(([Type, Name, JobDetails, CrawlerDetails, TriggerDetails]) => {
      const details = Type === 'JOB' ? { JobDetails } : Type === 'CRAWLER' ? { CrawlerDetails } : { TriggerDetails };
      return { Type, Name, UniqueId: `n${id}`, ...details } as GlueNode;
    });

/** A run with any graph: cycles, equal names, words nobody knows, details that are missing, edges that lead nowhere. */
export const givenRuns: fc.Arbitrary<GivenRun> = fc.integer({ min: 0, max: 10 }).chain((size) => {
  const end = fc.integer({ min: 0, max: size }).map((id) => `n${id}`);
  return fc
    .record({
      Nodes: fc.tuple(...Array.from({ length: size }, (_, id) => node(id))),
      Edges: fc.array(fc.record({ SourceId: end, DestinationId: end }), { maxLength: 2 * size }),
      status: fc.constantFrom(
        ...Array(12).fill('COMPLETED'),
        'RUNNING',
        'STOPPED',
        'ERROR',
        'DREAMING',
      ) as fc.Arbitrary<string>,
      twin: fc.constantFrom(...Array(20).fill(false), true) as fc.Arbitrary<boolean>,
    })
    .map(({ Nodes, Edges, status, twin }) => {
      const [first] = Nodes;
      return {
        status,
        graph: { Nodes: twin && first !== undefined ? [...Nodes, first] : Nodes, Edges },
        startedMs: 50_000,
      };
    });
});
