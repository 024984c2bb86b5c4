import { obsErrorTable } from '../../providers/obs/errors.js';
import type { Acceptance, Attempt, Discovery, Finding, LostResume, Selection, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import { failureOf } from '../../src/http/verdict.js';
import type { ResumeRequest } from '../../src/types.js';
import { BEGIN_MS } from './clock.js';
import { MODEL } from './model.js';
import { ModelDriver, NO_BODY } from './model-driver.js';
import type { ModelExchange } from './model-exchange.js';
import type { Commit, ModelAnswer, ModelService, Refusal } from './service.js';
import type { ServiceParts } from './service-parts.js';
import type { SimulatedProcess } from './simulated-process.js';
import { Timeline } from './timeline.js';

type State = 'FAILED' | 'RUNNING' | 'SUCCESS';

const TABLE = obsErrorTable('unknown');
const SELECTION: Selection = { performed: 'resume', nodes: [] };

/** OBS-like: the same id goes on, and only a state says that it did: FAILED, RUNNING, then SUCCESS or FAILED again. */
export class ObsModel implements ModelService {
  readonly provider = 'obs';
  readonly mintsExecutions = false;
  readonly earlier = [];
  readonly #parts: ServiceParts;
  readonly #states = new Map<string, Timeline<State>>();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  fits(): boolean {
    return true;
  }

  resume(target: string, _selection: Selection, by: Commit['by']): Commit | Refusal {
    const { clock, chance } = this.#parts;
    const states = this.#of(target);
    const nowMs = clock.nowMs;
    if (states.at(nowMs) !== 'FAILED') return { refused: `it is ${states.at(nowMs)}` };
    const { seenFromMs } = states.change('RUNNING', nowMs, this.#parts.lagMs());
    const fails = chance.happens(MODEL.failsAgain);
    const ended = states.change(fails ? 'FAILED' : 'SUCCESS', nowMs + this.#parts.runMs(), this.#parts.lagMs());
    const seenUntilMs = fails ? ended.seenFromMs : Number.POSITIVE_INFINITY;
    return { execution: target, target, atMs: nowMs, seenFromMs, seenUntilMs, performed: 'resume', nodes: [], by };
  }

  seen(target: string): State {
    return this.#of(target).seenAt(this.#parts.clock.nowMs);
  }

  strangerSelection(): Selection {
    return SELECTION;
  }

  requestFor(target: string): ResumeRequest {
    return { workflow: 'w', execution: target };
  }

  driverFor(_process: SimulatedProcess, exchange: ModelExchange): ObsModelDriver {
    return new ObsModelDriver(exchange, this);
  }

  judge(answer: ModelAnswer): Error {
    const own = (status: number, providerCode: string | undefined, headers = {}): Error =>
      failureOf(
        { status, headers, body: NO_BODY },
        providerCode === undefined ? undefined : { providerCode },
        TABLE,
        'r-1',
      );
    switch (answer.kind) {
      case 'bad':
        return own(answer.answer.status, answer.answer.own === undefined ? undefined : OWN_WORDS[answer.answer.own]);
      case 'state':
        return own(409, 'OperationAborted');
      case 'denied':
        return own(403, 'AccessDenied');
      case 'throttled':
        return own(429, 'SYS.0011', answer.retryAfterS === undefined ? {} : { 'retry-after': `${answer.retryAfterS}` });
      case 'credential':
        return own(403, 'InvalidAccessKeyId');
    }
  }

  #of(target: string): Timeline<State> {
    let states = this.#states.get(target);
    if (states === undefined) {
      const state = this.#parts.chance.oneOf({ RUNNING: 0.03, SUCCESS: 0.02 }, 'FAILED');
      states = new Timeline<State>(state, BEGIN_MS - 60_000);
      if (state === 'RUNNING') states.change('FAILED', BEGIN_MS + this.#parts.runMs(), this.#parts.lagMs());
      this.#states.set(target, states);
    }
    return states;
  }
}

const OWN_WORDS = { internal: 'InternalError', unavailable: 'ServiceUnavailable', timeout: 'RequestTimeout' } as const;

class ObsModelDriver extends ModelDriver {
  readonly provider = 'obs';
  readonly #service: ObsModel;

  constructor(exchange: ModelExchange, service: ObsModel) {
    super(exchange);
    this.#service = service;
  }

  needsDiscovery(_target: Target, readBack: boolean): boolean {
    return readBack;
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const state = await this.exchange.discover(target, attempt, () => this.#service.seen(target.execution));
    if (state !== 'FAILED') {
      throw new DriverFailure(`it is ${state}`, { code: 'FAILED_PRECONDITION', effect: 'none' });
    }
    return { ...SELECTION, baseline: { state } };
  }

  async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const { execution } = await this.exchange.send(target, selection, attempt);
    return { execution, nodes: [], nodesBasis: 'expected' };
  }

  protected async find(
    { execution }: Target,
    _selection: Selection,
    { baseline }: LostResume,
    attempt: Attempt,
  ): Promise<Finding> {
    const state = await this.exchange.read(attempt, 'read-back: reading', () => this.#service.seen(execution));
    if (baseline?.['state'] !== 'FAILED') return { found: 'nothing', seen: `it is ${state}, and was not read before` };
    if (state === 'FAILED') return { found: 'nothing', seen: 'it is FAILED' };
    return { found: 'resumed', acceptance: { execution, nodes: [], nodesBasis: 'expected' } };
  }
}
