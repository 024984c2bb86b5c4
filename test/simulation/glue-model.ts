import { glueErrors } from '../../providers/glue/errors.js';
import type { ListedRun, WorkflowRun } from '../../providers/glue/wire.js';
import type { Selection } from '../../src/driver.js';
import { failureOf } from '../../src/http/verdict.js';
import type { ResumeRequest } from '../../src/types.js';
import type { Chance } from './chance.js';
import { BEGIN_MS } from './clock.js';
import { GlueModelDriver } from './glue-model-driver.js';
import { MODEL } from './model.js';
import { NO_BODY } from './model-driver.js';
import type { ModelExchange } from './model-exchange.js';
import type { Commit, ModelAnswer, ModelService, Refusal } from './service.js';
import type { ServiceParts } from './service-parts.js';
import type { SimulatedProcess } from './simulated-process.js';

interface Run {
  readonly commit: Commit;
  /** By the service's clock, in seconds. */
  readonly startedOn: number;
  readonly endsAtMs: number;
  /** How long after the run its first nodes start, and how long after the listing it can be read by its id. */
  readonly nodesAfterMs: number;
  readonly readableAfterMs: number;
}

/** The graph of every run: n1 → n2, and n3 beside them. */
const NODES = ['n1', 'n2', 'n3'] as const;
const EDGES = [{ SourceId: 'n1', DestinationId: 'n2' }];

/** Glue-like: every resume mints a run, which names its parent and shows in the listing after a lag. */
export class GlueModel implements ModelService {
  readonly provider = 'glue';
  readonly mintsExecutions = true;
  readonly earlier: Commit[] = [];
  readonly #parts: ServiceParts;
  readonly #runs: Run[] = [];
  readonly #serverAheadMs: number;
  readonly #oneAtATime: boolean;
  readonly #wholeSeconds: boolean;

  constructor(parts: ServiceParts) {
    const { chance } = parts;
    this.#parts = parts;
    this.#serverAheadMs = chance.between(MODEL.serverAheadMs.least, MODEL.serverAheadMs.most);
    this.#oneAtATime = chance.happens(MODEL.glue.oneRunAtATime);
    this.#wholeSeconds = chance.happens(MODEL.glue.wholeSeconds);
    for (let earlier = chance.pick([0, 0, 1, 2, 3]); earlier > 0; earlier -= 1) {
      const sinceBeginMs = -chance.acrossMagnitudes(200, 7_000_000_000);
      this.earlier.push(this.#add('x1', { performed: 'resume', nodes: ['n1'] }, 'stranger', sinceBeginMs));
    }
  }

  fits(commit: Commit, { nodes }: Selection): boolean {
    return [...commit.nodes].sort().join() === [...nodes].sort().join();
  }

  resume(target: string, selection: Selection, by: Commit['by']): Commit | Refusal {
    const nowMs = this.#parts.clock.nowMs;
    if (this.#oneAtATime && this.#runs.some(({ commit, endsAtMs }) => commit.target === target && endsAtMs > nowMs)) {
      return { refused: 'it runs already' };
    }
    return this.#add(target, selection, by, 0);
  }

  /** What one page of a listing shows now. A run stays on its page, whatever becomes visible meanwhile. */
  listed(page: number): ListedRun[] {
    const nowMs = this.#parts.clock.nowMs;
    return this.#runs
      .filter(({ commit }, place) => place % MODEL.glue.runsPages === page - 1 && commit.seenFromMs <= nowMs)
      .map(({ commit, startedOn }) => {
        return { WorkflowRunId: commit.execution, PreviousRunId: commit.target, StartedOn: startedOn };
      });
  }

  /** A run with its graph; undefined where it cannot be read yet. */
  read(id: string): WorkflowRun | undefined {
    const nowMs = this.#parts.clock.nowMs;
    const run = this.#runs.find(({ commit }) => commit.execution === id);
    if (run === undefined || run.commit.seenFromMs + run.readableAfterMs > nowMs) return undefined;
    const { commit, startedOn, endsAtMs, nodesAfterMs } = run;
    const isStarted = nowMs >= commit.atMs + nodesAfterMs;
    const longAgo = startedOn - 3_600;
    return {
      WorkflowRunId: id,
      Status: endsAtMs > nowMs ? 'RUNNING' : 'COMPLETED',
      Graph: {
        Nodes: NODES.map((node) => {
          const restarted = isStarted && commit.nodes.includes(node);
          const startedAt = restarted ? startedOn + nodesAfterMs / 1_000 : longAgo;
          return { Type: 'JOB', UniqueId: node, JobDetails: { JobRuns: [attemptAt(startedAt, restarted)] } };
        }),
        Edges: EDGES,
      },
    };
  }

  /** The header `Date` of an answer that is written now. */
  date(): string {
    return new Date(this.#serverMs(this.#parts.clock.nowMs)).toUTCString();
  }

  strangerSelection(): Selection {
    const { chance } = this.#parts;
    return { performed: 'resume', nodes: chance.happens(MODEL.glue.strangerOtherNodes) ? ['n3'] : ['n1'] };
  }

  requestFor(target: string, other: boolean, chance: Chance): ResumeRequest {
    const request = { workflow: 'w', execution: target } as const;
    if (!other && chance.happens(0.7)) return request;
    const nodes = chance.pick(['n1', 'n3', 'n1 n3']).split(' ');
    return { ...request, action: chance.pick(['resume', 'restart']), nodes };
  }

  driverFor(process: SimulatedProcess, exchange: ModelExchange): GlueModelDriver {
    return new GlueModelDriver(process, exchange, this);
  }

  judge(answer: ModelAnswer): Error {
    const own = (status: number, providerCode: string | undefined, headers = {}): Error => {
      const error = providerCode === undefined ? undefined : { providerCode };
      return failureOf({ status, headers, body: NO_BODY }, error, glueErrors, 'r-1');
    };
    switch (answer.kind) {
      case 'bad':
        return own(answer.answer.status, answer.answer.own === undefined ? undefined : OWN_WORDS[answer.answer.own]);
      case 'state':
        return own(400, 'ConcurrentRunsExceededException');
      case 'denied':
        return own(400, 'AccessDeniedException');
      case 'throttled':
        return answer.retryAfterS === undefined
          ? own(400, 'ThrottlingException')
          : own(429, 'TooManyRequestsException', { 'retry-after': `${answer.retryAfterS}` });
      case 'credential':
        return own(400, 'ExpiredTokenException');
    }
  }

  #add(target: string, { performed, nodes }: Selection, by: Commit['by'], sinceBeginMs: number): Commit {
    const { chance, clock } = this.#parts;
    const atMs = sinceBeginMs < 0 ? BEGIN_MS + sinceBeginMs : clock.nowMs;
    const lagMs = this.#parts.lagMs();
    const execution = `${target}-run${this.#runs.length + 1}`;
    const common = { execution, target, atMs, performed, nodes, by };
    const commit = { ...common, seenFromMs: atMs + lagMs, seenUntilMs: Number.POSITIVE_INFINITY };
    const seconds = (this.#serverMs(atMs) + chance.between(0, MODEL.serverClocksApartMs)) / 1_000;
    this.#runs.push({
      commit,
      startedOn: this.#wholeSeconds ? Math.floor(seconds) : seconds,
      endsAtMs: atMs + this.#parts.runMs(),
      nodesAfterMs: chance.between(0, 3_000),
      readableAfterMs: chance.happens(0.2) ? chance.between(0, 2_000) : 0,
    });
    return commit;
  }

  #serverMs(atMs: number): number {
    return atMs + this.#serverAheadMs;
  }
}

const OWN_WORDS = {
  internal: 'InternalServiceException',
  unavailable: 'ServiceUnavailable',
  timeout: 'OperationTimeoutException',
} as const;

function attemptAt(startedOn: number, restarted: boolean) {
  return {
    JobRunState: restarted ? 'RUNNING' : 'FAILED',
    Attempt: 0,
    StartedOn: startedOn,
    CompletedOn: restarted ? undefined : startedOn + 60,
  };
}
